package import StorageModel

/// Why a piece could not be moved to or from a node.
package struct PieceFailure: Hashable, Sendable {
    /// The piece.
    package let number: Int
    /// The node that was asked.
    package let node: NodeID
    /// What happened, in words.
    package let reason: String

    /// A failure.
    package init(number: Int, node: NodeID, reason: String) {
        self.number = number
        self.node = node
        self.reason = reason
    }
}

extension PieceFailure: CustomStringConvertible {
    package var description: String { "piece \(number), node \(node): \(reason)" }
}
