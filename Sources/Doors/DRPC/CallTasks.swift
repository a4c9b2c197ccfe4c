internal import Synchronization

/// The tasks in which a server's handlers run: the one place where the event loops' world enters the tasks' world.
///
/// A call begins when its Invoke arrives on an event loop, where no task is to be a child of. So this is where tasks are
/// made without a parent, and kept: each can be cancelled by its caller, and a server that stops waits for all.
final class CallTasks: Sendable {
    private struct State {
        var tasks: [ObjectIdentifier: Task<Void, Never>] = [:]
        var isCancelled = false
    }

    private let state = Mutex(State())
    /// Open while no call runs.
    let idle = Gate(isOpen: true)

    /// Runs `body` for `call`; at once cancelled when the server has stopped.
    func start(
        _ call: ServerCall, on executor: EventLoopTaskExecutor?, _ body: @escaping @Sendable () async -> Void
    ) {
        let key = ObjectIdentifier(call)
        state.withLock { state in
            if state.tasks.isEmpty { idle.close() }
            // The task removes itself under this lock, so it is always found there before.
            let task = Task(executorPreference: executor) {
                await body()
                self.finish(key)
            }
            state.tasks[key] = task
            if state.isCancelled { task.cancel() }
        }
    }

    /// Cancels the task of `call`, if it still runs.
    func cancel(_ call: ServerCall) {
        state.withLock { $0.tasks[ObjectIdentifier(call)] }?.cancel()
    }

    /// Cancels all tasks, those that come later included.
    func cancelAll() {
        let tasks = state.withLock { state in
            state.isCancelled = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
    }

    private func finish(_ key: ObjectIdentifier) {
        state.withLock { state in
            state.tasks[key] = nil
            if state.tasks.isEmpty { idle.open() }
        }
    }
}
