import Crypto
import StorageModel
import TestSupport
import Testing

@Suite struct BloomFilterTests {
    @Test func `the filter of the protocol's example has its bytes`() throws {
        var filter = BloomFilter(seed: 77, hashCount: 4, tableSize: 16)
        for number in 0..<3 as Range<UInt8> {
            let id = try #require(PieceID(Array(SHA256.hash(data: [number]))))
            filter.insert(id)
            #expect(filter.mayContain(id))
        }
        #expect(Hexadecimal.encode(filter.encoded) == "014d040100080090001000c000048800001040")
        #expect(BloomFilter(encoded: filter.encoded) == filter)
    }

    @Test func `members are never denied and strangers seldom confused with them`() {
        let random = RandomSource.seeded(9)
        for seed in [0, 31, 32, 63, 64, 100, 255] as [UInt8] {
            var filter = BloomFilter(seed: seed, expectedCount: 1000, falsePositiveRate: 0.1, maximumSize: 1 << 20)
            let members = (0..<1000).map { _ in PieceID.random(using: random) }
            for id in members { filter.insert(id) }
            #expect(members.allSatisfy(filter.mayContain))
            let confused = (0..<1000).filter { _ in filter.mayContain(PieceID.random(using: random)) }.count
            #expect(confused < 200)
        }
    }

    @Test func `a filter never exceeds its largest size`() {
        let filter = BloomFilter(seed: 1, expectedCount: 1_000_000, falsePositiveRate: 0.1, maximumSize: 1000)
        #expect(filter.encoded.count == 1003)
    }

    @Test(arguments: [[], [1], [1, 0, 1], [2, 0, 1, 0], [1, 0, 0, 0]] as [[UInt8]])
    func `what is not a filter is refused`(bytes: [UInt8]) {
        #expect(BloomFilter(encoded: bytes) == nil)
    }

    @Test func `the smallest table and the most hashes work`() throws {
        let filter = try #require(BloomFilter(encoded: [1, 255, 255, 0xff]))
        #expect(filter.mayContain(PieceID.random(using: .seeded(1))))
        #expect(try #require(BloomFilter(encoded: [1, 255, 255, 0])).mayContain(PieceID()) == false)
    }
}
