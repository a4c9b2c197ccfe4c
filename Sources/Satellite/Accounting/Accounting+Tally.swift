import Database
import Logging
import Metabase
import StorageModel
import Synchronization

extension Accounting {
    /// Buckets whose totals are read at once.
    private static let bucketBatch = 100

    /// Measures what is stored: by node for its pay, by project for its limits.
    ///
    /// - Throws: `DatabaseError`, `MetabaseError`.
    func tally() async throws {
        try await tallyNodes()
        try await tallyProjects()
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

    /// Books the byte-hours of every node since the tally before; the first one only notes the time.
    private func tallyNodes() async throws {
        let now = clock.now()
        let bytes = try await storedBytesByNode(at: now)
        try await database.write { session in
            let previous = try AccountingTime.tally.fetch(in: session)
            try AccountingTime.tally.save(now.microseconds, in: session)
            guard let previous, previous < now.microseconds else { return }
            let hours = Double(now.microseconds - previous) / 3_600_000_000
            for (node, bytes) in bytes {
                try session.execute(
                    "INSERT INTO storagenode_storage_tallies (interval_end, node_id, byte_hours) VALUES (?1, ?2, ?3)",
                    [SQLValue(now), SQLValue(node), SQLValue(Double(bytes) * hours)])
            }
        }
        logger.info("storage tallied", metadata: ["nodes": "\(bytes.count)"])
    }

    /// The sum of piece sizes of each node over all segments that are not expired.
    private func storedBytesByNode(at now: Timestamp) async throws -> [NodeID: Int64] {
        var bytes: [NodeID: Int64] = [:]
        for range in StreamRange.all() {
            var cursor: (stream: StreamID, position: SegmentPosition)?
            while true {
                let batch = try await metabase.scanSegments(in: range, after: cursor, limit: settings.tallyBatch)
                for segment in batch where segment.expiresAt.map({ $0 > now }) ?? true {
                    guard case .remote(let remote) = segment.content else { continue }
                    let size = remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize)
                    for piece in remote.pieces { bytes[piece.node, default: 0] &+= size }
                }
                guard batch.count == settings.tallyBatch, let last = batch.last else { break }
                cursor = (last.stream, last.position)
                try Task.checkCancellation()
            }
        }
        return bytes
    }
}
