import StorageModel
import TestSupport
import Testing
import Upkeep

@Suite struct PieceFiltersTests {
    @Test func `the short way to piece ids is the long one's equal`() throws {
        let random = RandomSource.seeded(11)
        for number in [0, 1, 9, 109, 255, Int32.max] {
            let root = PieceID.random(using: random)
            let node = NodeID.random(using: random)
            let code = SHA512Code(key: root.bytes)
            let id = node.bytes.withUnsafeBytes { code.authenticate($0, number: UInt32(number)) }
            let piece = PieceID(storage: Bytes32(words: [id.0, id.1, id.2, id.3]))
            #expect(piece == root.derive(node: node, pieceNumber: number))
        }
    }

    @Test(arguments: [(0, 1), (1, 10), (31, 100), (32, 1000), (200, 5000), (254, 100_000)])
    func `a filter filled in its wire form is the other one's equal`(seed: Int, count: Int) throws {
        let random = RandomSource.seeded(UInt64(seed))
        let settings = GarbageSettings()
        var table = FilterTable(seed: UInt8(seed), expectedCount: count, settings: settings)
        var filter = BloomFilter(
            seed: UInt8(seed), expectedCount: count, falsePositiveRate: settings.falsePositiveRate,
            maximumSize: settings.maximumFilterSize)
        for _ in 0..<min(count, 2000) {
            let id = PieceID.random(using: random)
            filter.insert(id)
            (id.bytes + id.bytes).withUnsafeBytes { table.insert(doubled: $0) }
        }
        #expect(table.bytes == filter.encoded)
    }
}
