/// How often something may be done: a steady rate and how much of it may come at once.
package struct RateLimit: Hashable, Sendable {
    /// Permits gained each second, at least 0.
    package var perSecond: Int
    /// The most permits saved up; with 0 nothing is ever allowed.
    package var burst: Int

    /// A limit.
    package init(perSecond: Int, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }

    /// Whether the limit forbids everything, which the field uses to switch a project off.
    package var forbidsAll: Bool { perSecond <= 0 && burst <= 0 }
}

/// A token bucket as a value: permits are counted in microseconds of waiting, so there is no floating point.
package struct TokenBucket: Sendable {
    /// The moment, in microseconds, from which the bucket has been full.
    private var emptyUntil: Int64 = .min

    /// A full bucket.
    package init() {}

    /// Takes one permit at `now` (microseconds); false when none is left.
    package mutating func take(_ limit: RateLimit, now: Int64) -> Bool {
        guard limit.perSecond > 0, limit.burst > 0 else { return false }
        let interval = max(1, 1_000_000 / Int64(limit.perSecond))
        let capacity = interval * Int64(limit.burst)
        let start = max(emptyUntil, now - capacity)
        guard start + interval <= now else { return false }
        emptyUntil = start + interval
        return true
    }

    /// Whether the bucket is full at `now`, so that forgetting it changes nothing.
    func isIdle(_ limit: RateLimit, now: Int64) -> Bool {
        guard limit.perSecond > 0 else { return true }
        return emptyUntil <= now - max(1, 1_000_000 / Int64(limit.perSecond)) * Int64(limit.burst)
    }
}
