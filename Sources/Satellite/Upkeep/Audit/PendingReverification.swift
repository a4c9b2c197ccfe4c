package import StorageModel

/// A whole piece that a node owes the satellite.
package struct PendingReverification: Hashable, Sendable {
    /// Who owes it.
    package let node: NodeID
    /// The segment.
    package let place: SegmentPlace
    /// Which piece of it.
    package let pieceNumber: Int
    /// The segment's root when it was audited: another one means another segment.
    package let rootPieceID: PieceID
    /// Why it is asked for.
    package let reason: ReverificationReason
    /// Whether it is asked for as anybody would.
    package let isDisguised: Bool
    /// When the audit was.
    package let insertedAt: Timestamp
    /// When it was last asked for.
    package internal(set) var attemptedAt: Timestamp?
    /// How often the node left it unanswered.
    package internal(set) var tries = 0

    var holder: PieceHolder { PieceHolder(number: pieceNumber, node: node) }
}
