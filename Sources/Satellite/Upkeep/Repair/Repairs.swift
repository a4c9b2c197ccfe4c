package import Chores
import Logging
package import StorageModel
import Synchronization

/// Repair: finds segments that have lost pieces and gives them new ones, those in the greatest danger first.
///
///     ranged loop ─► checker ─► queue ─► workers ─► nodes, metadata
///                └─► lost pieces (what nodes report themselves) ─┘
package final class Repairs: Sendable {
    private let parts: UpkeepParts
    private let settings: RepairSettings
    private let queue: RepairQueue
    private let tools: RepairTools
    /// To be shown all segments.
    package let checker: RepairChecker
    /// To be shown all segments: takes out what nodes say they have lost.
    package let lostPieces: LostPieces

    /// Repair of a satellite's segments; call `load()` before anything else.
    package init(parts: UpkeepParts, settings: RepairSettings) {
        self.parts = parts
        self.settings = settings
        queue = RepairQueue(database: parts.database)
        tools = RepairTools(parts: parts, settings: settings)
        checker = RepairChecker(overlay: parts.overlay, queue: queue, settings: settings, logger: parts.logger)
        lostPieces = LostPieces(parts: parts, queue: queue, settings: settings)
    }

    /// Brings the room's table to today's form.
    ///
    /// - Throws: `DatabaseError`.
    package func load() async throws { try await queue.migrate() }

    /// The recurring work, to be run as a service; call once. It stops between two batches when it is paused; with an
    /// interval of zero it only runs when it is triggered.
    package func makeChores() -> [Cycle] {
        let box = CycleBox()
        let isManual = settings.interval == .zero
        let repair = Cycle(
            name: "repair", interval: isManual ? .seconds(24 * 3600) : settings.interval,
            startsImmediately: !isManual, sleeper: parts.sleeper,
            clock: parts.clock, logger: parts.logger
        ) { [self] in
            let hasMore = try await runOnce()
            // One batch a run: a pause, a stop, or what has become more urgent is never far away.
            if hasMore, let repair = box.cycle, isManual || !repair.status.isPaused { repair.trigger() }
        }
        if isManual { repair.pause() }
        box.cycle = repair
        return [repair]
    }

    /// Segments in one batch, for each one that is repaired at the same time.
    private static let batchFactor = 8

    /// Repairs a batch of what is due, several segments at the same time.
    ///
    /// - Returns: whether more is due.
    /// - Throws: `DatabaseError`, `CancellationError`; what goes wrong with one segment is noted with it.
    @discardableResult
    package func runOnce() async throws -> Bool {
        let moment = parts.clock.now().advanced(by: .zero - settings.retryInterval)
        let running = Set(tools.tally.running.map(\.place))
        let count = settings.concurrency * Self.batchFactor
        let batch = try await queue.due(count, notTriedSince: moment, without: running)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, row) in batch.enumerated() {
                if index >= settings.concurrency { try await group.next() }
                group.addTask { _ = try await self.repair(row.place) }
            }
            try await group.waitForAll()
        }
        return batch.count == count
    }

    /// Repairs everything that is due, without regard to pauses: for tests and for `storj-bench`.
    ///
    /// - Throws: `DatabaseError`, `CancellationError`.
    package func runUntilEmpty() async throws {
        while try await runOnce() {}
    }

    /// Repairs one segment now, whatever the queue says of it.
    ///
    /// - Returns: how it ended; nil when it is being repaired already.
    /// - Throws: `DatabaseError`, `CancellationError`.
    package func repair(_ place: SegmentPlace) async throws -> RepairOutcome? {
        guard tools.tally.begin(place, at: parts.clock.now()) else { return nil }
        let outcome: RepairOutcome
        do {
            let (tools, tally) = (tools, tools.tally)
            outcome = try await parts.sleeper.limit(to: settings.jobTime) {
                try await RepairJob(place: place, tools: tools) { tally.step(place, $0) }.run()
            }
        } catch let error as CancellationError {
            tools.tally.abandon(place)
            throw error
        } catch {
            // A database that fails, too: the row stays, and the others get their turn.
            outcome = .failed("\(error)")
        }
        tools.tally.end(place, outcome, at: parts.clock.now())
        try await note(place, outcome)
        return outcome
    }

    private func note(_ place: SegmentPlace, _ outcome: RepairOutcome) async throws {
        guard let problem = outcome.problem else {
            if case .repaired(let pieces) = outcome {
                parts.logger.info(
                    "segment repaired",
                    metadata: [
                        "segment": "\(place)", "added": "\(pieces.added)", "removed": "\(pieces.removed)",
                        "healthy": "\(pieces.healthyAfter)",
                    ])
            }
            return try await queue.remove(place)
        }
        parts.logger.warning("segment not repaired", metadata: ["segment": "\(place)", "problem": "\(problem)"])
        try await queue.noteFailure(place, problem: problem, counts: outcome.counts, at: parts.clock.now())
    }

    /// Lets everything be tried again at once.
    ///
    /// - Throws: `DatabaseError`.
    package func retryAll() async throws { try await queue.forgetAttempts() }

    /// Of segments of a stream those that wait for repair.
    ///
    /// - Parameter positions: one look-up each; at most some thousand.
    /// - Throws: `DatabaseError`.
    package func waiting(of stream: StreamID, at positions: [SegmentPosition]) async throws -> Set<SegmentPosition> {
        try await queue.waiting(of: stream, at: positions)
    }

    /// How things stand.
    ///
    /// - Throws: `DatabaseError`.
    package func status() async throws -> RepairStatus {
        var status = RepairStatus()
        let moment = parts.clock.now().advanced(by: .zero - settings.retryInterval)
        (status.queueLength, status.dueCount, status.irreparableCount) = try await queue.counts(notTriedSince: moment)
        status.irreparable = try await queue.list(100, onlyIrreparable: true)
        status.next = try await queue.list(100)
        tools.tally.fill(&status)
        return status
    }
}

extension RepairOutcome {
    /// What is known of the segment's pieces now.
    fileprivate var counts: (healthy: Int, retrievable: Int)? {
        switch self {
        case .repaired(let pieces): (pieces.healthyAfter, pieces.retrievableAfter)
        default: nil
        }
    }
}

/// The cycle, for the work that triggers it again. Written once, before it runs.
private final class CycleBox: Sendable {
    private let state = Mutex<Cycle?>(nil)

    var cycle: Cycle? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
