package import StorageModel

/// How far a node that leaves in good order has come.
package struct ExitProgress: Sendable, Hashable {
    /// When the node said that it wants to leave.
    package let startedAt: Timestamp
    /// When it may go at the earliest.
    package let dueAt: Timestamp
    /// When it went, or failed to.
    package let finishedAt: Timestamp?
    /// Whether it went in good order.
    package let hasSucceeded: Bool
    /// Why it failed.
    package let failure: NodeRecord.ExitFailure?
    /// Pieces that still count on the node: when it goes, they are missing until repair has replaced them.
    package let remainingPieces: Int64
}

/// What is to be done with a leaving node now.
enum ExitDecision: Sendable, Hashable {
    /// Its time is not up, or something is waited for.
    case wait
    case complete
    case fail(NodeRecord.ExitFailure)

    /// Decides by time, presence and pieces.
    ///
    /// - Parameters:
    ///   - startedAt: when the node said that it wants to leave.
    ///   - isOnline: whether it can be reached now.
    ///   - onlineScore: over the tracking period, in `0...1`.
    ///   - isFaulty: whether it is suspended for unknown errors.
    ///   - remaining: pieces that still count on it.
    /// - Source: protocol document 3 §6.6; waiting for pieces and for a node that is offline just now is ours.
    init(
        startedAt: Timestamp, now: Timestamp, isOnline: Bool, onlineScore: Double, isFaulty: Bool, remaining: Int64,
        settings: ExitSettings
    ) {
        let elapsed = now.duration(since: startedAt)
        guard elapsed >= settings.duration else {
            self = .wait
            return
        }
        if onlineScore < settings.onlineScore {
            self = .fail(.absence)
        } else if isFaulty {
            self = .fail(.errors)
        } else if !isOnline {
            self = elapsed >= settings.duration + settings.offlineGrace ? .fail(.absence) : .wait
        } else if remaining > 0, elapsed < settings.duration + settings.extensionForPieces {
            self = .wait
        } else {
            self = .complete
        }
    }
}
