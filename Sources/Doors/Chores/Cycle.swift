package import Logging
import ServiceLifecycle
package import StorageModel
import Synchronization

/// Recurring work: runs every interval, can be paused, slowed down, triggered and stopped, and shows its state.
///
///     run(): ┌► sleep(interval) ─or trigger─► work ─┐      shutdown cuts the sleep, never the work;
///            └──────────────────────────────────────┘      `finish` runs once after the last work
///
/// Two runs of one cycle never overlap. A failing run is counted and logged; it does not end the cycle.
package final class Cycle: Service, Sendable {
    private struct State {
        var interval: Duration
        var isPaused = false
        var isTriggered = false
        var isRunning = false
        var isStopping = false
        var runCount = 0
        var failureCount = 0
        var lastStart: Timestamp?
        var lastEnd: Timestamp?
        var lastError: String?
    }

    /// The chore's name, unique in a program.
    package let name: String
    private let startsImmediately: Bool
    private let sleeper: Sleeper
    private let clock: WallClock
    private let logger: Logger
    private let work: @Sendable () async throws -> Void
    private let finish: (@Sendable () async throws -> Void)?
    private let state: Mutex<State>
    private let signal = WakeSignal()
    private let turnstile = Turnstile()

    /// Recurring `work`.
    ///
    /// - Parameters:
    ///   - interval: the pause between the end of a run and the next; greater than zero.
    ///   - startsImmediately: whether the first run comes at once instead of after one interval.
    ///   - finish: runs once after the last run on shutdown, for instance to write what is still buffered.
    package init(
        name: String, interval: Duration, startsImmediately: Bool = false, sleeper: Sleeper, clock: WallClock,
        logger: Logger, finish: (@Sendable () async throws -> Void)? = nil,
        work: @escaping @Sendable () async throws -> Void
    ) {
        precondition(interval > .zero, "a cycle without pause would never let go of the processor")
        self.name = name
        self.startsImmediately = startsImmediately
        self.sleeper = sleeper
        self.clock = clock
        self.logger = logger
        self.work = work
        self.finish = finish
        state = Mutex(State(interval: interval))
    }

    /// Runs until graceful shutdown or cancellation, then finishes.
    package func run() async throws {
        if startsImmediately { trigger() }
        await withGracefulShutdownHandler {
            while !isStopping {
                await waitForNextRun()
                if takeTrigger() { await performInBackground() }
            }
        } onGracefulShutdown: {
            self.state.withLock { $0.isStopping = true }
            self.signal.signal()
        }
        if let finish {
            do { try await finish() } catch {
                logger.error("chore could not finish", metadata: ["chore": "\(name)", "error": "\(error)"])
            }
        }
    }

    /// Makes the running cycle work once, soon; several triggers before that are one. Works while paused.
    package func trigger() {
        state.withLock { $0.isTriggered = true }
        signal.signal()
    }

    /// Works once in the caller's task, after a run in progress; needs no `run()`, so tests call it directly.
    ///
    /// - Throws: what the work throws.
    package func triggerAndWait() async throws {
        if let error = await perform() { throw error }
    }

    /// Stops the recurring runs; triggers still work. A run in progress is not interrupted.
    package func pause() {
        state.withLock { $0.isPaused = true }
        signal.signal()
    }

    /// Starts the recurring runs again, the next one after a full interval.
    package func resume() {
        state.withLock { $0.isPaused = false }
        signal.signal()
    }

    /// Slows the cycle down or speeds it up; the wait in progress starts again.
    package func setInterval(_ interval: Duration) {
        precondition(interval > .zero, "a cycle without pause would never let go of the processor")
        state.withLock { $0.interval = interval }
        signal.signal()
    }

    /// The state for operators.
    package var status: CycleStatus {
        state.withLock { state in
            CycleStatus(
                name: name, interval: state.interval, isPaused: state.isPaused, isRunning: state.isRunning,
                runCount: state.runCount, failureCount: state.failureCount, lastStart: state.lastStart,
                lastEnd: state.lastEnd, lastError: state.lastError)
        }
    }

    /// Returns when the interval is over (which counts as a trigger) or when something changed.
    private func waitForNextRun() async {
        let (interval, isPaused) = state.withLock { ($0.interval, $0.isPaused) }
        let signal = signal
        let sleeper = sleeper
        let isOver = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await signal.wait()
                return false
            }
            if !isPaused {
                group.addTask {
                    // A cut sleep is not the end of the interval; why it was cut is for the loop to see.
                    do { try await sleeper.sleep(interval) } catch { return false }
                    return true
                }
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
        if isOver { state.withLock { $0.isTriggered = $0.isTriggered || !$0.isPaused } }
    }

    private var isStopping: Bool { Task.isCancelled || state.withLock { $0.isStopping } }

    private func takeTrigger() -> Bool {
        if isStopping { return false }
        return state.withLock { state in
            defer { state.isTriggered = false }
            return state.isTriggered
        }
    }

    private func performInBackground() async {
        guard let error = await perform() else { return }
        logger.error("chore failed", metadata: ["chore": "\(name)", "error": "\(error)"])
    }

    private func perform() async -> (any Error)? {
        await turnstile.enter()
        defer { turnstile.leave() }
        let start = clock.now()
        state.withLock { state in
            state.isRunning = true
            state.lastStart = start
        }
        var failure: (any Error)?
        do { try await work() } catch { failure = error }
        let end = clock.now()
        state.withLock { state in
            state.isRunning = false
            state.runCount += 1
            state.lastEnd = end
            state.lastError = failure.map { "\($0)" }
            if failure != nil { state.failureCount += 1 }
        }
        return failure
    }
}
