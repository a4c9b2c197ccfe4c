package import StorageModel
import Synchronization

/// Lets each key do something only so often: a bucket of tokens per key, with room for so many keys.
///
/// When there are too many keys, the fullest buckets are forgotten first: they are those of whom asked longest ago.
package final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Timestamp
    }

    private let capacity: Double
    private let refillSeconds: Double
    private let maximumKeys: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameters:
    ///   - capacity: what a key may do at once, at least 1.
    ///   - refill: after how long one more is allowed.
    ///   - maximumKeys: how many keys are remembered.
    package init(capacity: Int, refill: Duration, maximumKeys: Int = 10_000) {
        precondition(capacity > 0 && refill > .zero && maximumKeys > 0, "a limiter allows something, sometimes, to somebody")
        self.capacity = Double(capacity)
        refillSeconds = refill / .seconds(1)
        self.maximumKeys = maximumKeys
    }

    /// Takes a token; false when the key has none left.
    package func take(_ key: String, at now: Timestamp) -> Bool {
        buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(tokens: capacity, at: now)
            bucket.tokens = min(capacity, bucket.tokens + max(0, now.duration(since: bucket.at) / .seconds(refillSeconds)))
            bucket.at = now
            let isAllowed = bucket.tokens >= 1
            if isAllowed { bucket.tokens -= 1 }
            if buckets[key] == nil, buckets.count >= maximumKeys { forget(&buckets, now) }
            buckets[key] = bucket
            return isAllowed
        }
    }

    /// Forgets a tenth of the keys, or all whose buckets are full again.
    private func forget(_ buckets: inout [String: Bucket], _ now: Timestamp) {
        let refillSeconds = refillSeconds
        func fullness(_ bucket: Bucket) -> Double { bucket.tokens + now.duration(since: bucket.at) / .seconds(refillSeconds) }
        buckets = buckets.filter { fullness($0.value) < capacity }
        guard buckets.count >= maximumKeys else { return }
        let fullest = buckets.sorted { fullness($0.value) > fullness($1.value) }.prefix(max(1, maximumKeys / 10))
        for (key, _) in fullest { buckets[key] = nil }
    }
}
