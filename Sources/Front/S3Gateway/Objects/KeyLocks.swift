import Synchronization

/// Lets one change of a key at a time through: whoever checks what is there and then commits holds the key meanwhile.
///
/// It orders the requests of one gateway. Several gateways before one bucket are not ordered by it; against them only
/// `If-None-Match: *` is safe, which the satellite itself checks.
package final class KeyLocks: Sendable {
    private struct Place: Hashable {
        let bucket: String
        let key: String
    }

    private struct Waiter {
        let number: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        /// Of each key that is held, who waits for it.
        var held: [Place: [Waiter]] = [:]
        var nextNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Runs while no other holder has the key.
    ///
    /// - Throws: what `body` throws; `CancellationError` while it waits.
    package func with<Result>(
        _ bucket: String, _ key: String, _ body: () async throws -> Result
    ) async throws -> Result {
        try await with(bucket, [key], body)
    }

    /// Runs while no other holder has any of the keys.
    package func with<Result>(
        _ bucket: String, _ keys: [String], _ body: () async throws -> Result
    ) async throws -> Result {
        // All take several keys in one order, so that nobody waits for who waits for him.
        let places = Set(keys).sorted().map { Place(bucket: bucket, key: $0) }
        var taken = 0
        defer { places.prefix(taken).forEach(release) }
        for place in places {
            try await take(place)
            taken += 1
        }
        return try await body()
    }

    private func take(_ place: Place) async throws {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isTaken = state.withLock { state in
                    guard state.held[place] != nil else {
                        state.held[place] = []
                        return true
                    }
                    state.held[place]?.append(Waiter(number: number, continuation: continuation))
                    return false
                }
                if isTaken {
                    continuation.resume()
                } else if Task.isCancelled {
                    // The handler may have run before the waiter stood in the row.
                    cancel(number, at: place)
                }
            }
        } onCancel: {
            cancel(number, at: place)
        }
    }

    private func cancel(_ number: UInt64, at place: Place) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.held[place]?.firstIndex(where: { $0.number == number }) else { return nil }
            return state.held[place]?.remove(at: index)
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    private func release(_ place: Place) {
        let next = state.withLock { state -> Waiter? in
            guard let waiters = state.held[place], !waiters.isEmpty else {
                state.held[place] = nil
                return nil
            }
            return state.held[place]?.removeFirst()
        }
        next?.continuation.resume()
    }
}
