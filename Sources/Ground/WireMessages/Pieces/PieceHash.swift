package import NIOCore
package import StorageModel

/// What a whole piece contains, signed by the uplink (piece key) or by the node (identity).
///
/// - Source: protocol document 3 §1.2.
package struct PieceHash: WireMessage, Hashable {
    /// The piece.
    package let pieceID: PieceID
    /// 32 bytes from honest peers.
    package let hash: [UInt8]
    /// The signature over `signingBytes`.
    package let signature: [UInt8]
    /// Bytes of the piece; peers can send negative numbers.
    package let pieceSize: Int64
    /// When it was stored; an uplink copies the limit's creation time.
    package let timestamp: Timestamp?
    /// How `hash` was made.
    package let hashAlgorithm: PieceHashAlgorithm
    /// Whether fields came that this program does not know; such a hash is refused.
    package let hasUnknownFields: Bool
    /// The encoded hash: the received bytes, or our own encoding.
    package let encoded: [UInt8]

    /// Makes a piece hash.
    package init(
        pieceID: PieceID, hash: [UInt8], pieceSize: Int64, timestamp: Timestamp?, hashAlgorithm: PieceHashAlgorithm,
        signature: [UInt8] = []
    ) {
        self.pieceID = pieceID
        self.hash = hash
        self.pieceSize = pieceSize
        self.timestamp = timestamp
        self.hashAlgorithm = hashAlgorithm
        self.signature = signature
        hasUnknownFields = false
        var buffer = ByteBuffer()
        buffer.writeField(1, id: pieceID)
        buffer.writeField(2, nonEmpty: hash)
        buffer.writeField(3, nonEmpty: signature)
        buffer.writeField(4, nonZero: pieceSize)
        buffer.writeField(5, alwaysTime: timestamp)
        buffer.writeField(6, nonZero: Int64(hashAlgorithm.rawValue))
        encoded = Array(buffer.readableBytesView)
    }

    private init(parsing buffer: ByteBuffer) throws(WireMessageError) {
        var pieceID = PieceID()
        var (hash, signature): ([UInt8], [UInt8]) = ([], [])
        var pieceSize: Int64 = 0
        var timestamp: Timestamp?
        var algorithm: Int32 = 0
        var hasUnknownFields = false
        var reader = FieldReader(buffer, message: "piece_hash")
        while let tag = try reader.next() {
            switch tag.number {
            case 1: pieceID = try reader.id(tag, "piece_id")
            case 2: hash = try reader.array(tag, "hash")
            case 3: signature = try reader.array(tag, "signature")
            case 4: pieceSize = Int64(bitPattern: try reader.varint(tag, "piece_size"))
            case 5: timestamp = try reader.timestamp(tag, "timestamp")
            case 6: algorithm = Int32(truncatingIfNeeded: try reader.varint(tag, "hash_algorithm"))
            default:
                _ = try reader.skip(tag)
                hasUnknownFields = true
            }
        }
        self.pieceID = pieceID
        self.hash = hash
        self.signature = signature
        self.pieceSize = pieceSize
        self.timestamp = timestamp
        hashAlgorithm = PieceHashAlgorithm(rawValue: algorithm)
        self.hasUnknownFields = hasUnknownFields
        encoded = Array(buffer.readableBytesView)
    }

    package static func parse(_ buffer: ByteBuffer) throws -> PieceHash { try PieceHash(parsing: buffer) }

    package func encode(into buffer: inout ByteBuffer) { buffer.writeBytes(encoded) }

    /// The same hash with a signature.
    package func signed(_ signature: [UInt8]) -> PieceHash {
        PieceHash(
            pieceID: pieceID, hash: hash, pieceSize: pieceSize, timestamp: timestamp, hashAlgorithm: hashAlgorithm,
            signature: signature)
    }

    /// The bytes that are signed.
    ///
    /// - Source: protocol document 3 §1.6.3.
    package var signingBytes: [UInt8] {
        var buffer = ByteBuffer()
        buffer.writeField(1, id: pieceID)
        buffer.writeField(2, nonEmpty: hash)
        buffer.writeField(4, nonZero: pieceSize)
        buffer.writeField(5, time: timestamp)
        buffer.writeField(6, nonZero: Int64(hashAlgorithm.rawValue))
        return Array(buffer.readableBytesView)
    }
}
