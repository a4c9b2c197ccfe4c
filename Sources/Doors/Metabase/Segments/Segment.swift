package import StorageModel

/// A piece the satellite accepted.
package struct SegmentPiece: Hashable, Sendable {
    /// In `0..<totalShares`.
    package var number: Int
    package var node: NodeID
    /// What the node signed as the piece's hash; nil when unknown.
    package var hash: Bytes32?

    /// A piece.
    package init(number: Int, node: NodeID, hash: Bytes32?) {
        self.number = number
        self.node = node
        self.hash = hash
    }
}

/// A segment kept on nodes.
package struct RemoteSegment: Hashable, Sendable {
    package var rootPieceID: PieceID
    package var redundancy: RedundancyScheme
    /// Ascending by number, numbers unique.
    package var pieces: [SegmentPiece]
    /// The wire's number of the algorithm of the pieces' hashes: 0 SHA-256, 1 BLAKE3.
    package var hashAlgorithm: Int32

    /// A segment on nodes; sorts its pieces.
    package init(rootPieceID: PieceID, redundancy: RedundancyScheme, pieces: [SegmentPiece], hashAlgorithm: Int32) {
        self.rootPieceID = rootPieceID
        self.redundancy = redundancy
        self.pieces = pieces.sorted { $0.number < $1.number }
        self.hashAlgorithm = hashAlgorithm
    }
}

/// Where a segment's bytes are.
package enum SegmentContent: Hashable, Sendable {
    /// The encrypted bytes themselves.
    case inline([UInt8])
    /// Pieces on nodes.
    case remote(RemoteSegment)
}

/// A segment to be stored, replacing one at the same position.
package struct NewSegment: Hashable, Sendable {
    package var position: SegmentPosition
    package var content: SegmentContent
    package var plainSize: Int64
    /// For inline content the count of its bytes.
    package var encryptedSize: Int64
    package var encryptedKey: [UInt8]
    package var encryptedKeyNonce: [UInt8]
    package var encryptedETag: [UInt8]
    package var encryptedChecksum: [UInt8]

    /// A segment; sizes were validated by the caller.
    package init(
        position: SegmentPosition, content: SegmentContent, plainSize: Int64, encryptedSize: Int64,
        encryptedKey: [UInt8], encryptedKeyNonce: [UInt8], encryptedETag: [UInt8] = [],
        encryptedChecksum: [UInt8] = []
    ) {
        self.position = position
        self.content = content
        self.plainSize = plainSize
        self.encryptedSize = encryptedSize
        self.encryptedKey = encryptedKey
        self.encryptedKeyNonce = encryptedKeyNonce
        self.encryptedETag = encryptedETag
        self.encryptedChecksum = encryptedChecksum
    }
}

/// What lists of segments say of each: everything but where its bytes are.
package struct SegmentSummary: Hashable, Sendable {
    package var position: SegmentPosition
    package var createdAt: Timestamp
    /// Where it begins in the plain stream; 0 while the upload is pending.
    package var plainOffset: Int64
    package var plainSize: Int64
    package var encryptedSize: Int64
    package var encryptedKey: [UInt8]
    package var encryptedKeyNonce: [UInt8]
    package var encryptedETag: [UInt8]
    package var encryptedChecksum: [UInt8]
}

/// A stored segment.
package struct Segment: Hashable, Sendable {
    package var stream: StreamID
    package var summary: SegmentSummary
    package var content: SegmentContent
    package var placement: Int32
    package var expiresAt: Timestamp?
    package var repairedAt: Timestamp?

    /// Its position.
    package var position: SegmentPosition { summary.position }
    /// Its encrypted bytes.
    package var encryptedSize: Int64 { summary.encryptedSize }
}

/// A page of a stream's segments.
package struct SegmentPage: Hashable, Sendable {
    /// Ascending by position.
    package var segments: [SegmentSummary]
    /// Whether more follow.
    package var hasMore: Bool
}
