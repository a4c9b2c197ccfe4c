package import StorageModel
import Synchronization

/// Bounds how often one key is written or read, in memory that does not grow with the number of keys.
///
/// Three arrays of buckets are indexed by three hashes of the key, and a request passes when any of its three buckets
/// has a permit: two keys that meet in one array hardly meet in all of them.
/// - Source: protocol document 2 §3.8.
package final class ObjectRateLimiter: Sendable {
    private static let bucketCount = 4096

    private let buckets = Mutex([TokenBucket](repeating: TokenBucket(), count: 3 * bucketCount))
    private let limit: RateLimit?
    private let clock: WallClock

    /// A limiter; nil lets everything pass.
    package init(limit: RateLimit?, clock: WallClock) {
        self.limit = limit
        self.clock = clock
    }

    /// Takes a permit for `key` in `bucket` of `project`; false when the key is used too often.
    package func take(project: ProjectID, bucket: [UInt8], key: [UInt8]) -> Bool {
        guard let limit else { return true }
        var hasher = Hasher()
        hasher.combine(project)
        hasher.combine(bucket)
        hasher.combine(key)
        let hash = UInt(bitPattern: hasher.finalize())
        let now = clock.now().microseconds
        return buckets.withLock { buckets in
            var passes = false
            for row in 0..<3 {
                let column = Int(hash >> UInt(row * 20) & UInt(Self.bucketCount - 1))
                if buckets[row * Self.bucketCount + column].take(limit, now: now) { passes = true }
            }
            return passes
        }
    }
}
