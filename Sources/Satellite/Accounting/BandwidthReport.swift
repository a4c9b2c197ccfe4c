import Database
package import StorageModel
package import WireMessages

/// What a bucket moved in a stretch of time, by action.
package struct BucketBandwidth: Sendable, Hashable {
    /// The bucket's name.
    package let bucket: [UInt8]
    package let action: PieceAction
    /// Bytes through the satellite itself.
    package let inline: Int64
    /// Bytes of issued limits.
    package let allocated: Int64
    /// Bytes that nodes handed in orders for.
    package let settled: Int64
}

extension Accounting {
    /// The bandwidth of a project's buckets since a moment, from the last flush.
    ///
    /// - Throws: `DatabaseError`.
    package func bandwidth(of project: ProjectID, since start: Timestamp) async throws -> [BucketBandwidth] {
        try await database.read { session in
            try session.query(
                """
                SELECT bucket, action, SUM(inline), SUM(allocated), SUM(settled) FROM bucket_bandwidth_rollups
                WHERE project_id = ?1 AND hour >= ?2 GROUP BY bucket, action ORDER BY bucket, action
                """, [SQLValue(project), SQLValue(start.startOfHour.seconds)]
            ) { row in
                BucketBandwidth(
                    bucket: row.blob(0), action: PieceAction(rawValue: Int32(truncatingIfNeeded: row.integer(1))),
                    inline: row.integer(2), allocated: row.integer(3), settled: row.integer(4))
            }
        }
    }
}
