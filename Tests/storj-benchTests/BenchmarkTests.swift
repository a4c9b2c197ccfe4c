import Testing
import storj_bench

// One after the other: some share a store that is made once.
@Suite(.serialized) struct BenchmarkTests {
    @Test(arguments: Benchmark.all.map(\.name))
    func `every benchmark computes the same twice`(name: String) async throws {
        let benchmark = try #require(Benchmark.all.first { $0.name == name })
        let first = try await benchmark.run(.tiny)
        let second = try await benchmark.run(.tiny)
        #expect(first.digest == second.digest)
        // A process that has had the memory already, for other tests, needs no more of it.
        #expect(first.figure > 0 || name.hasSuffix("memory"))
    }

    @Test func `names are unique`() {
        #expect(Set(Benchmark.all.map(\.name)).count == Benchmark.all.count)
    }
}
