import Database
import Logging
import Metabase
import Overlay
import StorageModel
import Synchronization

/// One segment, one piece.
extension Audits {
    /// Audits one segment, writes down what came of it, and removes what is lost.
    func audit(_ place: SegmentPlace) async throws {
        var record = AuditRecord(place, .stripe, at: parts.clock.now())
        record.endsAudit = true
        var conclusion: String
        do {
            switch try await auditor.audit(place, asksEverybody: isSettling) {
            case .gone: conclusion = "gone"
            case .changed: conclusion = "changed"
            case .judged(let verdict, let audited):
                let now = parts.clock.now()
                let counted = try await store.countedLosses(
                    of: verdict.failures, audited.remote.rootPieceID,
                    after: now.advanced(by: .zero - settings.lossMemory))
                record = AuditRecord(
                    verdict, audited, forgives: forgives(audited.segment), counted: counted, at: now)
                conclusion = verdict.conclusion.rawValue
                report(verdict, place)
            }
        } catch let error where Self.isFault(of: error) {
            // A segment that cannot be audited must not stand before all others for ever.
            conclusion = "failed"
            parts.logger.error("audit failed", metadata: ["segment": "\(place)", "error": "\(error)"])
        }
        try Task.checkCancellation()
        try await write(record)
        state.withLock { $0.counters.count(record, conclusion: conclusion) }
        try await remover.run()
    }

    /// Asks for one piece, writes down what came of it, and removes what is lost.
    func reverify(_ pending: PendingReverification) async throws {
        var record = AuditRecord(pending.place, .reverification, at: parts.clock.now())
        do {
            record = try await reverifier.reverify(pending, asksEverybody: isSettling) { self.forgives($0) }
        } catch let error where Self.isFault(of: error) {
            var tried = pending
            tried.attemptedAt = record.at
            record.settlements = [.tried(tried)]
            parts.logger.error("reverification failed", metadata: ["segment": "\(pending.place)", "error": "\(error)"])
        }
        try Task.checkCancellation()
        try await write(record)
        state.withLock { $0.counters.countReverification(record) }
        try await remover.run()
    }

    /// Whether an error is one of this segment, and not of the database or of a satellite that stops.
    private static func isFault(of error: any Error) -> Bool {
        if error is CancellationError || Task.isCancelled { return false }
        guard let error = error as? DatabaseError else { return true }
        return error.kind == .corrupt
    }

    /// Everything in one transaction, whatever happens to this task.
    private func write(_ record: AuditRecord) async throws {
        let owing = record.pending.filter { $0.reason == .timeout }.map { ($0.node, true) }
        let length = settings.historyLength
        try await parts.overlay.recordAudits(
            record.outcomes, contained: Dictionary(owing) { first, _ in first }
        ) { session in
            try AuditStore.apply(record, historyLength: length, in: session)
        }
    }

    private func report(_ verdict: StripeVerdict, _ place: SegmentPlace) {
        if verdict.conclusion == .malfunction {
            parts.logger.error(
                "more pieces of a segment are missing than nodes can have lost, nobody is held to account",
                metadata: ["segment": "\(place)"])
        }
        for holder in verdict.failures {
            parts.logger.info(
                "a node has lost a piece", metadata: ["segment": "\(place)", "node_id": "\(holder.node)"])
        }
    }
}
