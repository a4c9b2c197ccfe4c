import Database
import Overlay
import StorageModel

extension AuditStore {
    /// Writes what an audit came to, inside the transaction that changes reputations.
    ///
    /// - Parameter historyLength: rows that a node keeps.
    static func apply(_ record: AuditRecord, historyLength: Int, in session: SQLSession) throws {
        if record.endsAudit {
            try session.execute(
                "DELETE FROM audit_queue WHERE stream = ?1 AND position = ?2", place(of: record))
        }
        for (node, outcome) in record.outcomes { try count(outcome, node, at: record.at, in: session) }
        for pending in record.pending { try insert(pending, in: session) }
        for settlement in record.settlements { try apply(settlement, in: session) }
        if let root = record.rootPieceID {
            for holder in record.removals { try insert(holder, of: record.place, root: root, in: session) }
            for holder in record.losses { try insert(loss: holder, root, at: record.at, in: session) }
        }
        for row in record.rows { try insert(row, of: record, in: session) }
        for node in Set(record.rows.map(\.holder.node)) { try trim(node, to: historyLength, in: session) }
    }

    private static func place(of record: AuditRecord) -> [SQLValue] {
        [SQLValue(record.place.stream), .integer(record.place.position.encoded)]
    }

    private static func count(
        _ outcome: AuditOutcome, _ node: NodeID, at: Timestamp, in session: SQLSession
    ) throws {
        try session.execute(
            """
            INSERT INTO audit_totals (node_id, successes, failures, unknowns, offlines, last_audit_at, last_success_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (node_id) DO UPDATE SET successes = audit_totals.successes + excluded.successes,
                failures = audit_totals.failures + excluded.failures,
                unknowns = audit_totals.unknowns + excluded.unknowns,
                offlines = audit_totals.offlines + excluded.offlines, last_audit_at = excluded.last_audit_at,
                last_success_at = COALESCE(excluded.last_success_at, audit_totals.last_success_at)
            """,
            [
                SQLValue(node), SQLValue(outcome == .success), SQLValue(outcome == .failure),
                SQLValue(outcome == .unknown), SQLValue(outcome == .offline), SQLValue(at),
                outcome == .success ? SQLValue(at) : .null,
            ])
    }

    /// A debt that stands already is not made younger.
    private static func insert(_ pending: PendingReverification, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO reverifications (node_id, stream, position, piece_number, root_piece, reason, is_disguised,
                inserted_at, attempted_at, tries)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, 0) ON CONFLICT DO NOTHING
            """,
            [
                SQLValue(pending.node), SQLValue(pending.place.stream), .integer(pending.place.position.encoded),
                SQLValue(pending.pieceNumber), SQLValue(pending.rootPieceID), SQLValue(pending.reason.rawValue),
                SQLValue(pending.isDisguised), SQLValue(pending.insertedAt),
            ])
    }

    private static func apply(_ settlement: AuditRecord.Settlement, in session: SQLSession) throws {
        switch settlement {
        case .settled(let pending):
            try session.execute(
                "DELETE FROM reverifications WHERE node_id = ?1 AND stream = ?2 AND position = ?3",
                [SQLValue(pending.node), SQLValue(pending.place.stream), .integer(pending.place.position.encoded)])
        case .tried(let pending):
            try session.execute(
                """
                UPDATE reverifications SET attempted_at = ?4, tries = ?5
                WHERE node_id = ?1 AND stream = ?2 AND position = ?3
                """,
                [
                    SQLValue(pending.node), SQLValue(pending.place.stream),
                    .integer(pending.place.position.encoded), SQLValue(pending.attemptedAt), SQLValue(pending.tries),
                ])
        }
    }

    private static func insert(
        _ holder: PieceHolder, of place: SegmentPlace, root: PieceID, in session: SQLSession
    ) throws {
        try session.execute(
            """
            INSERT INTO audit_removals (stream, position, piece_number, node_id, root_piece) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (stream, position, piece_number) DO UPDATE SET node_id = excluded.node_id,
                root_piece = excluded.root_piece
            """,
            [
                SQLValue(place.stream), .integer(place.position.encoded), SQLValue(holder.number),
                SQLValue(holder.node), SQLValue(root),
            ])
    }

    private static func insert(
        loss holder: PieceHolder, _ root: PieceID, at: Timestamp, in session: SQLSession
    ) throws {
        try session.execute(
            """
            INSERT INTO audit_losses (node_id, root_piece, piece_number, lost_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (node_id, root_piece, piece_number) DO UPDATE SET lost_at = excluded.lost_at
            """, [SQLValue(holder.node), SQLValue(root), SQLValue(holder.number), SQLValue(at)])
    }

    private static func insert(_ row: AuditRecord.Row, of record: AuditRecord, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO audit_history (node_id, at, kind, result, stream, position, piece_number, detail)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            [
                SQLValue(row.holder.node), SQLValue(record.at), SQLValue(record.kind.rawValue), SQLValue(row.result),
                SQLValue(record.place.stream), .integer(record.place.position.encoded),
                SQLValue(row.holder.number), SQLValue(String(row.detail.prefix(maximumDetail))),
            ])
    }

    /// Characters of a detail: part of it may be a node's own words.
    private static let maximumDetail = 200

    private static func trim(_ node: NodeID, to length: Int, in session: SQLSession) throws {
        try session.execute(
            """
            DELETE FROM audit_history WHERE node_id = ?1 AND number <= (
                SELECT number FROM audit_history WHERE node_id = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)
            """, [SQLValue(node), SQLValue(max(0, length))])
    }
}
