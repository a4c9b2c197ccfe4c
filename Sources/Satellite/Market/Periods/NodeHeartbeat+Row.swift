import Database
import Heartbeats
import StorageModel

extension NodeHeartbeat {
    private static let columns = """
        period, node, is_covered, root, chunks, pieces, bytes, unprovable_pieces, unprovable_bytes, signature, chain,
        reported_pieces, reported_bytes, verdict, sample, objection, evidence, attempts, first_attempt, last_attempt,
        last_error, by_uploader, by_repair, by_record
        """

    private static let saveText = """
        INSERT INTO heartbeat_nodes (\(columns))
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
            ?23, ?24)
        ON CONFLICT (period, node) DO UPDATE SET signature = excluded.signature, chain = excluded.chain,
            reported_pieces = excluded.reported_pieces, reported_bytes = excluded.reported_bytes,
            verdict = excluded.verdict, sample = excluded.sample, objection = excluded.objection,
            evidence = excluded.evidence, attempts = excluded.attempts, first_attempt = excluded.first_attempt,
            last_attempt = excluded.last_attempt, last_error = excluded.last_error,
            by_uploader = excluded.by_uploader, by_repair = excluded.by_repair, by_record = excluded.by_record
        """

    private static let ofPeriodText = "SELECT \(columns) FROM heartbeat_nodes WHERE period = ?1 ORDER BY node"
    private static let oneText = "SELECT \(columns) FROM heartbeat_nodes WHERE period = ?1 AND node = ?2"
    private static let ofNodeText =
        "SELECT \(columns) FROM heartbeat_nodes WHERE node = ?1 ORDER BY period DESC LIMIT ?2"

    /// All nodes of a period, in the order of their ids.
    static func fetch(period: UInt64, in session: SQLSession) throws -> [NodeHeartbeat] {
        try session.query(ofPeriodText, [.integer(Int64(clamping: period))]) { try NodeHeartbeat($0) }
    }

    /// One node of a period; nil when it is not in it.
    static func fetch(_ node: NodeID, period: UInt64, in session: SQLSession) throws -> NodeHeartbeat? {
        try session.first(oneText, [.integer(Int64(clamping: period)), SQLValue(node)]) { try NodeHeartbeat($0) }
    }

    /// The last periods of a node, newest first.
    static func fetch(node: NodeID, limit: Int, in session: SQLSession) throws -> [NodeHeartbeat] {
        try session.query(ofNodeText, [SQLValue(node), SQLValue(limit)]) { try NodeHeartbeat($0) }
    }

    /// Writes the row; what the node had to hold never changes.
    func save(in session: SQLSession) throws {
        let (code, sample, objection) = verdict.code
        try session.execute(
            Self.saveText,
            [
                .integer(Int64(clamping: period)), SQLValue(node), SQLValue(isCovered),
                .blob(holding.root.hash.bytes), .integer(Int64(clamping: holding.root.sum)),
                .integer(Int64(clamping: holding.pieceCount)), .integer(Int64(clamping: holding.byteCount)),
                .integer(Int64(clamping: holding.unprovablePieceCount)),
                .integer(Int64(clamping: holding.unprovableByteCount)), SQLValue(signature), SQLValue(chain),
                SQLValue(reportedPieceCount), SQLValue(reportedByteCount), SQLValue(code), SQLValue(sample),
                SQLValue(objection), SQLValue(evidence?.bytes), SQLValue(attempts), SQLValue(firstAttempt),
                SQLValue(lastAttempt), SQLValue(lastError), SQLValue(uploaderCount), SQLValue(repairCount),
                SQLValue(recordCount),
            ])
    }

    private init(_ row: SQLRow) throws {
        guard let root = Bytes32(row.blob(3)),
            let verdict = HeartbeatVerdict(
                code: UInt8(clamping: row.integer(13)), sample: UInt32(clamping: row.integer(14)),
                objection: UInt8(clamping: row.integer(15)))
        else { throw DatabaseError(.corrupt, "a node's heartbeat does not parse") }
        self.init(
            period: UInt64(clamping: row.integer(0)), node: try row.id(1, as: NodeID.self), isCovered: row.bool(2),
            holding: HeartbeatHolding(
                root: SumNode(hash: root, sum: UInt64(clamping: row.integer(4))),
                pieceCount: UInt64(clamping: row.integer(5)), byteCount: UInt64(clamping: row.integer(6)),
                unprovablePieceCount: UInt64(clamping: row.integer(7)),
                unprovableByteCount: UInt64(clamping: row.integer(8))))
        signature = row.optionalBlob(9)
        chain = row.optionalBlob(10)
        reportedPieceCount = row.isNull(11) ? nil : row.integer(11)
        reportedByteCount = row.isNull(12) ? nil : row.integer(12)
        self.verdict = verdict
        evidence = row.optionalBlob(16).flatMap { Bytes32($0) }
        attempts = row.int(17)
        firstAttempt = row.optionalTimestamp(18)
        lastAttempt = row.optionalTimestamp(19)
        lastError = row.optionalText(20)
        uploaderCount = row.int(21)
        repairCount = row.int(22)
        recordCount = row.int(23)
    }
}
