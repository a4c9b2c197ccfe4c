import ClientCommands
import Testing

@Suite struct LookAheadTests {
    private struct Broken: Error {}

    @Test(arguments: [1, 2, 7, 1000])
    func `everything arrives once and in order, however little room there is`(capacity: Int) async throws {
        let queue = LookAhead<Int>(capacity: capacity)
        async let finding: Void = {
            for number in 0..<500 { try await queue.put(number) }
            queue.finish()
        }()
        var taken: [Int] = []
        while let number = try await queue.next() { taken.append(number) }
        try await finding
        #expect(taken == Array(0..<500))
    }

    @Test func `many takers share the work`() async throws {
        let queue = LookAhead<Int>(capacity: 3)
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var sum = 0
                    while let number = try await queue.next() { sum += number }
                    return sum
                }
            }
            for number in 1...1000 { try await queue.put(number) }
            queue.finish()
            return try await group.reduce(0, +)
        }
        #expect(sum == 500_500)
    }

    @Test func `a failure of the finder comes after what it had found`() async throws {
        let queue = LookAhead<Int>(capacity: 5)
        try await queue.put(1)
        queue.finish(Broken())
        #expect(try await queue.next() == 1)
        await #expect(throws: Broken.self) { try await queue.next() }
        await #expect(throws: CancellationError.self) { try await queue.put(2) }
    }

    @Test func `those who wait are let go when they are cancelled`() async {
        let queue = LookAhead<Int>(capacity: 1)
        let taker = Task { try await queue.next() }
        taker.cancel()
        await #expect(throws: CancellationError.self) { try await taker.value }
        let finder = Task {
            try await queue.put(1)
            try await queue.put(2)
        }
        finder.cancel()
        await #expect(throws: CancellationError.self) { try await finder.value }
    }
}
