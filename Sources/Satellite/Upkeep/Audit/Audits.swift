import Chores
package import DRPC
import Database
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
    struct State {
        var counters = AuditCounters()
        var amnesty: AuditAmnesty?
        var start: Timestamp?
    }

    let parts: UpkeepParts
    let settings: AuditSettings
    let store: AuditStore
    let auditor: StripeAuditor
    let reverifier: Reverifier
    let remover: PieceRemover
    let choice: AuditChoice
    let state = Mutex(State())

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

    // MARK: Around a run

    private func begin() async throws {
        try await store.set([AuditAmnesty.lastSeen: parts.clock.now()])
        try await store.forgetLosses(before: parts.clock.now().advanced(by: .zero - settings.lossMemory))
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

    var isSettling: Bool {
        let now = parts.clock.now()
        return state.withLock { $0.start.map { now.duration(since: $0) < settings.settlingTime } ?? false }
    }

    private func setAmnesty(_ restored: Timestamp?) {
        let amnesty = restored.map { AuditAmnesty(restoredAt: $0, grace: settings.restoreGrace) }
        state.withLock { $0.amnesty = amnesty }
    }

    func forgives(_ segment: Segment) -> Bool {
        let now = parts.clock.now()
        return state.withLock { $0.amnesty?.forgives(createdAt: segment.summary.createdAt, now: now) ?? false }
    }
}
