import Synchronization

/// Memory that several tasks share: who wants more than is left waits, in the order of asking.
final class MemoryBudget: Sendable {
    private struct Waiter {
        let id: Int
        let size: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var used = 0
        var waiters: [Waiter] = []
        var nextID = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// A budget of so many bytes, at least 0.
    init(capacity: Int) { self.capacity = capacity }

    /// Bytes given out.
    var used: Int { state.withLock { $0.used } }

    /// Does something with so many bytes of the budget; with all of it when it wants more.
    ///
    /// - Throws: `CancellationError` while waiting, what `body` throws.
    func with<Result>(_ size: Int, _ body: () async throws -> Result) async throws -> Result {
        let size = min(size, capacity)
        try await take(size)
        defer { give(size) }
        return try await body()
    }

    private func take(_ size: Int) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isTaken = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.waiters.isEmpty, state.used + size <= capacity {
                        state.used += size
                        return true
                    }
                    state.waiters.append(Waiter(id: id, size: size, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: false)
            // Who waited behind a large one may go now.
            serve()
        }
        if !isTaken { throw CancellationError() }
    }

    private func give(_ size: Int) {
        state.withLock { $0.used -= size }
        serve()
    }

    private func serve() {
        let served = state.withLock { state in
            var served: [Waiter] = []
            while let first = state.waiters.first, state.used + first.size <= capacity {
                state.used += first.size
                served.append(state.waiters.removeFirst())
            }
            return served
        }
        for waiter in served { waiter.continuation.resume(returning: true) }
    }
}
