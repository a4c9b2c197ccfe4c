import Synchronization

/// The active buckets in memory. Only the writer fills it, inside transactions, and forgets what it changes, so that what
/// it holds is never older than the newest write.
///
/// One process owns the database; a second satellite on the same tables would need another answer.
final class BucketCache: Sendable {
    private struct State {
        var byLocation: [BucketLocation: Bucket] = [:]
        var locations: [BucketID: BucketLocation] = [:]
    }

    /// Buckets kept; beyond it everything is forgotten and filled again.
    private static let maximumCount = 50_000

    private let state = Mutex(State())

    func find(_ location: BucketLocation) -> Bucket? {
        state.withLock { $0.byLocation[location] }
    }

    func find(_ id: BucketID) -> Bucket? {
        state.withLock { state in state.locations[id].flatMap { state.byLocation[$0] } }
    }

    func insert(_ bucket: Bucket) {
        state.withLock { state in
            if state.byLocation.count >= Self.maximumCount { state = State() }
            state.byLocation[bucket.location] = bucket
            state.locations[bucket.id] = bucket.location
        }
    }

    func forget(_ bucket: Bucket) {
        state.withLock { state in
            state.byLocation[bucket.location] = nil
            state.locations[bucket.id] = nil
        }
    }

    func clear() {
        state.withLock { $0 = State() }
    }
}
