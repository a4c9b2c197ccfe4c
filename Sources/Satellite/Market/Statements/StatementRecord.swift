package import Contracts
package import Database
import Ethereum
package import StorageModel

/// A statement in the payer's books, and whether the farmer has it.
package struct StatementRecord: Sendable, Hashable {
    /// Whether the farmer has it.
    package enum State: Int, Sendable {
        case waiting = 0
        /// The node said that it is right, and keeps it.
        case accepted = 1
        /// The node said what is wrong with it.
        case refused = 2
        /// The node cannot be told: it answers no such calls. The statement is published.
        case published = 3
    }

    package let signed: SignedStatement
    /// Nil for pay by roots.
    package let voucher: SignedVoucher?
    package internal(set) var state: State
    package internal(set) var attempts = 0
    package internal(set) var nextAttempt: Timestamp
    /// Why the node refused it, or why it could not be sent.
    package internal(set) var refusal: String?
    /// What the node made of the period.
    package internal(set) var theirs: [UInt8]?

    package var statement: Statement { signed.statement }
    package var node: NodeID { signed.statement.node }
    package var period: UInt64 { UInt64(signed.statement.period) }

    init(signed: SignedStatement, voucher: SignedVoucher?, state: State, nextAttempt: Timestamp) {
        self.signed = signed
        self.voucher = voucher
        self.state = state
        self.nextAttempt = nextAttempt
    }
}

extension StatementRecord {
    private static let columns = "statement, voucher, state, attempts, next_attempt, refusal, theirs"
    private static let oneText = "SELECT \(columns) FROM market_statements WHERE period = ?1 AND node = ?2"
    private static let ofPeriodText = "SELECT \(columns) FROM market_statements WHERE period = ?1 ORDER BY node"
    private static let ofNodeText =
        "SELECT \(columns) FROM market_statements WHERE node = ?1 ORDER BY until_at DESC, period DESC LIMIT ?2"
    private static let waitingText =
        "SELECT \(columns) FROM market_statements WHERE state IN (0, 2) AND next_attempt <= ?1 ORDER BY node, period LIMIT ?2"
    private static let newestText =
        "SELECT \(columns) FROM market_statements ORDER BY period DESC, node LIMIT ?1"
    private static let troublesText = """
        SELECT \(columns) FROM market_statements WHERE state IN (0, 2) AND refusal IS NOT NULL
        ORDER BY period DESC, node LIMIT ?1
        """
    private static let rangeText = """
        SELECT \(columns) FROM market_statements WHERE until_at >= ?1 AND until_at < ?2 ORDER BY node, period
        """
    private static let rangeOfNodeText = """
        SELECT \(columns) FROM market_statements WHERE node = ?3 AND until_at >= ?1 AND until_at < ?2 ORDER BY period
        """

    static func fetch(_ node: NodeID, period: UInt64, in session: SQLSession) throws -> StatementRecord? {
        try session.first(oneText, [.integer(Int64(clamping: period)), SQLValue(node)]) { try StatementRecord($0) }
    }

    static func fetch(period: UInt64, in session: SQLSession) throws -> [StatementRecord] {
        try session.query(ofPeriodText, [.integer(Int64(clamping: period))]) { try StatementRecord($0) }
    }

    /// A node's last statements, newest first.
    static func fetch(node: NodeID, limit: Int, in session: SQLSession) throws -> [StatementRecord] {
        try session.query(ofNodeText, [SQLValue(node), SQLValue(limit)]) { try StatementRecord($0) }
    }

    /// Statements of a period, a node, or both, newest first.
    static func fetch(period: UInt64?, node: NodeID?, limit: Int, in session: SQLSession) throws -> [StatementRecord] {
        switch (period, node) {
        case (let period?, let node?): try fetch(node, period: period, in: session).map { [$0] } ?? []
        case (let period?, nil): Array(try fetch(period: period, in: session).prefix(limit))
        case (nil, let node?): try fetch(node: node, limit: limit, in: session)
        case (nil, nil): try session.query(newestText, [SQLValue(limit)]) { try StatementRecord($0) }
        }
    }

    /// The newest that were refused, or could not be delivered.
    static func fetchTroubles(limit: Int, in session: SQLSession) throws -> [StatementRecord] {
        try session.query(troublesText, [SQLValue(limit)]) { try StatementRecord($0) }
    }

    static func fetchWaiting(at now: Timestamp, limit: Int, in session: SQLSession) throws -> [StatementRecord] {
        try session.query(waitingText, [SQLValue(now), SQLValue(limit)]) { try StatementRecord($0) }
    }

    /// Statements whose settled time ends in a range, by node and period.
    ///
    /// - Parameters:
    ///   - range: seconds since 1970.
    ///   - node: whose; nil for all.
    /// - Throws: `DatabaseError`.
    package static func fetch(
        untilIn range: Range<UInt64>, node: NodeID?, in session: SQLSession
    ) throws -> [StatementRecord] {
        let bounds: [SQLValue] = [
            .integer(Int64(clamping: range.lowerBound)), .integer(Int64(clamping: range.upperBound)),
        ]
        guard let node else { return try session.query(rangeText, bounds) { try StatementRecord($0) } }
        return try session.query(rangeOfNodeText, bounds + [SQLValue(node)]) { try StatementRecord($0) }
    }

    /// Stores a new statement; one that is there already stays as it is.
    func insert(in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO market_statements (period, node, farmer, channel, amount, cumulative, until_at, statement, voucher,
                state, attempts, next_attempt)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11)
            """,
            [
                .integer(Int64(clamping: period)), SQLValue(node), .blob(statement.farmer.bytes),
                SQLValue(statement.channel.isZero ? nil : statement.channel.bytes),
                .integer(Int64(clamping: statement.amount.units)), .integer(Int64(clamping: statement.cumulative.units)),
                .integer(Int64(clamping: statement.until)), .blob(signed.encoded), SQLValue(voucher?.encoded),
                SQLValue(state.rawValue), SQLValue(nextAttempt),
            ])
        try Self.count(state, by: 1, in: session)
    }

    /// Stores what became of its delivery.
    func saveDelivery(in session: SQLSession) throws {
        let before = try session.first(
            "SELECT state FROM market_statements WHERE period = ?1 AND node = ?2",
            [.integer(Int64(clamping: period)), SQLValue(node)]) { State(rawValue: $0.int(0)) }
        if let before = before ?? nil, before != state {
            try Self.count(before, by: -1, in: session)
            try Self.count(state, by: 1, in: session)
        }
        try session.execute(
            """
            UPDATE market_statements SET state = ?3, attempts = ?4, next_attempt = ?5, refusal = ?6, theirs = ?7
            WHERE period = ?1 AND node = ?2
            """,
            [
                .integer(Int64(clamping: period)), SQLValue(node), SQLValue(state.rawValue), SQLValue(attempts),
                SQLValue(nextAttempt), SQLValue(refusal), SQLValue(theirs),
            ])
    }

    /// How many there are in each state.
    static func counts(in session: SQLSession) throws -> [State: Int] {
        let counts = try session.query("SELECT state, count FROM market_statement_counts WHERE count > 0") {
            (State(rawValue: $0.int(0)), $0.int(1))
        }
        return Dictionary(counts.compactMap { state, count in state.map { ($0, count) } }, uniquingKeysWith: +)
    }

    private static func count(_ state: State, by step: Int, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO market_statement_counts (state, count) VALUES (?1, ?2)
            ON CONFLICT (state) DO UPDATE SET count = market_statement_counts.count + excluded.count
            """, [SQLValue(state.rawValue), SQLValue(step)])
    }

    private init(_ row: SQLRow) throws {
        guard let state = State(rawValue: row.int(2)) else { throw DatabaseError(.corrupt, "a statement does not parse") }
        self.init(
            signed: try SignedStatement(stored: row.blob(0)),
            voucher: try row.optionalBlob(1).map { try SignedVoucher(stored: $0) }, state: state,
            nextAttempt: row.timestamp(4))
        attempts = row.int(3)
        refusal = row.optionalText(5)
        theirs = row.optionalBlob(6)
    }
}
