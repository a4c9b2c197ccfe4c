import Chores
import Synchronization

/// A sleeper whose sleeps end when the test says so.
final class TurnableSleeper: Sendable {
    private struct State {
        var nextID = 0
        var sleeping: [Int: CheckedContinuation<Void, any Error>] = [:]
        var requested: [Duration] = []
        var arrival: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    private let state = Mutex(State())

    var sleeper: Sleeper { Sleeper { try await self.sleep($0) } }

    /// The durations asked for so far.
    var requested: [Duration] { state.withLock { $0.requested } }

    /// Suspends until `count` sleeps have begun since the start of the test.
    func hasBegun(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.requested.count >= count { return true }
                state.arrival = (count, continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Ends all sleeps in progress.
    func wake() {
        let sleeping = state.withLock { state in
            defer { state.sleeping = [:] }
            return Array(state.sleeping.values)
        }
        for continuation in sleeping { continuation.resume() }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let arrival = state.withLock { state -> CheckedContinuation<Void, Never>? in
                    state.requested.append(duration)
                    state.sleeping[id] = continuation
                    guard let arrival = state.arrival, state.requested.count >= arrival.count else { return nil }
                    state.arrival = nil
                    return arrival.continuation
                }
                arrival?.resume()
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func cancel(_ id: Int) {
        let continuation = state.withLock { $0.sleeping.removeValue(forKey: id) }
        continuation?.resume(throwing: CancellationError())
    }
}
