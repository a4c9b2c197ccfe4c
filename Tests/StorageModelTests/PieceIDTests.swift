import StorageModel
import TestSupport
import Testing

@Suite struct PieceIDTests {
    struct File: Decodable {
        struct Derivation: Decodable {
            let derived_base32: String
            let derived_hex: HexBytes
            let node_id_hex: HexBytes
            let piece_number: Int32
            let root_piece_id_hex: HexBytes
        }
        struct Text: Decodable {
            let piece_id_hex: HexBytes
            let piece_id_string: String
            let serial_number_hex: HexBytes
            let serial_number_string: String
        }
        let derive: [Derivation]
        let text: Text
    }

    @Test func `derived ids and the text forms of ids agree with upstream`() throws {
        let file = try Vectors.decode(File.self, from: "pieces.json")
        for vector in file.derive {
            let root = try #require(PieceID(vector.root_piece_id_hex.bytes))
            let node = try #require(NodeID(vector.node_id_hex.bytes))
            let derived = root.derive(node: node, pieceNumber: vector.piece_number)
            #expect(derived.bytes == vector.derived_hex.bytes)
            #expect(derived.description == vector.derived_base32)
        }
        #expect(file.derive.count == 24)
        #expect(PieceID(file.text.piece_id_hex.bytes)?.description == file.text.piece_id_string)
        #expect(SerialNumber(file.text.serial_number_hex.bytes)?.description == file.text.serial_number_string)
    }

    @Test func `the derivation of the protocol's example holds`() throws {
        let root = try #require(PieceID([UInt8](repeating: 0xc3, count: 32)))
        let node = try #require(NodeID([UInt8](repeating: 0xb2, count: 31) + [0]))
        let derived = root.derive(node: node, pieceNumber: 7)
        #expect(
            Hexadecimal.encode(derived.bytes) == "14455f0ea613a81bb8a226e2e49517605da82061a6a9914c396e23d7b9eaca88")
    }

    @Test func `segment positions survive their encoding and sort like it`() throws {
        let positions = [(0, 0), (0, 1), (0, Int32.max), (1, 0), (Int32.max, Int32.max)] as [(Int32, Int32)]
        var previous: SegmentPosition?
        for (part, index) in positions {
            let position = try #require(SegmentPosition(part: part, index: index))
            #expect(SegmentPosition(encoded: position.encoded) == position)
            if let previous { #expect(previous < position) }
            previous = position
        }
        #expect(SegmentPosition(part: -1, index: 0) == nil)
        #expect(SegmentPosition(part: 0, index: -1) == nil)
    }
}
