import ErasureCode
import StorageModel
import TestSupport

/// `Tests/Vectors/rs.json`: made by the Go field's own library and its segment encoder.
struct GoldenErasure: Decodable {
    struct Share: Decodable {
        let number: Int
        let data_hex: HexBytes
        var share: ErasureShare { ErasureShare(number: number, bytes: data_hex.bytes) }
    }
    struct Encode: Decodable {
        let k: Int
        let n: Int
        let share_size: Int
        let data_hex: HexBytes
        let shares_hex: [HexBytes]
        let parity_matrix_rows_hex: [HexBytes]?
    }
    struct Decode: Decodable {
        let k: Int
        let n: Int
        let data_hex: HexBytes
        let shares: [Share]
    }
    struct Correct: Decodable {
        let k: Int
        let n: Int
        let shares: [Share]
        let decoded_hex: HexBytes?
        let error: String?
    }
    struct Segment: Decodable {
        struct Piece: Decodable {
            let piece: Int
            let len: Int
            let sha256: HexBytes
        }
        enum Pieces: Decodable {
            case all([HexBytes])
            case some([Piece])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                do {
                    self = .all(try container.decode([HexBytes].self))
                } catch {
                    // Large segments list digests of a few pieces instead of their bytes.
                    self = .some(try container.decode([Piece].self))
                }
            }
        }
        let k: Int
        let n: Int
        let erasure_share_size: Int
        let segment_len: Int
        let stripe_size: Int
        let piece_size: Int64
        let pieces: Pieces
        let all_pieces_concat_sha256: HexBytes
    }
    struct PieceSize: Decodable {
        let k: Int
        let erasure_share_size: Int
        let encrypted_segment_size: Int64
        let upload_piece_size: Int64
        let download_readable_bytes_per_piece: Int64
    }
    let encode: [Encode]
    let decode: [Decode]
    let correct: [Correct]
    let segments: [Segment]
    let piece_sizes: [PieceSize]

    static func load() throws -> GoldenErasure { try Vectors.decode(Self.self, from: "rs.json") }
}

/// A scheme that stores all n pieces.
func scheme(_ k: Int, _ n: Int, shareSize: Int) throws -> RedundancyScheme {
    guard let scheme = RedundancyScheme(required: k, repair: k, optimal: n, total: n, shareSize: shareSize)
    else { throw ErasureCodeError.wrongPieceNumber }
    return scheme
}

/// Every subset of `0..<count` with that many members.
func subsets(of count: Int, size: Int) -> [[Int]] {
    (0..<1 << count).filter { $0.nonzeroBitCount == size }.map { set in (0..<count).filter { set >> $0 & 1 == 1 } }
}
