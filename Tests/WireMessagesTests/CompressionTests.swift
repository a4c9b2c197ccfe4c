import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct CompressionTests {
    @Test(arguments: [1, 100, 131_071, 131_072, 131_073, 1_000_000])
    func `what is compressed unfolds to itself`(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let frame = try #require(Compression.compress(bytes, level: 1))
        #expect(Compression.decompress(frame, maximum: count) == bytes)
    }

    @Test func `a frame that unfolds to more than the limit is refused`() throws {
        let frame = try #require(Compression.compress([UInt8](repeating: 0, count: 10_000_000), level: 1))
        #expect(frame.count < 2000)
        #expect(Compression.decompress(frame, maximum: 9_999_999) == nil)
    }

    @Test func `every truncation of a frame is refused`() throws {
        let frame = try #require(Compression.compress(Array("to and fro, to and fro, to and fro".utf8), level: 1))
        for count in 1..<frame.count { #expect(Compression.decompress(Array(frame[..<count]), maximum: 1000) == nil) }
    }

    @Test func `garbage is no frame`() {
        let random = RandomSource.seeded(3)
        for _ in 0..<200 { _ = Compression.decompress(random.bytes(count: 60), maximum: 1000) }
        #expect(Compression.decompress(Array("plain text".utf8), maximum: 1000) == nil)
    }
}
