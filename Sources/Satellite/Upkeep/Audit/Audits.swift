import Chores
import Database
package import DRPC
import Logging
import Metabase
import Orders
import Overlay
package import PieceTransfer
package import StorageModel
import Synchronization

/// Checks that nodes still have what they are paid for.
///
///     pass over all segments ─► queue ─► stripe audit ─► reputation
///                                             │ no answer, error, doubt
///                                             ▼
///                                       reverification ─► reputation
///
/// What one audit comes to is written in one transaction with the reputations it changes: an audit that is interrupted
/// counts once or not at all.
///
/// - Source: protocol document 3 §6.2–6.4.
package final class Audits: Sendable {
    private struct State {
        var counters = AuditCounters()
        var amnesty: AuditAmnesty?
        var start: Timestamp?
    }

    let parts: UpkeepParts
    let settings: AuditSettings
    private let store: AuditStore
    private let auditor: StripeAuditor
    private let reverifier: Reverifier
    private let remover: PieceRemover
    private let choice: AuditChoice
    private let state = Mutex(State())

    /// The audits of a satellite; call `load()` before anything else.
    ///
    /// - Parameters:
    ///   - disguise: reaches nodes under an identity that tells them nothing.
    ///   - fetching: how long nodes may take.
    package init(
        parts: UpkeepParts, settings: AuditSettings, disguise: any RPCDialer,
        fetching: PieceFetchSettings = PieceFetchSettings()
    ) {
        precondition(settings.segmentsPerNode >= 1 && settings.batchSize >= 1, "audits look at something")
        precondition(settings.concurrency >= 1 && settings.reverificationConcurrency >= 1, "audits are done")
        self.parts = parts
        self.settings = settings
        store = AuditStore(database: parts.database)
        let clock = TransferClock(now: parts.clock.now, sleep: parts.sleeper.sleep)
        let fetch = AuditFetch(
            parts: parts,
            open: PieceFetch(dialer: parts.dialer, settings: fetching, clock: clock, logger: parts.logger),
            disguised: PieceFetch(dialer: disguise, settings: fetching, clock: clock, logger: parts.logger),
            bandwidth: BandwidthLimit(
                bytesPerSecond: settings.bytesPerSecond, clock: parts.clock, sleeper: parts.sleeper))
        auditor = StripeAuditor(parts: parts, settings: settings, store: store, fetch: fetch)
        reverifier = Reverifier(parts: parts, settings: settings, store: store, fetch: fetch)
        remover = PieceRemover(metabase: parts.metabase, store: store)
        choice = AuditChoice(overlay: parts.overlay, store: store, settings: settings, random: parts.random)
    }

    /// Chooses what is audited: to be shown all segments in every pass.
    package var observer: any SegmentObserver { choice }

    /// Brings the tables to today's form and looks for signs of a restored backup.
    ///
    /// - Throws: `DatabaseError`.
    package func load() async throws {
        try await store.migrate()
        let now = parts.clock.now()
        state.withLock { $0.start = now }
        let restored = try await store.moment(AuditAmnesty.restored)
        let lastSeen = try await store.moment(AuditAmnesty.lastSeen)
        setAmnesty(restored)
        if let lastSeen, now.duration(since: lastSeen) > settings.restoreGap { try await forgive(before: now) }
        try await store.set([AuditAmnesty.lastSeen: now])
        try await synchronizeContainment()
    }

    /// Lets missing pieces of segments from before a moment count against nobody for a while: for operators who have
    /// restored the satellite from a backup.
    ///
    /// - Throws: `DatabaseError`.
    package func forgive(before moment: Timestamp) async throws {
        try await store.set([AuditAmnesty.restored: moment])
        setAmnesty(moment)
        parts.logger.warning(
            "missing pieces of older segments are forgiven for a while, as after a restored backup",
            metadata: ["until": "\(moment.advanced(by: settings.restoreGrace).seconds)"])
    }

    /// Audits the next segments of the queue. One run at a time: callers see to that with a `Cycle`.
    ///
    /// - Returns: whether more wait.
    /// - Throws: `DatabaseError`, `CancellationError`.
    @discardableResult
    package func runAuditsOnce() async throws -> Bool {
        try await begin()
        let places = try await store.next(settings.batchSize)
        try await forEach(places, concurrency: settings.concurrency) { try await self.audit($0) }
        try await synchronizeContainment()
        return try await store.queueLength() > 0
    }

    /// Asks for the pieces that are due. One run at a time.
    ///
    /// - Returns: whether more are due.
    /// - Throws: `DatabaseError`, `CancellationError`.
    @discardableResult
    package func runReverificationsOnce() async throws -> Bool {
        try await begin()
        // What was tried in this run is due again after the pause, never at once.
        let due = parts.clock.now().advanced(by: .zero - settings.retryInterval)
        let pending = try await store.due(before: due, limit: settings.batchSize)
        try await forEach(pending, concurrency: settings.reverificationConcurrency) { try await self.reverify($0) }
        try await synchronizeContainment()
        return try await !store.due(before: due, limit: 1).isEmpty
    }

    /// How audits stand.
    ///
    /// - Throws: `DatabaseError`.
    package func status() async throws -> AuditStatus {
        var status = AuditStatus()
        status.queueLength = try await store.queueLength()
        status.reverificationCount = try await store.pendingCount()
        status.containedNodeCount = try await store.containedNodes().count
        status.lastChoice = choice.last
        let (counters, amnesty) = state.withLock { ($0.counters, $0.amnesty) }
        status.outcomes = counters.outcomes
        status.conclusions = counters.conclusions
        status.reverifications = counters.reverifications
        status.recent = counters.recent
        status.forgivesUntil = amnesty.flatMap { $0.end > parts.clock.now() ? $0.end.seconds : nil }
        return status
    }

    /// What is audited next, in the order of turns.
    ///
    /// - Parameter limit: at least 0.
    /// - Throws: `DatabaseError`.
    package func nextSegments(_ limit: Int) async throws -> [SegmentPlace] { try await store.next(limit) }

    /// How a node did.
    ///
    /// - Throws: `DatabaseError`.
    package func history(of node: NodeID) async throws -> NodeAuditHistory { try await store.history(of: node) }

    // MARK: One segment, one piece

    private func audit(_ place: SegmentPlace) async throws {
        var record = AuditRecord(place, .stripe, at: parts.clock.now())
        record.endsAudit = true
        var conclusion: String
        do {
            switch try await auditor.audit(place, asksEverybody: isSettling) {
            case .gone: conclusion = "gone"
            case .changed: conclusion = "changed"
            case .judged(let verdict, let audited):
                record = AuditRecord(verdict, audited, forgives: forgives(audited.segment), at: parts.clock.now())
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

    private func reverify(_ pending: PendingReverification) async throws {
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

    // MARK: Around a run

    private func begin() async throws {
        try await store.set([AuditAmnesty.lastSeen: parts.clock.now()])
        // What an interrupted run left undone.
        try await remover.run()
        try await synchronizeContainment()
    }

    /// Makes the overlay say of every node whether it owes an answer.
    private func synchronizeContainment() async throws {
        let contained = try await store.containedNodes()
        for node in parts.overlay.nodes() where node.isContained != contained.contains(node.id) {
            try await parts.overlay.setContained(node.id, !node.isContained)
        }
    }

    private func forEach<Element: Sendable>(
        _ elements: [Element], concurrency: Int, _ body: @escaping @Sendable (Element) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, element) in elements.enumerated() {
                if index >= concurrency { try await group.next() }
                group.addTask { try await body(element) }
            }
            try await group.waitForAll()
        }
    }

    private var isSettling: Bool {
        let now = parts.clock.now()
        return state.withLock { $0.start.map { now.duration(since: $0) < settings.settlingTime } ?? false }
    }

    private func setAmnesty(_ restored: Timestamp?) {
        let amnesty = restored.map { AuditAmnesty(restoredAt: $0, grace: settings.restoreGrace) }
        state.withLock { $0.amnesty = amnesty }
    }

    private func forgives(_ segment: Segment) -> Bool {
        let now = parts.clock.now()
        return state.withLock { $0.amnesty?.forgives(createdAt: segment.summary.createdAt, now: now) ?? false }
    }
}
