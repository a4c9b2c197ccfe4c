package import Contracts
import Database
package import StorageModel
import Synchronization

/// A statement the node has agreed to.
package struct KeptStatement: Hashable, Sendable {
    /// The statement with its signature.
    package let signed: SignedStatement
    /// When it came.
    package let receivedAt: Timestamp

    /// The statement.
    package var statement: Statement { signed.statement }
}

/// A statement the node has not agreed to.
package struct RefusedStatement: Hashable, Sendable {
    package let satellite: NodeID
    package let period: UInt64
    /// Why, in words.
    package let reason: String
    package let refusedAt: Timestamp
}

/// What the statements of a payer sum up to.
struct StatementSums: Sendable {
    /// How many there are.
    let count: Int
    /// What they pay.
    let earned: TokenAmount
    /// What is held back and was not given back.
    let held: TokenAmount
    /// The newest one's period.
    let lastPeriod: UInt64
    /// When the newest one came.
    let lastAt: Timestamp
}

/// How far a payer's statements were searched.
struct RootSearch: Sendable {
    /// The newest period that was looked at.
    let checked: Int64
    /// The newest statement up to then that a payout root pays.
    let found: KeptStatement?
}

extension FarmBook {
    /// The newest statement of a payer; nil before the first.
    package func lastStatement(of payer: NodeID) async throws -> KeptStatement? {
        try await database.read { session in
            try session.first(
                """
                SELECT statement, received_at FROM farming_statements WHERE satellite = ?1 ORDER BY period DESC LIMIT 1
                """, [SQLValue(payer)], KeptStatement.init)
        }
    }

    /// The newest statement of a payer that a payout root pays and no channel; nil when there is none.
    ///
    /// Which one pays is in the statement itself: what was looked at is remembered, so that years of them are read once.
    package func lastRootStatement(of payer: NodeID) async throws -> KeptStatement? {
        let known = rootSearches.withLock { $0[payer] }
        var found: KeptStatement?
        var checked: Int64?
        var before = Int64.max
        while found == nil {
            let page = try await database.read { [before] session in
                try session.query(
                    """
                    SELECT statement, received_at, period FROM farming_statements
                    WHERE satellite = ?1 AND period < ?2 AND period > ?3 ORDER BY period DESC LIMIT 100
                    """, [SQLValue(payer), .integer(before), .integer(known?.checked ?? -1)]
                ) { (kept: try KeptStatement($0), period: $0.integer(2)) }
            }
            guard let newest = page.first, let oldest = page.last else { break }
            checked = checked ?? newest.period
            found = page.first { $0.kept.statement.channel == Bytes32() }?.kept
            before = oldest.period
        }
        let last = found ?? known?.found
        if let checked { rootSearches.withLock { $0[payer] = RootSearch(checked: checked, found: last) } }
        return last
    }

    /// The statement of a period; nil when there is none.
    package func statement(of payer: NodeID, period: UInt32) async throws -> KeptStatement? {
        try await database.read { session in
            try session.first(
                "SELECT statement, received_at FROM farming_statements WHERE satellite = ?1 AND period = ?2",
                [SQLValue(payer), .integer(Int64(period))], KeptStatement.init)
        }
    }

    /// Statements, the newest first.
    ///
    /// - Parameters:
    ///   - payer: whose; nil for all.
    ///   - limit: at most.
    package func statements(of payer: NodeID? = nil, limit: Int) async throws -> [KeptStatement] {
        try await database.read { session in
            try session.query(
                """
                SELECT statement, received_at FROM farming_statements WHERE ?1 IS NULL OR satellite = ?1
                ORDER BY received_at DESC, period DESC LIMIT ?2
                """, [SQLValue(payer), .integer(Int64(limit))], KeptStatement.init)
        }
    }

    /// Statements that came before a moment, the newest first: the next page of a list.
    package func statements(of payer: NodeID? = nil, before: Timestamp, limit: Int) async throws -> [KeptStatement] {
        try await database.read { session in
            try session.query(
                """
                SELECT statement, received_at FROM farming_statements WHERE (?1 IS NULL OR satellite = ?1)
                    AND received_at < ?2 ORDER BY received_at DESC, period DESC LIMIT ?3
                """, [SQLValue(payer), SQLValue(before), .integer(Int64(limit))], KeptStatement.init)
        }
    }

    /// What statements pay by the day they came, seconds since 1970 it begins at, the oldest first.
    package func payByDay(from start: Timestamp) async throws -> [(satellite: NodeID, day: Int64, amount: TokenAmount)] {
        try await database.read { session in
            try session.query(
                """
                SELECT satellite, received_at / 86400000000, SUM(amount) FROM farming_statements WHERE received_at >= ?1
                GROUP BY satellite, received_at / 86400000000 ORDER BY 2, 1
                """, [SQLValue(start)]
            ) { (try $0.id(0, as: NodeID.self), $0.integer(1) * 86400, $0.amount(2)) }
        }
    }

    /// Keeps what the node agreed to, all of it or nothing: the statement, its voucher, and which orders it pays.
    ///
    /// - Returns: false when a higher voucher is there, or another statement for the period; nothing is kept then.
    func keep(_ signed: SignedStatement, voucher: SignedVoucher?, at now: Timestamp) async throws -> Bool {
        let statement = signed.statement
        do {
            try await database.write { session in
                let isNew = try session.execute(
                    """
                    INSERT INTO farming_statements (satellite, period, statement, digest, amount, held, received_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (satellite, period) DO NOTHING
                    """,
                    [
                        SQLValue(statement.payerNode), .integer(Int64(statement.period)), SQLValue(signed.encoded),
                        SQLValue(statement.digest), SQLValue(statement.amount),
                        .integer(Int64(clamping: statement.held.units) - Int64(clamping: statement.disposed.units)),
                        SQLValue(now),
                    ])
                guard isNew == 1 else { throw NotKept() }
                for hour in statement.hours {
                    try session.execute(
                        "UPDATE farming_orders SET period = ?3 WHERE satellite = ?1 AND hour = ?2 AND period IS NULL",
                        [
                            SQLValue(statement.payerNode), .integer(Int64(clamping: hour)),
                            .integer(Int64(statement.period)),
                        ])
                }
                try session.execute(
                    "DELETE FROM farming_refusals WHERE satellite = ?1 AND period = ?2",
                    [SQLValue(statement.payerNode), .integer(Int64(statement.period))])
                if let voucher, try !Self.keep(voucher, at: now, in: session) { throw NotKept() }
            }
            // One that comes late was looked for already.
            rootSearches.withLock { searches in
                if let search = searches[statement.payerNode], search.checked >= Int64(statement.period) {
                    searches[statement.payerNode] = nil
                }
            }
            return true
        } catch is NotKept { return false }
    }

    private struct NotKept: Error {}

    /// What the statements of each payer sum up to.
    func sums() async throws -> [NodeID: StatementSums] {
        let rows = try await database.read { session in
            try session.query(
                """
                SELECT satellite, COUNT(*), SUM(amount), SUM(held), MAX(period), MAX(received_at) FROM farming_statements
                GROUP BY satellite
                """
            ) { row in
                (
                    try row.id(0, as: NodeID.self),
                    StatementSums(
                        count: row.int(1), earned: row.amount(2), held: row.amount(3),
                        lastPeriod: UInt64(clamping: row.integer(4)), lastAt: row.timestamp(5))
                )
            }
        }
        return Dictionary(rows) { first, _ in first }
    }

    // MARK: Refusals

    /// Notes why a statement was not agreed to. The orders it names are its own from then on, so that the dispute about one
    /// period is not one about the next.
    func noteRefusal(of payer: NodeID, _ statement: Statement, _ reason: String, at now: Timestamp) async throws {
        let period = SQLValue.integer(Int64(statement.period))
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO farming_refusals (satellite, period, digest, reason, refused_at) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (satellite, period) DO UPDATE SET digest = excluded.digest, reason = excluded.reason,
                    refused_at = excluded.refused_at
                """, [SQLValue(payer), period, SQLValue(statement.digest), SQLValue(reason), SQLValue(now)])
            for hour in statement.hours {
                try session.execute(
                    "UPDATE farming_orders SET period = ?3 WHERE satellite = ?1 AND hour = ?2 AND period IS NULL",
                    [SQLValue(payer), .integer(Int64(clamping: hour)), period])
            }
            // A payer that sends nonsense must not fill the disk.
            try session.execute(
                """
                DELETE FROM farming_refusals WHERE satellite = ?1 AND period NOT IN
                    (SELECT period FROM farming_refusals WHERE satellite = ?1 ORDER BY refused_at DESC, period DESC LIMIT 100)
                """, [SQLValue(payer)])
        }
    }

    /// Whether a statement was refused: the next one may name it as the one before.
    func isRefused(_ digest: Bytes32, of payer: NodeID) async throws -> Bool {
        try await database.read { session in
            try session.first(
                "SELECT 1 FROM farming_refusals WHERE satellite = ?1 AND digest = ?2", [SQLValue(payer), SQLValue(digest)]
            ) { _ in true } ?? false
        }
    }

    /// What was refused and not settled since.
    package func refusals() async throws -> [RefusedStatement] {
        try await database.read { session in
            try session.query(
                "SELECT satellite, period, reason, refused_at FROM farming_refusals ORDER BY refused_at DESC, period DESC"
            ) { row in
                RefusedStatement(
                    satellite: try row.id(0, as: NodeID.self), period: UInt64(clamping: row.integer(1)),
                    reason: row.text(2), refusedAt: row.timestamp(3))
            }
        }
    }
}

extension KeptStatement {
    fileprivate init(_ row: SQLRow) throws {
        self.init(signed: try SignedStatement(stored: row.blob(0)), receivedAt: row.timestamp(1))
    }
}
