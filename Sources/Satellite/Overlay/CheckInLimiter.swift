package import StorageModel

/// Bounds how often each node checks in: a bucket of tokens a node, in bounded memory.
package struct CheckInLimiter: Sendable {
    /// Nodes remembered at most; more than a public network has, and a few MB.
    package static let capacity = 100_000

    private struct Bucket: Sendable {
        var tokens: Double
        var updatedAt: Timestamp
    }

    private let interval: Duration
    private let burst: Double
    private var buckets: [NodeID: Bucket] = [:]

    /// One token every `interval`, at most `burst` of them.
    package init(interval: Duration, burst: Int) {
        self.interval = max(interval, .nanoseconds(1))
        self.burst = Double(max(1, burst))
    }

    /// Takes a token; false when the node has none left.
    package mutating func allow(_ node: NodeID, at now: Timestamp) -> Bool {
        var bucket = refilled(buckets[node] ?? Bucket(tokens: burst, updatedAt: now), at: now)
        let isAllowed = bucket.tokens >= 1
        if isAllowed { bucket.tokens -= 1 }
        if buckets.count >= Self.capacity, buckets[node] == nil { makeRoom(at: now) }
        buckets[node] = bucket
        return isAllowed
    }

    private func refilled(_ bucket: Bucket, at now: Timestamp) -> Bucket {
        let earned = max(0, now.duration(since: bucket.updatedAt) / interval)
        return Bucket(tokens: min(burst, bucket.tokens + earned), updatedAt: now)
    }

    /// Forgets full buckets, which are as good as none; when a flood left none, all.
    private mutating func makeRoom(at now: Timestamp) {
        buckets = buckets.filter { refilled($0.value, at: now).tokens < burst }
        if buckets.count >= Self.capacity { buckets.removeAll() }
    }
}
