import Database
import StorageModel

extension AuditStore {
    /// When a node last passed an audit.
    func lastSuccess(of node: NodeID) async throws -> Timestamp? {
        try await database.read { session in
            try session.first("SELECT last_success_at FROM audit_totals WHERE node_id = ?1", [SQLValue(node)]) {
                $0.optionalTimestamp(0)
            } ?? nil
        }
    }

    /// All that is kept of a node's audits, in one snapshot.
    func history(of node: NodeID) async throws -> NodeAuditHistory {
        let owed = try await pending(of: node)
        return try await database.read { session in
            var history = NodeAuditHistory()
            try session.each(
                """
                SELECT successes, failures, unknowns, offlines, last_audit_at, last_success_at
                FROM audit_totals WHERE node_id = ?1
                """, [SQLValue(node)]
            ) { row in
                history.successes = row.int(0)
                history.failures = row.int(1)
                history.unknowns = row.int(2)
                history.offlines = row.int(3)
                history.lastAudit = row.timestamp(4).seconds
                history.lastSuccess = row.optionalTimestamp(5)?.seconds
                return true
            }
            history.owed = owed.map(NodeAuditHistory.OwedPiece.init)
            history.rows = try session.query(
                """
                SELECT at, kind, result, stream, position, piece_number, detail FROM audit_history
                WHERE node_id = ?1 ORDER BY number DESC
                """, [SQLValue(node)]
            ) { row in
                NodeAuditHistory.Row(
                    at: row.timestamp(0).seconds, kind: row.text(1), result: row.text(2),
                    segment: "\(try SegmentPlace(row, 3))", pieceNumber: row.int(5), detail: row.text(6))
            }
            return history
        }
    }
}
