import Database
import StorageModel

/// How much a node itself reported lost, counted.
struct LossCount: Sendable, Hashable {
    /// Reports that are not settled.
    var open = 0
    /// Reports of the loss window, settled or not.
    var recent = 0
    /// Those of them that are settled: their pieces do not count among the node's any more.
    var recentSettled = 0

    /// The share of its pieces that a node lost lately, in `0...1`.
    func share(ofPieces count: Int64) -> Double {
        let all = Double(max(count, Int64(recent - recentSettled))) + Double(recentSettled)
        return all > 0 ? Double(recent) / all : 0
    }

    /// The counts of all nodes that reported anything since a moment, or have open reports.
    static func fetchAll(since: Timestamp, in session: SQLSession) throws -> [NodeID: LossCount] {
        let rows = try session.query(
            """
            SELECT node_id, SUM(settled_at IS NULL), SUM(reported_at >= ?1),
                SUM(reported_at >= ?1 AND settled_at IS NOT NULL)
            FROM reported_lost_pieces GROUP BY node_id
            """, [SQLValue(since)]
        ) { row in
            (
                try row.id(0, as: NodeID.self),
                LossCount(open: row.int(1), recent: row.int(2), recentSettled: row.int(3))
            )
        }
        return Dictionary(rows) { first, _ in first }
    }
}
