import Ethereum
import StorageModel
import TestSupport
import Testing

@Suite struct RLPTests {
    /// Examples of the Ethereum wiki.
    static let published: [(RLP, String)] = [
        (.bytes(Array("dog".utf8)), "83646f67"), (.list([.bytes(Array("cat".utf8)), .bytes(Array("dog".utf8))]), "c88363617483646f67"),
        (.bytes([]), "80"), (.list([]), "c0"), (.number(UInt64(0)), "80"), (.bytes([0]), "00"), (.number(UInt64(15)), "0f"),
        (.number(UInt64(1024)), "820400"),
        (.list([.list([]), .list([.list([])]), .list([.list([]), .list([.list([])])])]), "c7c0c1c0c3c0c1c0"),
        (
            .bytes(Array("Lorem ipsum dolor sit amet, consectetur adipisicing elit".utf8)),
            "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974"
        ),
    ]

    @Test(arguments: published)
    func `published examples are written and read`(item: RLP, text: String) throws {
        #expect(Hexadecimal.encode(item.encoded) == text)
        #expect(try RLP(encoded: item.encoded) == item)
    }

    @Test(arguments: [
        "", "8100", "817f", "b800", "b83700", "b90000", "b9003811", "83646f", "c28080ff", "c1", "bfffffffffffffffff",
        "ffffffffffffffffff", "8080", "f800",
    ])
    func `every other writing is refused`(text: String) throws {
        let bytes = try #require(Hexadecimal.decode(text))
        #expect(throws: EthereumError.self) { try RLP(encoded: bytes) }
    }

    @Test func `lists without end do not end us`() {
        #expect(throws: EthereumError.self) {
            try RLP(encoded: (0..<40).reversed().map { UInt8(0xC0 + $0) })
        }
    }

    @Test func `random items come back, random bytes never trap`() throws {
        let random = RandomSource.seeded(3)
        for _ in 0..<500 {
            let item = draw(random, depth: 0)
            #expect(try RLP(encoded: item.encoded) == item)
            var bytes = item.encoded
            bytes[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1 << (random.next() % 8))
            if let other = try? RLP(encoded: bytes) { #expect(other.encoded == bytes) }
        }
    }

    @Test func `numbers have no leading zeros`() {
        #expect(throws: EthereumError.self) { try RLP.bytes([0, 1]).asNumber() }
        #expect(throws: EthereumError.self) { try RLP.bytes([UInt8](repeating: 1, count: 33)).asNumber() }
        #expect(throws: EthereumError.self) { try RLP.list([]).asNumber() }
    }

    private func draw(_ random: RandomSource, depth: Int) -> RLP {
        guard depth < 4, random.next() % 3 == 0 else { return .bytes(random.bytes(count: Int(random.next() % 70))) }
        return .list((0..<random.next() % 5).map { _ in draw(random, depth: depth + 1) })
    }
}
