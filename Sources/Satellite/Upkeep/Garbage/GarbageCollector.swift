import Database
import Logging
import Overlay
package import StorageModel
import Synchronization

/// Tells every node which pieces to keep, from one consistent look at all segments.
///
/// The satellite never says "delete": a node puts into its trash what is in no segment and was stored long before the look.
///
///     look (one snapshot) ─► judge ─► remember ─► send to every node
///          a stop anywhere leaves filters unsent, never a wrong one; the next collection sends newer ones
///
/// - Source: protocol document 3 §3.6 and §6.8.
package final class GarbageCollector: Sendable {
    private let loop: RangedLoop
    private let overlay: Overlay
    private let journal: GarbageJournal
    private let sender: RetainSender
    private let settings: GarbageSettings
    private let clock: WallClock
    private let random: RandomSource
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var caution = GarbageCaution()
        var last: GarbageReport?
        /// Nodes that have restored their trash since filters are held.
        var restored: Set<NodeID> = []
    }

    /// A collector; `load()` comes before anything else.
    package init(parts: UpkeepParts, settings: GarbageSettings, loop: RangedLoop) {
        self.loop = loop
        self.settings = settings
        overlay = parts.overlay
        journal = GarbageJournal(database: parts.database)
        clock = parts.clock
        random = parts.random
        logger = parts.logger
        sender = RetainSender(dialer: parts.dialer, settings: settings, sleeper: parts.sleeper)
    }

    /// How the last collection of this process went.
    package var lastReport: GarbageReport? { state.withLock { $0.last } }
    /// What is remembered between collections.
    package var caution: GarbageCaution { state.withLock { $0.caution } }

    /// Brings the table up to date and reads what is remembered; after a long silence it holds filters back.
    ///
    /// - Throws: `DatabaseError`.
    package func load() async throws {
        try await journal.database.migrate(room: "upkeep-garbage", GarbageJournal.migrations)
        var caution = try await journal.load()
        caution.wake(at: clock.now(), settings)
        try await remember(caution)
        if let until = caution.heldUntil {
            logger.error(
                "garbage filters are held back: this database may be an old backup",
                metadata: ["until": "\(until)"])
        }
    }

    /// Notes that the satellite lives; to be called more often than `maximumGap`.
    ///
    /// - Throws: `DatabaseError`.
    package func noteAlive() async throws {
        var caution = caution
        caution.lastAlive = clock.now()
        try await remember(caution)
    }

    /// Looks once at all segments and sends the filters; while they are held back, has nodes restore their trash.
    ///
    /// - Throws: `UpkeepError`, `DatabaseError`, `CancellationError`; nodes that take no filter are in the report.
    @discardableResult
    package func collect() async throws -> GarbageReport {
        var caution = caution
        if caution.isHeld(at: clock.now(), settings) { return try await hold(caution) }
        let nodes = keepers()
        let filters = PieceFilters(
            expectedCounts: nodes.mapValues { $0.pieceCount > 0 ? Int($0.pieceCount) : settings.expectedPieceCount },
            settings: settings, random: random)
        let pass = try await loop.run([filters], isSnapshot: true)
        if let failure = pass.failures[filters.name] { throw UpkeepError.observerFailed(failure) }
        guard let found = filters.take() else { throw UpkeepError.observerFailed("there is no result") }
        caution.lastAlive = pass.start
        let verdict = caution.judge(seen: pass.segmentCount, newest: found.newest, start: pass.start, settings)
        try await remember(caution)
        var report = GarbageReport()
        report.segmentCount = pass.segmentCount
        switch verdict {
        case .doubted(let seen, let before): throw UpkeepError.suspiciouslyFewSegments(seen: seen, before: before)
        case .nothing: break
        case .send(let created):
            report.created = created
            report.filterBytes = found.filters.values.reduce(0) { $0 + $1.count }
            report.outcomes = try await sender.send(found.filters, to: nodes.mapValues(\.address), created: created)
        }
        finish(report)
        return report
    }

    /// Has every node take back what it put into its trash, and holds filters back for a while: the emergency brake.
    ///
    /// - Returns: the nodes, with the reason of those that did not; they are asked again by every collection while
    ///   filters are held back.
    /// - Throws: `DatabaseError`, `CancellationError`.
    @discardableResult
    package func restoreTrash() async throws -> [NodeID: String?] {
        var caution = caution
        caution.heldUntil = clock.now().advanced(by: settings.holdTime)
        try await remember(caution)
        state.withLock { $0.restored = [] }
        return try await restore()
    }

    /// Sends filters again from the next collection on.
    ///
    /// - Throws: `DatabaseError`.
    package func endHold() async throws {
        var caution = caution
        caution.heldUntil = nil
        try await remember(caution)
    }

    private func hold(_ caution: GarbageCaution) async throws -> GarbageReport {
        try await remember(caution)
        var report = GarbageReport()
        report.heldUntil = caution.heldUntil
        _ = try await restore()
        finish(report)
        return report
    }

    private func restore() async throws -> [NodeID: String?] {
        let done = state.withLock { $0.restored }
        let outcomes = try await sender.restoreTrash(of: keepers().filter { !done.contains($0.key) }.mapValues(\.address))
        state.withLock { state in
            state.restored.formUnion(outcomes.lazy.filter { $0.value == nil }.map(\.key))
        }
        return outcomes
    }

    /// Nodes that keep pieces for this satellite.
    private func keepers() -> [NodeID: NodeRecord] {
        let nodes = overlay.nodes().filter { $0.disqualifiedAt == nil && $0.exitFinishedAt == nil }
        return Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
    }

    private func remember(_ caution: GarbageCaution) async throws {
        try await journal.save(caution)
        state.withLock { state in
            state.caution = caution
            if caution.heldUntil == nil { state.restored = [] }
        }
    }

    private func finish(_ report: GarbageReport) {
        state.withLock { $0.last = report }
        logger.info(
            report.heldUntil == nil ? "garbage filters sent" : "garbage filters held back",
            metadata: [
                "segments": "\(report.segmentCount)", "sent": "\(report.sentCount)",
                "failed": "\(report.outcomes.count - report.sentCount)",
            ])
    }
}
