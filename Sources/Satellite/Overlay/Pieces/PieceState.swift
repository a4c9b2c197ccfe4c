/// What one piece of a segment is worth today.
///
/// - Source: protocol document 3 §6.5.
package enum PieceState: String, Sendable, Hashable, CaseIterable {
    /// It counts fully.
    case healthy
    /// Its node does not answer now, and may come back.
    case offline
    /// Its node is suspended: the piece can be fetched and should be replaced.
    case suspended
    /// Its node is leaving: the piece can be fetched and should be replaced.
    case exiting
    /// Another piece of the segment lies in the same place, and that one counts.
    case clumped
    /// Its node is outside of what the bucket allows: the piece can be fetched and must be replaced.
    case outOfPlacement
    /// Its node is unknown, disqualified or gone.
    case lost

    /// Whether the piece can be fetched.
    package var isRetrievable: Bool { self != .offline && self != .lost }
}

/// What all pieces of a segment are worth today.
package struct PieceStates: Sendable {
    /// Piece numbers with their states, in the order given.
    package private(set) var states: [(number: Int, state: PieceState)] = []
    /// Pieces that count fully.
    package private(set) var healthyCount = 0
    /// Pieces that can be fetched.
    package private(set) var retrievableCount = 0
    /// Pieces that must be replaced whatever the others are: those out of placement.
    package private(set) var forcingCount = 0

    /// No pieces; reserves memory for some.
    init(capacity: Int) { states.reserveCapacity(capacity) }

    mutating func append(_ number: Int, _ state: PieceState) {
        states.append((number, state))
        if state == .healthy { healthyCount += 1 }
        if state.isRetrievable { retrievableCount += 1 }
        if state == .outOfPlacement { forcingCount += 1 }
    }
}
