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
        var isSending = false
        /// Those who wait until nothing is being sent.
        var waiting: [CheckedContinuation<Void, Never>] = []
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
        let stored = try await journal.load()
        try await remember { caution in
            caution = stored
            caution.wake(at: clock.now(), settings)
        }
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
        try await remember { $0.lastAlive = clock.now() }
    }

    /// Looks once at all segments and sends the filters; while they are held back, has nodes restore their trash.
    ///
    /// - Throws: `UpkeepError`, `DatabaseError`, `CancellationError`; nodes that take no filter are in the report.
    @discardableResult
    package func collect() async throws -> GarbageReport {
        if try await remember({ $0.isHeld(at: clock.now(), settings) }) { return try await hold() }
        let nodes = keepers()
        let filters = PieceFilters(
            expectedCounts: nodes.mapValues { $0.pieceCount > 0 ? Int($0.pieceCount) : settings.expectedPieceCount },
            settings: settings, random: random)
        let pass = try await loop.run([filters], isSnapshot: true)
        if let failure = pass.failures[filters.name] { throw UpkeepError.observerFailed(failure) }
        guard let found = filters.take() else { throw UpkeepError.observerFailed("there is no result") }
        let verdict = try await remember { caution in
            caution.lastAlive = pass.start
            return caution.judge(seen: pass.segmentCount, newest: found.newest, start: pass.start, settings)
        }
        var report = GarbageReport()
        report.segmentCount = pass.segmentCount
        switch verdict {
        case .doubted(let seen, let before): throw UpkeepError.suspiciouslyFewSegments(seen: seen, before: before)
        case .nothing: break
        case .send(let created):
            report.created = created
            report.filterBytes = found.filters.values.reduce(0) { $0 + $1.count }
            report.outcomes = try await send(found.filters, to: nodes.mapValues(\.address), created: created)
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
        try await remember { $0.heldUntil = clock.now().advanced(by: settings.holdTime) }
        // A filter that is on its way to a node must not come after the order to restore.
        await waitUntilSent()
        state.withLock { $0.restored = [] }
        return try await restore()
    }

    /// Sends filters again from the next collection on.
    ///
    /// - Throws: `DatabaseError`.
    package func endHold() async throws {
        try await remember { $0.heldUntil = nil }
    }

    private func hold() async throws -> GarbageReport {
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

    /// Sends filters unless they are held back meanwhile; no two sendings overlap with a restoration.
    private func send(
        _ filters: [NodeID: [UInt8]], to addresses: [NodeID: String], created: Timestamp
    ) async throws -> [NodeID: String?] {
        state.withLock { $0.isSending = true }
        defer {
            let waiting = state.withLock { state in
                state.isSending = false
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
        return try await sender.send(filters, to: addresses, created: created) { self.caution.heldUntil == nil }
    }

    private func waitUntilSent() async {
        await withCheckedContinuation { continuation in
            let isSending = state.withLock { state in
                if state.isSending { state.waiting.append(continuation) }
                return state.isSending
            }
            if !isSending { continuation.resume() }
        }
    }

    /// Changes what is remembered, in memory and on the disk; several may do so at once.
    private func remember<Result>(_ change: (inout GarbageCaution) throws -> Result) async throws -> Result {
        let result = try state.withLock { state in
            let result = try change(&state.caution)
            if state.caution.heldUntil == nil { state.restored = [] }
            return result
        }
        // What is newest when it is written counts, in whatever order the writes come.
        try await journal.save { self.state.withLock { $0.caution } }
        return result
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
