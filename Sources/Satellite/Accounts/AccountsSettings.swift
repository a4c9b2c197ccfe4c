/// What the room lets an operator choose.
package struct AccountsSettings: Sendable, Hashable {
    /// Limits of projects that have none of their own.
    package var defaultLimits = EffectiveLimits(
        storageBytes: 25_000_000_000_000, bandwidthBytes: 100_000_000_000_000, segments: 100_000_000, buckets: 100,
        ratePerSecond: 1000, burst: 1000)
    /// How long a cached key is trusted; only changes made by another process wait this long.
    package var cacheLifetime: Duration = .seconds(60)
    /// Entries a cache holds before it starts anew; about 1 KiB each.
    package var cacheCapacity = 10_000

    /// How long a browser stays signed in at most.
    package var sessionLifetime: Duration = .seconds(30 * 86_400)
    /// How long it stays signed in without a page.
    package var sessionIdleTime: Duration = .seconds(12 * 3600)

    /// The defaults.
    package init() {}
}
