package import StorageModel
package import WireMessages

/// A piece that a node has promised to keep.
package struct UploadedPiece: Sendable {
    /// Which piece of the segment.
    package let number: Int
    /// The node.
    package let node: NodeID
    /// The node's signed hash, verified; `encoded` goes to the satellite.
    package let hash: PieceHash

    /// A stored piece.
    package init(number: Int, node: NodeID, hash: PieceHash) {
        self.number = number
        self.node = node
        self.hash = hash
    }
}
