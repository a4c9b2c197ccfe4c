package import Contracts
import Database
package import Ledger
import StorageModel

/// What became of a period after its heartbeats.
package struct PaymentRecord: Sendable, Hashable {
    /// Whether its statements are made.
    package enum State: Int, Sendable {
        /// Some statements wait, for a price or a channel.
        case open = 0
        /// All are made.
        case stated = 1
        /// It ended before anybody was paid here.
        case skipped = 2
    }

    /// Whether its root is on the ledger.
    package enum AnchorState: Int, Sendable {
        case waiting = 0
        /// The root, the file and the operations' ids are in the books.
        case prepared = 1
        /// The pool has what the root promises.
        case filled = 2
        case anchored = 3
        /// A newer one was on the ledger already.
        case superseded = 4
    }

    package let period: UInt64
    package internal(set) var state: State
    /// What dollar prices are converted by; nil while it is not known.
    package internal(set) var quote: Quote?
    package internal(set) var file: PayoutFile?
    package internal(set) var fundOperation: OperationID?
    package internal(set) var fundAmount = TokenAmount.zero
    package internal(set) var anchorOperation: OperationID?
    package internal(set) var anchorState = AnchorState.waiting
    package internal(set) var lastError: String?

    init(period: UInt64, state: State) {
        self.period = period
        self.state = state
    }
}

extension PaymentRecord {
    private static let columns = """
        period, state, quote, payout_file, fund_operation, fund_amount, anchor_operation, anchor_state, last_error
        """
    private static let oneText = "SELECT \(columns) FROM market_payments WHERE period = ?1"
    private static let newestText = "SELECT \(columns) FROM market_payments ORDER BY period DESC LIMIT ?1"
    private static let openText = "SELECT \(columns) FROM market_payments WHERE state = 0 ORDER BY period"
    private static let unanchoredText =
        "SELECT \(columns) FROM market_payments WHERE state <> 2 AND anchor_state < 3 ORDER BY period"
    private static let byRootText = "SELECT \(columns) FROM market_payments WHERE payout_root = ?1"
    private static let fundedText = "SELECT coalesce(sum(fund_amount), 0) FROM market_payments WHERE anchor_state <> 1"

    static func fetch(_ period: UInt64, in session: SQLSession) throws -> PaymentRecord? {
        try session.first(oneText, [.integer(Int64(clamping: period))]) { try PaymentRecord($0) }
    }
    static func newest(limit: Int, in session: SQLSession) throws -> [PaymentRecord] {
        try session.query(newestText, [SQLValue(limit)]) { try PaymentRecord($0) }
    }
    static func fetchOpen(in session: SQLSession) throws -> [PaymentRecord] {
        try session.query(openText) { try PaymentRecord($0) }
    }
    static func fetchUnanchored(in session: SQLSession) throws -> [PaymentRecord] {
        try session.query(unanchoredText) { try PaymentRecord($0) }
    }
    /// The period whose root that is.
    static func fetch(root: Bytes32, in session: SQLSession) throws -> PaymentRecord? {
        try session.first(byRootText, [.blob(root.bytes)]) { try PaymentRecord($0) }
    }
    /// All that was put into the pool.
    static func funded(in session: SQLSession) throws -> TokenAmount {
        TokenAmount(UInt64(clamping: try session.first(fundedText) { $0.integer(0) } ?? 0))
    }

    func save(in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO market_payments (period, state, quote, payout_root, payout_file, fund_operation, fund_amount,
                anchor_operation, anchor_state, last_error)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (period) DO UPDATE SET state = excluded.state, quote = excluded.quote,
                payout_root = excluded.payout_root, payout_file = excluded.payout_file,
                fund_operation = excluded.fund_operation, fund_amount = excluded.fund_amount,
                anchor_operation = excluded.anchor_operation, anchor_state = excluded.anchor_state,
                last_error = excluded.last_error
            """,
            [
                .integer(Int64(clamping: period)), SQLValue(state.rawValue), SQLValue(quote?.encoded),
                SQLValue(file?.anchor.payoutRoot.bytes), SQLValue(file?.encoded), SQLValue(fundOperation?.bytes),
                .integer(Int64(clamping: fundAmount.units)), SQLValue(anchorOperation?.bytes),
                SQLValue(anchorState.rawValue), SQLValue(lastError),
            ])
    }

    private init(_ row: SQLRow) throws {
        guard let state = State(rawValue: row.int(1)), let anchorState = AnchorState(rawValue: row.int(7)) else {
            throw DatabaseError(.corrupt, "a period's payments do not parse")
        }
        self.init(period: UInt64(clamping: row.integer(0)), state: state)
        quote = try row.optionalBlob(2).map { try Quote(stored: $0) }
        file = try row.optionalBlob(3).map { try PayoutFile(stored: $0) }
        fundOperation = row.optionalBlob(4).flatMap { OperationID($0) }
        fundAmount = TokenAmount(UInt64(clamping: row.integer(5)))
        anchorOperation = row.optionalBlob(6).flatMap { OperationID($0) }
        self.anchorState = anchorState
        lastError = row.optionalText(8)
    }
}
