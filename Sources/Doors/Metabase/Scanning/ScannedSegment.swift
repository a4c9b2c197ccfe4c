package import StorageModel

/// What a pass over all segments looks at of each: no keys, no content.
package struct ScannedSegment: Sendable {
    /// The stream it belongs to, pending ones included.
    package let stream: StreamID
    /// Where in the stream.
    package let position: SegmentPosition
    /// When it was committed.
    package let createdAt: Timestamp
    /// When it is deleted by itself.
    package let expiresAt: Timestamp?
    /// When it was last repaired.
    package let repairedAt: Timestamp?
    /// Encrypted bytes.
    package let encryptedSize: Int64
    /// Where its pieces may be.
    package let placement: Int32
    /// Its pieces; nil for content that the satellite keeps itself.
    package let pieces: ScannedPieces?
}

/// The pieces of a scanned segment.
package struct ScannedPieces: Sendable {
    /// From which the pieces' ids derive.
    package let rootPieceID: PieceID
    /// How the segment is spread.
    package let redundancy: RedundancyScheme
    /// Piece numbers, ascending, with their nodes' aliases; `NodeTable` knows the nodes.
    package let entries: [AliasPieces.Entry]
}

/// The nodes behind the aliases of scanned segments.
package struct NodeTable: Sendable {
    private let nodes: [NodeID?]

    init(_ byAlias: [Int64: NodeID]) {
        var nodes = [NodeID?](repeating: nil, count: Int(byAlias.keys.max() ?? -1) + 1)
        for (alias, node) in byAlias { nodes[Int(alias)] = node }
        self.nodes = nodes
    }

    /// One more than the highest alias: the size of a table by alias.
    package var count: Int { nodes.count }

    /// Whether there is a node behind an alias, without a copy of its id.
    package func contains(_ alias: Int64) -> Bool { alias >= 0 && alias < Int64(nodes.count) && nodes[Int(alias)] != nil }

    /// The node behind an alias; nil for one nobody allocated.
    package subscript(alias: Int64) -> NodeID? {
        alias >= 0 && alias < Int64(nodes.count) ? nodes[Int(alias)] : nil
    }
}
