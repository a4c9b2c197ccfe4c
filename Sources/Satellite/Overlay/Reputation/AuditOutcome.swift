/// What came of asking one node to prove that it holds a piece.
///
/// - Source: protocol document 3 §5.4.
package enum AuditOutcome: Int, Sendable, Hashable, CaseIterable {
    /// The node showed the right bytes.
    case success
    /// The node does not have the piece, or has something else.
    case failure
    /// The node answered with an error that proves nothing.
    case unknown
    /// The node could not be reached.
    case offline
}
