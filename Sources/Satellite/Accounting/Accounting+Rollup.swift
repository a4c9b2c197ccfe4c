import Database
import StorageModel
import WireMessages

extension Accounting {
    /// Days before the newest rollup that are summed again: orders come in that late.
    private static let reopenedDays: Int64 = 3

    /// Sums bandwidth and tallies a node and day, leaving out the current day.
    ///
    /// - Throws: `DatabaseError`.
    func rollUpNodes() async throws {
        let today = clock.now().startOfDaySeconds
        try await database.write { session in
            let first = try AccountingTime.rollup.fetch(in: session).map { $0 / 1_000_000 - Self.reopenedDays * 86400 }
            let range: [SQLValue] = [SQLValue(first ?? 0), SQLValue(today)]
            try session.execute(Self.bandwidthSQL, range)
            try session.execute(
                Self.storageSQL, [SQLValue((first ?? 0) * 1_000_000), SQLValue(today * 1_000_000)])
            try AccountingTime.rollup.save(today * 1_000_000, in: session)
        }
    }

    private static let bandwidthSQL = """
        INSERT INTO accounting_rollups (node_id, day, put_total, get_total, get_audit_total, get_repair_total,
            put_repair_total, at_rest_total, interval_end)
        SELECT node_id, hour / 86400 * 86400,
            SUM(CASE WHEN action = \(PieceAction.put.rawValue) THEN settled ELSE 0 END),
            SUM(CASE WHEN action = \(PieceAction.get.rawValue) THEN settled ELSE 0 END),
            SUM(CASE WHEN action = \(PieceAction.getAudit.rawValue) THEN settled ELSE 0 END),
            SUM(CASE WHEN action = \(PieceAction.getRepair.rawValue) THEN settled ELSE 0 END),
            SUM(CASE WHEN action = \(PieceAction.putRepair.rawValue) THEN settled ELSE 0 END),
            0.0, hour / 86400 * 86400 * 1000000
        FROM storagenode_bandwidth_rollups WHERE hour >= ?1 AND hour < ?2
        GROUP BY node_id, hour / 86400 * 86400
        ON CONFLICT (node_id, day) DO UPDATE SET put_total = excluded.put_total, get_total = excluded.get_total,
            get_audit_total = excluded.get_audit_total, get_repair_total = excluded.get_repair_total,
            put_repair_total = excluded.put_repair_total
        """

    private static let storageSQL = """
        INSERT INTO accounting_rollups (node_id, day, put_total, get_total, get_audit_total, get_repair_total,
            put_repair_total, at_rest_total, interval_end)
        SELECT node_id, interval_end / 86400000000 * 86400, 0, 0, 0, 0, 0, SUM(byte_hours), MAX(interval_end)
        FROM storagenode_storage_tallies WHERE interval_end >= ?1 AND interval_end < ?2
        GROUP BY node_id, interval_end / 86400000000 * 86400
        ON CONFLICT (node_id, day) DO UPDATE SET at_rest_total = excluded.at_rest_total,
            interval_end = excluded.interval_end
        """
}
