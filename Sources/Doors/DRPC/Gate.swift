internal import Synchronization

/// Where tasks wait while it is closed: the one place in which this room suspends.
///
/// Opened and closed from anywhere, event loops included; passing costs a lock when it is open.
final class Gate: Sendable {
    private struct State {
        var isOpen: Bool
        var nextID: UInt64 = 0
        var waiters: [(id: UInt64, continuation: CheckedContinuation<Void, Never>)] = []
        var observer: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>

    init(isOpen: Bool) {
        state = Mutex(State(isOpen: isOpen))
    }

    /// Whether it is open now.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Lets everybody through until it is closed.
    func open() {
        unlock().resume()
    }

    /// Opens the gate without waking anybody yet: for callers that hold a lock, which whoever wakes might want.
    func unlock() -> Waiters {
        state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return Waiters(continuations: state.waiters.map(\.continuation), observer: state.observer)
        }
    }

    /// Tasks that stood before a gate when it opened; they wait until `resume`, which is called once.
    struct Waiters {
        static let none = Waiters(continuations: [], observer: nil)
        fileprivate let continuations: [CheckedContinuation<Void, Never>]
        fileprivate let observer: (@Sendable () -> Void)?

        func resume() {
            for continuation in continuations { continuation.resume() }
            observer?()
        }
    }

    /// Calls `observer` from now on whenever the gate is opened, on the thread that opens it; nil ends that.
    func observe(_ observer: (@Sendable () -> Void)?) {
        state.withLock { $0.observer = observer }
    }

    /// Makes the next comers wait.
    func close() {
        state.withLock { $0.isOpen = false }
    }

    /// Waits until the gate is open.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, also when the gate is open.
    func pass() async throws {
        try Task.checkCancellation()
        let id: UInt64? = state.withLock { state in
            if state.isOpen { return nil }
            state.nextID += 1
            return state.nextID
        }
        guard let id else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation before this point is seen here, a later one finds the waiter in the list.
                let isThrough = state.withLock { state in
                    if state.isOpen || Task.isCancelled { return true }
                    state.waiters.append((id, continuation))
                    return false
                }
                if isThrough { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
        try Task.checkCancellation()
    }
}
