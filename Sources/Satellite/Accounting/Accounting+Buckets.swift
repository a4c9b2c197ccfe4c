import Database
import Logging
import Metabase
package import StorageModel
import WireMessages

/// What a bucket held over a stretch of time: whole bytes over whole seconds.
package struct BucketTally: Sendable, Hashable {
    package let project: ProjectID
    /// The bucket's name.
    package let bucket: [UInt8]
    /// Seconds since 1970.
    package let start: Int64
    package let end: Int64
    /// Encrypted bytes, before redundancy.
    package let bytes: Int64
    package let segments: Int64
    package let objects: Int64
}

/// What a bucket downloaded in an hour.
package struct BucketEgress: Sendable, Hashable {
    package let project: ProjectID
    /// The bucket's name.
    package let bucket: [UInt8]
    /// Bytes through the satellite itself and those that nodes handed in orders for.
    package let bytes: Int64
}

/// Under which rule a bucket is stored, and who brought it.
package struct BucketAttribution: Sendable, Hashable {
    package let project: ProjectID
    /// The bucket's name.
    package let bucket: [UInt8]
    package let placement: Int32
    /// Product tokens; empty for none. The first one that was ever seen for this name stays.
    package let userAgent: [UInt8]
}

extension Accounting {
    private static let batch = 100

    /// Books what every bucket holds since the booking before, for invoices; the first one only notes the time.
    ///
    /// - Throws: `DatabaseError`, `MetabaseError`.
    package func bookBuckets() async throws {
        var found: [(totals: BucketTotals, bucket: Bucket?)] = []
        var cursor: BucketID?
        while true {
            let batch = try await metabase.bucketTotals(after: cursor, limit: Self.batch)
            for totals in batch { found.append((totals, try await bucket(totals.location))) }
            guard batch.count == Self.batch, let last = batch.last else { break }
            cursor = last.id
        }
        let now = clock.now().seconds
        let longest = settings.maximumTallyInterval.components.seconds
        let buckets = found
        let isBooked = try await database.write { session -> Bool in
            let previous = try AccountingTime.buckets.fetch(in: session).map { $0 / 1_000_000 }
            if previous == now { return true }
            try AccountingTime.buckets.save(now * 1_000_000, in: session)
            for (totals, bucket) in buckets { try Self.attribute(totals.location, bucket, in: session) }
            guard let previous else { return true }
            guard previous < now, now - previous <= longest else { return false }
            for (totals, _) in buckets where totals.encryptedBytes > 0 || totals.segments > 0 {
                try Self.book(totals, from: previous, to: now, in: session)
            }
            return true
        }
        if !isBooked { logger.warning("storage of buckets not booked: the clock jumped or the satellite was away") }
    }

    private func bucket(_ location: BucketLocation) async throws -> Bucket? {
        do { return try await metabase.bucket(location) } catch MetabaseError.bucketNotFound {
            // It was deleted since it was counted.
            return nil
        }
    }

    private static func book(_ totals: BucketTotals, from start: Int64, to end: Int64, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO bucket_storage_tallies
                (project_id, bucket, interval_start, interval_end, bytes, segments, objects)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (interval_end, project_id, bucket) DO NOTHING
            """,
            [
                SQLValue(totals.location.project), .blob(Array(totals.location.name.utf8)), .integer(start), .integer(end),
                SQLValue(totals.encryptedBytes), SQLValue(totals.segments), SQLValue(totals.objects),
            ])
    }

    private static func attribute(_ location: BucketLocation, _ bucket: Bucket?, in session: SQLSession) throws {
        guard let bucket else { return }
        try session.execute(
            """
            INSERT INTO bucket_attributions (project_id, bucket, placement, user_agent) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (project_id, bucket) DO UPDATE SET placement = excluded.placement,
                user_agent = CASE WHEN length(bucket_attributions.user_agent) = 0 THEN excluded.user_agent
                    ELSE bucket_attributions.user_agent END
            WHERE bucket_attributions.placement <> excluded.placement
                OR (length(bucket_attributions.user_agent) = 0 AND length(excluded.user_agent) > 0)
            """,
            [
                SQLValue(location.project), .blob(Array(location.name.utf8)), SQLValue(bucket.placement),
                .blob(bucket.userAgent),
            ])
    }

    // MARK: For invoices

    /// What buckets held in a stretch of time, cut to it, as booked.
    ///
    /// - Parameters:
    ///   - start: seconds since 1970.
    ///   - project: nil for all.
    /// - Throws: `DatabaseError`.
    package func tallies(from start: Int64, to end: Int64, project: ProjectID? = nil) async throws -> [BucketTally] {
        try await database.read { session in
            try session.query(
                """
                SELECT project_id, bucket, interval_start, interval_end, bytes, segments, objects
                FROM bucket_storage_tallies
                WHERE interval_end > ?1 AND interval_start < ?2 AND (?3 IS NULL OR project_id = ?3)
                ORDER BY project_id, bucket, interval_end
                """, [.integer(start), .integer(end), SQLValue(project)]
            ) { row in
                BucketTally(
                    project: try row.id(0, as: ProjectID.self), bucket: row.blob(1), start: max(start, row.integer(2)),
                    end: min(end, row.integer(3)), bytes: row.integer(4), segments: row.integer(5),
                    objects: row.integer(6))
            }
        }
    }

    /// What buckets downloaded in a stretch of time that begins and ends with an hour.
    ///
    /// - Throws: `DatabaseError`.
    package func egress(from start: Int64, to end: Int64, project: ProjectID? = nil) async throws -> [BucketEgress] {
        try await database.read { session in
            try session.query(
                """
                SELECT project_id, bucket, SUM(inline + settled) FROM bucket_bandwidth_rollups
                WHERE hour >= ?1 AND hour < ?2 AND action = \(PieceAction.get.rawValue)
                    AND (?3 IS NULL OR project_id = ?3)
                GROUP BY project_id, bucket ORDER BY project_id, bucket
                """, [.integer(start), .integer(end), SQLValue(project)]
            ) { row in
                BucketEgress(
                    project: try row.id(0, as: ProjectID.self), bucket: row.blob(1), bytes: row.integer(2))
            }
        }
    }

    /// Under which rules buckets are stored and who brought them, of all that ever were.
    ///
    /// - Throws: `DatabaseError`.
    package func attributions(project: ProjectID? = nil) async throws -> [BucketAttribution] {
        try await database.read { session in
            try session.query(
                """
                SELECT project_id, bucket, placement, user_agent FROM bucket_attributions
                WHERE (?1 IS NULL OR project_id = ?1)
                """, [SQLValue(project)]
            ) { row in
                BucketAttribution(
                    project: try row.id(0, as: ProjectID.self), bucket: row.blob(1),
                    placement: Int32(truncatingIfNeeded: row.integer(2)), userAgent: row.blob(3))
            }
        }
    }
}
