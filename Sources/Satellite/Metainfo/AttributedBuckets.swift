import Metabase
import Synchronization

/// Remembers the buckets whose attribution was looked after, so that uploads do not ask for it each time.
final class AttributedBuckets: Sendable {
    private static let maximumCount = 100_000
    private let buckets = Mutex<Set<BucketID>>([])

    /// Whether the bucket is new here.
    func insert(_ bucket: BucketID) -> Bool {
        buckets.withLock { buckets in
            if buckets.count >= Self.maximumCount { buckets.removeAll() }
            return buckets.insert(bucket).inserted
        }
    }
}
