import StorageModel
import TestSupport
import Testing

@Suite struct NodeIDTests {
    struct File: Decodable {
        struct Text: Decodable {
            let difficulty: Int?
            let difficulty_error: Bool?
            let node_id_hex: HexBytes
            let reparsed_hex: HexBytes?
            let string: String
        }
        let node_id_strings: [Text]
    }

    @Test func `texts and difficulties agree with upstream`() throws {
        let file = try Vectors.decode(File.self, from: "identity.json")
        for vector in file.node_id_strings {
            let id = try #require(NodeID(vector.node_id_hex.bytes))
            #expect(try NodeID(text: vector.string).bytes == (vector.reparsed_hex ?? vector.node_id_hex).bytes)
            if vector.reparsed_hex == nil { #expect(id.description == vector.string) }
            if let difficulty = vector.difficulty { #expect(id.difficulty == difficulty) }
        }
        #expect(file.node_id_strings.count == 10)
    }

    @Test func `a text with a wrong checksum, character or length is refused`() {
        #expect(throws: NodeIDError.notBase58Check) {
            try NodeID(text: "12EayRS2V1kEsWESU9QMRseFhdxYxKicsiFmxrsLZHeLUtdps3T")
        }
        #expect(throws: NodeIDError.notBase58Check) { try NodeID(text: "") }
        #expect(throws: NodeIDError.wrongLength(31)) {
            try NodeID(text: Base58Check.encode(version: 0, payload: [UInt8](repeating: 1, count: 31)))
        }
    }

    @Test func `ids order as their bytes do and have exactly 32 of them`() {
        let random = RandomSource.seeded(2)
        for _ in 0..<200 {
            let left = NodeID.random(using: random)
            let right = NodeID.random(using: random)
            #expect((left < right) == left.bytes.lexicographicallyPrecedes(right.bytes))
            #expect(NodeID(left.bytes) == left)
        }
        #expect(NodeID([UInt8](repeating: 0, count: 31)) == nil)
        #expect(NodeID([UInt8](repeating: 0, count: 33)) == nil)
        #expect(NodeID().isZero)
    }
}
