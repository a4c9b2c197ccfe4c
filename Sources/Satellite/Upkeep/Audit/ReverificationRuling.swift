package import Overlay

/// What a node's answer shows when a whole piece is asked for.
package enum ReverificationFinding: Sendable, Hashable {
    /// The bytes are those that were stored.
    case proven
    /// The piece is not there, or something else is.
    case lost(String)
    /// Reached, and silent.
    case silent
    /// Not reached.
    case offline(String)
    /// Anything else.
    case error(String)
}

/// What follows when a whole piece was asked for: a pure function of the answer and of what was before.
///
///     finding    what follows
///     proven     success, settled; if its share contradicted the others, the piece leaves the metadata
///     lost       failure, settled, the piece leaves the metadata
///     silent     asked again later; a failure when the tries are used up
///     error      unknown, asked again later; a failure when the tries are used up, if it passed other audits
///     offline    offline, asked again later
///
/// - Source: protocol document 3 §6.4, where an error settles at once: who errs at what it lost was never found.
package struct ReverificationRuling: Sendable, Hashable {
    /// What counts for reputation; nil for nothing.
    package private(set) var outcome: AuditOutcome?
    /// Whether the piece leaves the metadata.
    package private(set) var removesPiece = false
    /// Whether the node owes the piece no longer.
    package private(set) var isSettled = false
    /// Answers the node has failed to give.
    package private(set) var tries: Int
    /// Why, for operators.
    package private(set) var detail = ""

    /// Rules.
    ///
    /// - Parameters:
    ///   - reason: why the piece is asked for.
    ///   - tries: answers the node failed to give before this one.
    ///   - maximumTries: how many are too many, at least 1.
    ///   - forgives: whether a missing piece counts against nobody.
    ///   - hasServedOthers: whether the node passed an audit since it began to owe this piece.
    package init(
        _ finding: ReverificationFinding, reason: ReverificationReason, tries: Int, maximumTries: Int, forgives: Bool,
        hasServedOthers: Bool
    ) {
        self.tries = tries
        switch finding {
        case .proven:
            settle(.success, reason == .contradiction ? "the uploader stored other bytes" : "")
            removesPiece = reason == .contradiction
        case .lost(let reason):
            settle(forgives ? nil : .failure, reason)
            removesPiece = true
        case .offline(let reason):
            outcome = .offline
            detail = reason
        case .silent:
            self.tries += 1
            detail = "try \(self.tries) of \(maximumTries)"
            guard self.tries >= maximumTries else { return }
            settle(.failure, "no answer in \(self.tries) tries")
            removesPiece = true
        case .error(let reason):
            self.tries += 1
            outcome = .unknown
            detail = reason
            guard self.tries >= maximumTries else { return }
            settle(
                hasServedOthers ? .failure : .unknown,
                hasServedOthers ? "errs here and serves others: \(reason)" : reason)
            removesPiece = hasServedOthers
        }
    }

    private mutating func settle(_ outcome: AuditOutcome?, _ detail: String) {
        self.outcome = outcome
        self.detail = detail
        isSettled = true
    }
}
