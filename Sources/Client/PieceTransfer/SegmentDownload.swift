import NIOCore
import StorageModel
import Synchronization

/// Where the tasks of one segment's download meet: one task a piece, one that decodes and delivers, one that looks at
/// the clock. One lock, taken once a message.
final class SegmentDownload: Sendable {
    private struct State {
        var machine: DownloadMachine
        /// Held pieces' tasks.
        var held: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Held pieces that may go on before their tasks have come to wait.
        var freed: Set<Int> = []

        /// Lets held piece `id` go on, now or when its task comes to wait.
        mutating func release(_ id: Int) -> CheckedContinuation<Void, Never>? {
            if let continuation = held.removeValue(forKey: id) { return continuation }
            freed.insert(id)
            return nil
        }
    }

    let clock: TransferClock
    private let crowd: DownloadCrowd
    /// Wakes the delivering task.
    private let signal = Signal()
    private let state: Mutex<State>

    init(machine: DownloadMachine, clock: TransferClock, crowd: DownloadCrowd) {
        self.clock = clock
        self.crowd = crowd
        state = Mutex(State(machine: machine))
    }

    /// What has happened so far.
    var report: DownloadReport { state.withLock { $0.machine.report } }

    // MARK: The pieces' side

    /// Takes bytes that continue piece `id`.
    func received(_ id: Int, _ data: ByteBuffer) -> DownloadMachine.Directive {
        let now = clock.now()
        let share = crowd.share
        let (directive, isReady) = state.withLock { state in
            state.machine.memoryShare = share
            return (state.machine.received(id, data, now: now), state.machine.isWindowReady)
        }
        if isReady { signal.set() }
        return directive
    }

    /// Notes that piece `id` has failed.
    func failed(_ id: Int, reason: String, isLie: Bool) {
        state.withLock { $0.machine.failed(id, reason: reason, isLie: isLie) }
        signal.set()
    }

    /// Waits until the others have caught up with held piece `id`.
    ///
    /// - Throws: `CancellationError`.
    func room(_ id: Int) async throws {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.freed.remove(id) != nil || Task.isCancelled { return true }
                    state.held[id] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.held.removeValue(forKey: id) }?.resume()
        }
        try Task.checkCancellation()
    }

    // MARK: The clock's side

    /// Looks for stalled nodes.
    ///
    /// - Returns: those that have just stalled.
    func check() -> [NodeID] {
        let now = clock.now()
        let stalled = state.withLock { $0.machine.check(now: now) }
        signal.set()
        return stalled
    }

    // MARK: The delivering side

    /// Takes what the satellite offers, best first.
    func offer(_ ranked: [PieceOffer], goodCount: Int) {
        state.withLock { $0.machine.offer(ranked, goodCount: goodCount) }
    }

    /// Goes on without fresh limits, if that is possible.
    func refuseMore() -> Bool {
        state.withLock { state in
            state.machine.refuseMore()
            return state.machine.canGoOn
        }
    }

    /// Notes that the caller has taken a window.
    func delivered() {
        let now = clock.now()
        state.withLock { $0.machine.delivered(now: now) }
    }

    /// What to do next.
    func nextStep() -> DownloadMachine.Step {
        let now = clock.now()
        let (step, free) = state.withLock { state -> (DownloadMachine.Step, [CheckedContinuation<Void, Never>]) in
            let step = state.machine.nextStep(now: now)
            guard case .deliver = step else { return (step, []) }
            return (step, state.machine.releaseHeld(now: now).compactMap { state.release($0) })
        }
        for continuation in free { continuation.resume() }
        return step
    }

    /// Notes pieces whose shares were wrong.
    func corrected(_ numbers: Set<Int>) {
        state.withLock { $0.machine.corrected(numbers) }
    }

    /// Waits until something happens or the task is cancelled.
    func wait() async { await signal.wait() }
}
