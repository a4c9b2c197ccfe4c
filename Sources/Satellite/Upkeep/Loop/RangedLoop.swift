package import Logging
package import Metabase
package import StorageModel
import Synchronization

/// One pass over all segments for many observers, in parallel ranges.
///
///     begin ─► range 1: fork ─► process, process, … ─► join ─┐
///              range 2: fork ─► process, process, … ─► join ─┴─► finish
///
/// - Source: protocol document 3 §6.1.
package final class RangedLoop: Sendable {
    private let metabase: Metabase
    private let settings: RangedLoopSettings
    private let clock: WallClock
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var progress = RangedLoopProgress()
        var failures: [String: String] = [:]
    }

    /// A loop over a metabase.
    package init(metabase: Metabase, settings: RangedLoopSettings, clock: WallClock, logger: Logger) {
        self.metabase = metabase
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    /// How far the current pass is, and how the last one went.
    package var progress: RangedLoopProgress { state.withLock { $0.progress } }

    /// Makes one pass. Only one runs at a time: callers see to that with a `Cycle`.
    ///
    /// - Parameter isSnapshot: whether all segments are shown as of one moment; there is one range then.
    /// - Throws: `DatabaseError`, `CancellationError`; what observers throw is reported, not thrown.
    @discardableResult
    package func run(_ observers: [any SegmentObserver], isSnapshot: Bool = false) async throws -> RangedLoopReport {
        var pass = RangedLoopPass(start: clock.now())
        state.withLock { state in
            state.failures = [:]
            state.progress.isRunning = true
            state.progress.segmentCount = 0
            state.progress.start = pass.start
        }
        defer { state.withLock { $0.progress.isRunning = false } }
        var active: [any SegmentObserver] = []
        for observer in observers where await succeeds(observer, { try await observer.begin(pass) }) {
            active.append(observer)
        }
        let ranges = isSnapshot ? [.all] : try await metabase.scanRanges(settings.parallelism)
        let chosen = active
        try await withThrowingTaskGroup { group in
            for range in ranges {
                group.addTask { try await self.scan(range, chosen) }
            }
            try await group.waitForAll()
        }
        pass.segmentCount = state.withLock { $0.progress.segmentCount }
        let finished = pass
        for observer in active where !hasFailed(observer) {
            _ = await succeeds(observer) { try await observer.finish(finished) }
        }
        return report(finished, observers)
    }

    private func report(_ pass: RangedLoopPass, _ observers: [any SegmentObserver]) -> RangedLoopReport {
        let report = state.withLock { state in
            let report = RangedLoopReport(
                start: pass.start, end: clock.now(), segmentCount: pass.segmentCount, failures: state.failures)
            state.progress.last = report
            return report
        }
        logger.info(
            "pass over all segments done",
            metadata: [
                "segments": "\(report.segmentCount)", "failed_observers": "\(report.failures.keys.sorted())",
            ])
        return report
    }

    private func scan(_ range: ScanRange, _ observers: [any SegmentObserver]) async throws {
        let forks = Forks()
        let size = settings.batchSize
        let stop = StopFlag()
        // The scan runs on a database thread, which knows nothing of this task.
        try await withTaskCancellationHandler {
            try await metabase.scan(range, batchSize: size) { nodes in
                for observer in observers { self.attempt(observer) { forks.add(observer, try observer.fork(nodes)) } }
            } _: { segments in
                forks.each { observer, fork in self.attempt(observer) { try fork.process(segments) } }
                self.state.withLock { $0.progress.segmentCount += segments.count }
                return !stop.isSet
            }
        } onCancel: {
            stop.set()
        }
        try Task.checkCancellation()
        forks.each { observer, fork in self.attempt(observer) { try observer.join(fork) } }
    }

    private func hasFailed(_ observer: any SegmentObserver) -> Bool {
        state.withLock { $0.failures[observer.name] != nil }
    }

    private func attempt(_ observer: any SegmentObserver, _ step: () throws -> Void) {
        if hasFailed(observer) { return }
        do { try step() } catch { fail(observer, error) }
    }

    private func succeeds(_ observer: any SegmentObserver, _ step: () async throws -> Void) async -> Bool {
        do {
            try await step()
            return true
        } catch {
            fail(observer, error)
            return false
        }
    }

    private func fail(_ observer: any SegmentObserver, _ error: any Error) {
        state.withLock { $0.failures[observer.name] = "\(error)" }
        logger.error("observer failed", metadata: ["observer": "\(observer.name)", "error": "\(error)"])
    }
}

/// Tells a scan that nobody waits for it any more.
private final class StopFlag: Sendable {
    private let flag = Mutex(false)

    var isSet: Bool { flag.withLock { $0 } }

    func set() { flag.withLock { $0 = true } }
}

/// The forks of one range. Handed from the scan's thread to whoever joins, never used by two at once.
private final class Forks: @unchecked Sendable {
    private var forks: [(any SegmentObserver, any SegmentFork)] = []

    func add(_ observer: any SegmentObserver, _ fork: any SegmentFork) { forks.append((observer, fork)) }

    func each(_ body: (any SegmentObserver, any SegmentFork) -> Void) {
        for (observer, fork) in forks { body(observer, fork) }
    }
}
