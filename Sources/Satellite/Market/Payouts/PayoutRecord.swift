package import Contracts
import Database
package import Ethereum
package import Ledger
package import StorageModel

/// One operation of a payout run: up to 64 farmers.
package struct PayoutBatch: Sendable, Hashable {
    /// Where it stands.
    package enum State: Int, Sendable {
        /// In the books; the ledger may have it already.
        case planned = 0
        /// On the ledger for good.
        case settled = 1
        /// Nothing was left to pay when its turn came: the farmers had claimed themselves.
        case empty = 2
    }

    /// One farmer.
    package struct Item: Sendable, Hashable {
        package let farmer: Address
        /// What the newest root says in all.
        package let cumulative: TokenAmount
        /// What of it had not arrived.
        package let due: TokenAmount
    }

    package let run: Int64
    package let number: Int64
    package internal(set) var items: [Item]
    /// The ledger's name for it, chosen before it is submitted.
    package internal(set) var operation: OperationID
    package internal(set) var state: State
    /// By what strangers find it; nil until it is on the ledger.
    package internal(set) var transaction: Bytes32?
    package internal(set) var lastError: String?
}

/// A round of payments to farmers who are paid by roots.
package struct PayoutRun: Sendable, Hashable {
    package let number: Int64
    package let startedAt: Timestamp
    /// Nil while it is under way.
    package internal(set) var finishedAt: Timestamp?
    /// Farmers whose pay was too little for its fee, and what they are due: it is carried over.
    package let carriedCount: Int
    package let carried: TokenAmount
    /// Its operations; filled when it is read with them.
    package internal(set) var batches: [PayoutBatch] = []
}

extension PayoutRun {
    private static let columns = "number, started_at, finished_at, carried_count, carried"

    /// The newest first, with their batches.
    static func fetch(limit: Int, in session: SQLSession) throws -> [PayoutRun] {
        try session.query("SELECT \(columns) FROM market_payout_runs ORDER BY number DESC LIMIT ?1", [SQLValue(limit)]) {
            try PayoutRun($0)
        }.map { run in
            var run = run
            run.batches = try PayoutBatch.fetch(run: run.number, in: session)
            return run
        }
    }

    func save(in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO market_payout_runs (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (number) DO UPDATE SET finished_at = excluded.finished_at
            """,
            [
                .integer(number), SQLValue(startedAt), SQLValue(finishedAt), SQLValue(carriedCount),
                .integer(Int64(clamping: carried.units)),
            ])
        for batch in batches { try batch.save(in: session) }
    }

    private init(_ row: SQLRow) throws {
        self.init(
            number: row.integer(0), startedAt: row.timestamp(1), finishedAt: row.optionalTimestamp(2),
            carriedCount: row.int(3), carried: TokenAmount(UInt64(clamping: row.integer(4))))
    }
}

extension PayoutBatch {
    static func fetch(run: Int64, in session: SQLSession) throws -> [PayoutBatch] {
        try session.query(
            """
            SELECT run, number, items, operation, state, transaction_hash, last_error FROM market_payout_batches
            WHERE run = ?1 ORDER BY number
            """, [.integer(run)]
        ) { try PayoutBatch($0) }
    }

    func save(in session: SQLSession) throws {
        let items = RLP.list(items.map { .list([$0.farmer.rlp, $0.cumulative.rlp, $0.due.rlp]) })
        try session.execute(
            """
            INSERT INTO market_payout_batches (run, number, items, operation, state, transaction_hash, last_error)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (run, number) DO UPDATE SET items = excluded.items, operation = excluded.operation,
                state = excluded.state, transaction_hash = excluded.transaction_hash, last_error = excluded.last_error
            """,
            [
                .integer(run), .integer(number), .blob(items.encoded), .blob(operation.bytes), SQLValue(state.rawValue),
                SQLValue(transaction?.bytes), SQLValue(lastError),
            ])
    }

    private init(_ row: SQLRow) throws {
        guard let operation = OperationID(row.blob(3)), let state = State(rawValue: row.int(4)) else {
            throw DatabaseError(.corrupt, "a payout does not parse")
        }
        let items: [Item]
        do {
            items = try RLP(encoded: row.blob(2)).asList().map { item in
                var fields = try RLPFields(item, of: "payout", count: 3)
                return Item(farmer: try fields.next(), cumulative: try fields.next(), due: try fields.next())
            }
        } catch { throw DatabaseError(.corrupt, "a payout does not parse") }
        self.init(
            run: row.integer(0), number: row.integer(1), items: items, operation: operation, state: state,
            transaction: row.optionalBlob(5).flatMap { Bytes32($0) }, lastError: row.optionalText(6))
    }
}
