import StorageModel
import Synchronization

/// A bounded cache whose entries age, and which a change empties.
///
/// A value read before a change and stored after it would be stale for a whole lifetime; the generation taken before
/// reading prevents that.
final class AccountsCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var generation = 0
        var entries: [Key: (value: Value, readAt: Timestamp)] = [:]
    }

    private let capacity: Int
    private let lifetime: Duration
    private let state = Mutex(State())

    init(capacity: Int, lifetime: Duration) {
        self.capacity = capacity
        self.lifetime = lifetime
    }

    /// The value when it is young enough, and the generation to pass to `store` otherwise.
    func value(for key: Key, at now: Timestamp) -> (value: Value?, generation: Int) {
        state.withLock { state in
            guard let entry = state.entries[key], now.duration(since: entry.readAt) < lifetime else {
                return (nil, state.generation)
            }
            return (entry.value, state.generation)
        }
    }

    /// Keeps a value unless something changed since `generation` was taken.
    func store(_ value: Value, for key: Key, at now: Timestamp, generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.entries.count >= capacity { state.entries.removeAll(keepingCapacity: true) }
            state.entries[key] = (value, now)
        }
    }

    /// Forgets everything, and what is being read now.
    func invalidate() {
        state.withLock { state in
            state.generation += 1
            state.entries.removeAll(keepingCapacity: true)
        }
    }
}
