import Database
import StorageModel

extension Metabase {
    /// What buckets hold, in one pass over their rows.
    ///
    /// - Parameters:
    ///   - cursor: the last bucket of the batch before.
    ///   - limit: buckets of one batch.
    /// - Returns: active buckets ascending by id; fewer than `limit` at the end.
    package func bucketTotals(after cursor: BucketID?, limit: Int) async throws -> [BucketTotals] {
        try await read { transaction in
            let buckets = try transaction.session.query(
                "SELECT id, project, name FROM buckets WHERE id > ?1 AND purging = 0 ORDER BY id LIMIT ?2",
                [.integer(cursor?.rawValue ?? .min), SQLValue(limit)]
            ) { row in
                (
                    BucketID(rawValue: row.integer(0)),
                    BucketLocation(project: try row.id(1), name: String(decoding: row.blob(2), as: UTF8.self))
                )
            }
            return try buckets.map { try transaction.totals(of: $0.0, $0.1) }
        }
    }
}

extension Transaction {
    fileprivate func totals(of bucket: BucketID, _ location: BucketLocation) throws -> BucketTotals {
        let id = SQLValue.integer(bucket.rawValue)
        let uploads = try session.first("SELECT COUNT(*) FROM uploads WHERE bucket = ?1", [id]) { $0.integer(0) }
        let totals = try session.first(
            """
            SELECT COUNT(*), CAST(COALESCE(SUM(segment_count), 0) AS BIGINT),
                CAST(COALESCE(SUM(encrypted_size), 0) AS BIGINT), CAST(COALESCE(SUM(plain_size), 0) AS BIGINT),
                CAST(COALESCE(SUM(length(metadata)), 0) AS BIGINT)
            FROM objects WHERE bucket = ?1 AND (expires_at IS NULL OR expires_at > ?2)
            """, [id, SQLValue(now)]
        ) { row in
            BucketTotals(
                id: bucket, location: location, objects: row.integer(0), uploads: uploads ?? 0,
                segments: row.integer(1), encryptedBytes: row.integer(2), plainBytes: row.integer(3),
                metadataBytes: row.integer(4))
        }
        guard let totals else { throw DatabaseError(.failed, "an aggregate returned no row") }
        return totals
    }
}
