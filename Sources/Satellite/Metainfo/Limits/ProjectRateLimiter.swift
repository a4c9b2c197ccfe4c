import StorageModel
import Synchronization

/// The classes of requests that are limited apart from one another.
///
/// - Source: protocol document 2 §1.1, column "rate".
enum RequestClass: Hashable, Sendable {
    case put, get, head, delete, list
}

/// One token bucket for every project and class of request.
final class ProjectRateLimiter: Sendable {
    private struct Key: Hashable {
        let project: ProjectID
        let kind: RequestClass
    }

    /// The most buckets kept; idle ones are forgotten first, and beyond it the limiter starts afresh.
    private static let maximumBuckets = 50_000

    private let buckets = Mutex<[Key: TokenBucket]>([:])
    private let clock: WallClock

    init(clock: WallClock) { self.clock = clock }

    /// Takes a permit; false when the project has used up its rate.
    func take(project: ProjectID, kind: RequestClass, limit: RateLimit) -> Bool {
        let now = clock.now().microseconds
        return buckets.withLock { buckets in
            if buckets.count >= Self.maximumBuckets { Self.forgetIdle(&buckets, limit, now) }
            return buckets[Key(project: project, kind: kind), default: TokenBucket()].take(limit, now: now)
        }
    }

    private static func forgetIdle(_ buckets: inout [Key: TokenBucket], _ limit: RateLimit, _ now: Int64) {
        buckets = buckets.filter { !$0.value.isIdle(limit, now: now) }
        if buckets.count >= maximumBuckets { buckets.removeAll() }
    }
}
