import Database
import Identity
import Logging
package import StorageModel
import WireMessages

/// Leaving in good order.
///
/// ```
///   in order ─ node asks ─► exiting ─ 30 days, online score ≥ 0.8, not suspended ─► exited (receipt signed)
///                              │
///                              └──── 30 days, offline too much or faulty ─────────► exited (failed)
/// ```
/// - Source: protocol document 3 §6.6.
extension Overlay {
    /// How far a node's exit has come; nil when it does not leave. Does not suspend.
    package func exitProgress(of id: NodeID) -> ExitProgress? {
        guard let node = record(of: id), let startedAt = node.exitInitiatedAt else { return nil }
        return ExitProgress(
            startedAt: startedAt, dueAt: startedAt.advanced(by: settings.exit.duration),
            finishedAt: node.exitFinishedAt, hasSucceeded: node.exitSucceeded, failure: node.exitFailure,
            remainingPieces: node.pieceCount)
    }

    /// Answers a node that wants to leave: starts its exit, or says how it stands.
    ///
    /// - Throws: `OverlayError` `.unknownNode`, `.mayNotExit`; `DatabaseError`.
    func processExit(_ id: NodeID) async throws -> NodeRecord {
        let now = clock.now()
        guard let node = record(of: id) else { throw OverlayError.unknownNode(id) }
        if node.exitFinishedAt != nil { return node }
        try checkMayExit(node, at: now)
        if node.exitInitiatedAt != nil { return try await advanceExit(of: node) }
        return try await transition(id, .exitStarted) { node in
            guard node.servesDownloads, node.exitInitiatedAt == nil else { return }
            node.exitInitiatedAt = now.truncatedToMicroseconds
        }
    }

    /// Ends the exits whose time has come.
    ///
    /// - Throws: `DatabaseError`.
    func advanceExits() async throws {
        for node in nodes() where node.exitInitiatedAt != nil && node.servesDownloads {
            try await advanceExit(of: node)
        }
    }

    /// Whether a node is old enough to leave in good order.
    func mayExit(_ node: NodeRecord, at now: Timestamp) -> Bool {
        now.duration(since: node.createdAt) >= settings.exit.minimumAge
    }

    private func checkMayExit(_ node: NodeRecord, at now: Timestamp) throws {
        if node.disqualifiedAt != nil { throw OverlayError.mayNotExit("the node is disqualified") }
        guard node.exitInitiatedAt == nil else { return }
        if node.unknownAuditSuspendedAt != nil || node.offlineSuspendedAt != nil {
            throw OverlayError.mayNotExit("the node is suspended")
        }
        guard mayExit(node, at: now) else {
            throw OverlayError.mayNotExit("a node must be \(settings.exit.minimumMonths) months old to leave")
        }
    }

    @discardableResult private func advanceExit(of node: NodeRecord) async throws -> NodeRecord {
        let now = clock.now()
        guard let startedAt = node.exitInitiatedAt, now.duration(since: startedAt) >= settings.exit.duration else {
            return node
        }
        let reputation = try await reputation(of: node.id)
        let decision = ExitDecision(
            startedAt: startedAt, now: now, isOnline: isOnline(node), onlineScore: reputation.history.score,
            isFaulty: node.unknownAuditSuspendedAt != nil, remaining: node.pieceCount, settings: settings.exit)
        if decision == .wait { return node }
        let failure: NodeRecord.ExitFailure? = if case .fail(let reason) = decision { reason } else { nil }
        logger.info(
            "node's exit is over",
            metadata: [
                "node_id": "\(node.id)", "remaining_pieces": "\(node.pieceCount)", "failure": "\(failure?.rawValue ?? 0)",
            ])
        return try await transition(node.id, failure == nil ? .exitFinished : .exitFailed) { node in
            guard node.servesDownloads else { return }
            node.exitFinishedAt = now.truncatedToMicroseconds
            node.exitSucceeded = failure == nil
            node.exitFailure = failure
        }
    }
}
