import Database
import StorageModel

extension Reputation {
    private static let selectSQL = """
        SELECT node_id, audit_alpha, audit_beta, unknown_alpha, unknown_beta, total_audits, successes, history
        FROM reputations
        """

    /// All nodes that were audited.
    static func fetchAll(in session: SQLSession) throws -> [NodeID: Reputation] {
        let rows = try session.query(selectSQL) { (try $0.id(0, as: NodeID.self), Reputation($0)) }
        return Dictionary(rows) { first, _ in first }
    }

    /// A node's reputation; nil when it was never audited.
    static func fetch(_ id: NodeID, in session: SQLSession) throws -> Reputation? {
        try session.first(selectSQL + " WHERE node_id = ?1", [SQLValue(id)]) { Reputation($0) }
    }

    /// Writes the whole row.
    func save(_ id: NodeID, at now: Timestamp, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO reputations (node_id, audit_alpha, audit_beta, unknown_alpha, unknown_beta, total_audits,
                successes, history, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (node_id) DO UPDATE SET audit_alpha = excluded.audit_alpha, audit_beta = excluded.audit_beta,
                unknown_alpha = excluded.unknown_alpha, unknown_beta = excluded.unknown_beta,
                total_audits = excluded.total_audits, successes = excluded.successes, history = excluded.history,
                updated_at = excluded.updated_at
            """,
            [
                SQLValue(id), SQLValue(audit.alpha), SQLValue(audit.beta), SQLValue(unknown.alpha),
                SQLValue(unknown.beta), SQLValue(totalAudits), SQLValue(successes), SQLValue(history.bytes),
                SQLValue(now),
            ])
    }

    private init(_ row: SQLRow) {
        self.init(
            audit: ReputationPair(alpha: row.real(1), beta: row.real(2)),
            unknown: ReputationPair(alpha: row.real(3), beta: row.real(4)), history: OnlineHistory(bytes: row.blob(7)),
            totalAudits: row.integer(5), successes: row.integer(6))
    }
}

extension OnlineHistory {
    /// Bytes of one stored window: start, online and total, big-endian.
    private static let windowBytes = 16

    /// The windows as they are stored.
    var bytes: [UInt8] {
        windows.flatMap { window in
            let numbers = (UInt64(bitPattern: window.start), UInt64(bitPattern: Int64(window.online) << 32))
            let counts = numbers.1 | UInt64(UInt32(bitPattern: window.total))
            return [numbers.0, counts].flatMap { number in
                (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
            }
        }
    }

    /// Stored windows; a rest that is no window is left out.
    init(bytes: [UInt8]) {
        var windows: [Window] = []
        for offset in stride(from: 0, through: bytes.count - Self.windowBytes, by: Self.windowBytes) {
            let start = bytes[offset..<offset + 8].reduce(into: 0 as UInt64) { $0 = $0 << 8 | UInt64($1) }
            let counts = bytes[offset + 8..<offset + 16].reduce(into: 0 as UInt64) { $0 = $0 << 8 | UInt64($1) }
            windows.append(
                Window(
                    start: Int64(bitPattern: start), online: Int32(truncatingIfNeeded: counts >> 32),
                    total: Int32(truncatingIfNeeded: counts)))
        }
        self.init(windows: windows)
    }
}
