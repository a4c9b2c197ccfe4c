package import Chores
package import Logging
package import Metabase
package import StorageModel

/// The chores that remove what nobody can see any more: expired objects, stale uploads, contents of deleted buckets.
///
/// - Source: protocol document 2 §3.9 and §4.7.
package struct SweepChores: Sendable {
    /// Removes objects whose expiry has passed.
    package let expiredObjects: Cycle
    /// Removes uploads nothing happened to for long.
    package let staleUploads: Cycle
    /// Removes the contents of deleted buckets.
    package let deletedBuckets: Cycle

    /// All of them.
    package var all: [Cycle] { [expiredObjects, staleUploads, deletedBuckets] }

    /// The chores of a metabase.
    package init(
        metabase: Metabase, settings: MetainfoSettings, sleeper: Sleeper, clock: WallClock, logger: Logger
    ) {
        let limit = settings.sweepBatchCount
        func cycle(_ name: String, _ step: @escaping @Sendable () async throws -> Int) -> Cycle {
            Cycle(
                name: name, interval: settings.sweepInterval, sleeper: sleeper, clock: clock, logger: logger
            ) {
                try await Self.sweep(name, logger, step)
            }
        }
        expiredObjects = cycle("expired-objects") { try await metabase.deleteExpiredObjects(limit: limit) }
        staleUploads = cycle("stale-uploads") { try await metabase.deleteStaleUploads(limit: limit) }
        deletedBuckets = cycle("deleted-buckets") { try await metabase.purgeBuckets(limit: limit) }
    }

    /// Takes step after step until one finds nothing; each is a transaction of its own, so clients get in between.
    private static func sweep(
        _ name: String, _ logger: Logger, _ step: @Sendable () async throws -> Int
    ) async throws {
        var total = 0
        while true {
            try Task.checkCancellation()
            let count = try await step()
            if count == 0 { break }
            total += count
        }
        if total > 0 { logger.debug("swept", metadata: ["chore": "\(name)", "rows": "\(total)"]) }
    }
}
