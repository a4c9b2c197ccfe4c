package import StorageModel

/// Which hash the uploader signed; the raw values are those of the wire and of the disk.
package enum StoredHashAlgorithm: UInt8, Hashable, Sendable {
    /// SHA-256.
    case sha256 = 0
    /// BLAKE3, unkeyed, 32 bytes.
    case blake3 = 1
}

/// What the uploader signed and what permitted the upload, kept word for word to be handed to repairers.
///
/// - Source: protocol document 3 §1.4, GET_REPAIR.
package struct PieceProof: Hashable, Sendable {
    /// The timestamp inside the uploader's signed piece hash.
    package var hashTimestamp: Timestamp
    /// The uploader's signature over the piece hash; at most 1,024 bytes.
    package var hashSignature: [UInt8]
    /// The order limit of the upload as it was received; at most 16 KiB.
    package var orderLimit: [UInt8]
    /// When the piece may be deleted; nil keeps it until garbage collection.
    package var expires: Timestamp?

    /// A proof of its parts.
    package init(hashTimestamp: Timestamp, hashSignature: [UInt8], orderLimit: [UInt8], expires: Timestamp?) {
        self.hashTimestamp = hashTimestamp
        self.hashSignature = hashSignature
        self.orderLimit = orderLimit
        self.expires = expires
    }

    /// The most bytes of `hashSignature`.
    static let maximumSignatureSize = 1024
    /// The most bytes of `orderLimit`.
    static let maximumOrderLimitSize = 16 << 10
}

/// Everything a store knows of a piece, without its bytes.
package struct StoredPiece: Hashable, Sendable {
    /// The satellite the piece belongs to.
    package let satellite: NodeID
    /// The piece.
    package let pieceID: PieceID
    /// Bytes of content.
    package let size: Int64
    /// The hash the uploader chose.
    package let algorithm: StoredHashAlgorithm
    /// The hash the uploader signed.
    package let hash: Bytes32
    /// The BLAKE3 hash of the content, whatever the algorithm: the root that proves single chunks.
    package let root: Bytes32
    /// When this store committed the piece.
    package let created: Timestamp
    /// What the uploader signed and what permitted the upload.
    package let proof: PieceProof
}

/// How much a store holds, in bytes of disk space and numbers of pieces.
package struct StorageUsage: Hashable, Sendable {
    /// Content and trailers of pieces that are served.
    package var liveBytes: Int64 = 0
    /// Content alone of pieces that are served: what satellites count.
    package var contentBytes: Int64 = 0
    /// Content and trailers of pieces in the trash.
    package var trashBytes: Int64 = 0
    /// Bytes of logs that belong to no piece and wait for compaction.
    package var deadBytes: Int64 = 0
    /// Bytes of indexes.
    package var indexBytes: Int64 = 0
    /// Pieces that are served.
    package var livePieces = 0
    /// Pieces in the trash.
    package var trashPieces = 0

    /// Nothing.
    package init() {}

    /// All bytes on the disk.
    package var totalBytes: Int64 { liveBytes + trashBytes + deadBytes + indexBytes }

    static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.liveBytes += right.liveBytes
        sum.contentBytes += right.contentBytes
        sum.trashBytes += right.trashBytes
        sum.deadBytes += right.deadBytes
        sum.indexBytes += right.indexBytes
        sum.livePieces += right.livePieces
        sum.trashPieces += right.trashPieces
        return sum
    }
}
