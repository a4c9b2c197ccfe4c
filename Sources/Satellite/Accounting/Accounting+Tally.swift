import Database
import Logging
import Metabase
package import StorageModel
import Synchronization

extension Accounting {
    /// Buckets whose totals are read at once.
    private static let bucketBatch = 100

    /// Measures what projects store, for their limits.
    ///
    /// - Throws: `DatabaseError`, `MetabaseError`.
    func tally() async throws {
        try await tallyProjects()
        try await bookBuckets()
        let month = clock.now().startOfMonthSeconds
        counters.withLock { $0.forgetEgress(before: month) }
    }

    /// Sets the projects' usage to what the metabase holds.
    func tallyProjects() async throws {
        counters.withLock { $0.beginTally() }
        do {
            var totals: [ProjectID: (bytes: Int64, segments: Int64)] = [:]
            var cursor: BucketID?
            while true {
                let batch = try await metabase.bucketTotals(after: cursor, limit: Self.bucketBatch)
                for bucket in batch {
                    totals[bucket.location.project, default: (0, 0)].bytes += bucket.encryptedBytes
                    totals[bucket.location.project, default: (0, 0)].segments += bucket.segments
                }
                guard batch.count == Self.bucketBatch, let last = batch.last else { break }
                cursor = last.id
            }
            let complete = totals
            counters.withLock { $0.endTally(complete) }
        } catch {
            counters.withLock { $0.endTally(nil) }
            throw error
        }
    }

    /// Books the byte-hours of every node since the booking before, for their pay; the first one only notes the time.
    ///
    /// A moment that is not after the one booked last books nothing.
    ///
    /// - Parameters:
    ///   - bytes: the sum of the sizes of the pieces each node is to keep.
    ///   - now: when that was so.
    /// - Throws: `DatabaseError`.
    package func bookStorage(_ bytes: [NodeID: Int64], at now: Timestamp) async throws {
        try await database.write { session in
            let previous = try AccountingTime.tally.fetch(in: session)
            if let previous, previous >= now.microseconds { return }
            try AccountingTime.tally.save(now.microseconds, in: session)
            guard let previous else { return }
            let hours = Double(now.microseconds - previous) / 3_600_000_000
            for (node, bytes) in bytes where bytes > 0 {
                try session.execute(
                    "INSERT INTO storagenode_storage_tallies (interval_end, node_id, byte_hours) VALUES (?1, ?2, ?3)",
                    [SQLValue(now), SQLValue(node), SQLValue(Double(bytes) * hours)])
            }
        }
        logger.info("storage of nodes booked", metadata: ["nodes": "\(bytes.count)"])
    }
}
