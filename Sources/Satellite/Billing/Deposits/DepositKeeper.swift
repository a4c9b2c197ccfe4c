package import Accounts
import Contracts
import Database
import Ethereum
import Ledger
import Logging
import StorageModel

/// Turns tokens that arrive at deposit addresses into credit, once each, whatever blocks and processes do meanwhile.
///
///     seen ──deep enough──► (price known?) ──► credited ──block gone──► reversed (by a counter-entry)
///       │                        └──no──► confirmed-unpriced ──price──► credited
///       └──block gone──► orphaned
///
/// - Source: economy design §3.1.
package struct DepositKeeper: Sendable {
    private static let pageSize = 500
    private static let height = "deposit-height"

    let parts: BillingParts
    let settings: BillingSettings
    private let customers: CustomerBook

    init(parts: BillingParts, settings: BillingSettings, customers: CustomerBook) {
        self.parts = parts
        self.settings = settings
        self.customers = customers
    }

    /// Has the ledger watched for all addresses that were given out.
    func watchAll() async throws {
        guard let door = parts.deposits else { return }
        let addresses = try await parts.database.read { session in
            try session.query("SELECT deposit_address FROM billing_customers WHERE deposit_address IS NOT NULL") {
                Address($0.blob(0))
            }
        }
        try await door.source.watch(addresses.compactMap { $0 })
    }

    /// Reads what is new on the ledger and credits what is deep enough.
    ///
    /// - Throws: `DatabaseError`, `LedgerError`; what was done stays done.
    package func step() async throws {
        guard let door = parts.deposits else { return }
        var cursor = try await cursor()
        var head: UInt64 = 0
        while true {
            let page = try await door.source.changes(after: cursor, limit: Self.pageSize)
            head = page.head
            try await take(page, from: cursor, token: door.source.token)
            if page.next == cursor { break }
            cursor = page.next
        }
        try await remember(head: head)
        try await confirm(head: head, door)
    }

    /// Writes down how high the ledger is, for who looks at deposits without asking the ledger.
    private func remember(head: UInt64) async throws {
        let height = Int64(clamping: head)
        guard try await counter(Self.height) != height else { return }
        try await parts.database.write { session in
            try session.execute(
                """
                INSERT INTO billing_counters (name, value) VALUES (?1, ?2)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """, [.text(Self.height), .integer(height)])
        }
    }

    private func cursor() async throws -> Int64 { try await counter("deposit-cursor") }

    private func counter(_ name: String) async throws -> Int64 {
        try await parts.database.read { session in
            try session.first("SELECT value FROM billing_counters WHERE name = ?1", [.text(name)]) { $0.integer(0) } ?? 0
        }
    }

    /// Writes a page down together with how far it goes.
    private func take(_ page: DepositPage, from cursor: Int64, token: Address?) async throws {
        guard page.next != cursor || !page.changes.isEmpty else { return }
        let now = parts.clock.now()
        let reversed = try await parts.database.write { session -> Int in
            var reversed = 0
            for change in page.changes {
                switch change {
                case .added(let transfer): try Self.add(transfer, token: token, in: session)
                case .retracted(let chain, let block, let transaction, let index):
                    let deposit = try session.first(
                        """
                        SELECT \(Deposit.columns) FROM deposits
                        WHERE chain = ?1 AND block = ?2 AND tx = ?3 AND log_index = ?4
                        """,
                        [
                            SQLValue(Int64(clamping: chain)), .blob(block.bytes), .blob(transaction.bytes),
                            SQLValue(Int64(clamping: index)),
                        ], Deposit.init)
                    if let deposit { reversed += try Self.retract(deposit, at: now, in: session) ? 1 : 0 }
                }
            }
            try session.execute(
                """
                INSERT INTO billing_counters (name, value) VALUES ('deposit-cursor', ?1)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """, [.integer(page.next)])
            return reversed
        }
        if reversed > 0 {
            parts.logger.critical(
                "credited deposits vanished from the ledger and were taken back", metadata: ["deposits": "\(reversed)"])
        }
    }

    private static func add(_ transfer: DepositTransfer, token: Address?, in session: SQLSession) throws {
        let user = try session.first(
            "SELECT user_id FROM billing_customers WHERE deposit_address = ?1", [.blob(transfer.to.bytes)]
        ) { try $0.id(0, as: UserID.self) }
        guard let user, transfer.amount > .zero, let amount = Int64(exactly: transfer.amount.units) else { return }
        let key: [SQLValue] = [
            SQLValue(Int64(clamping: transfer.chainID)), .blob(transfer.blockHash.bytes),
            .blob(transfer.transaction.bytes), SQLValue(Int64(clamping: transfer.index)),
        ]
        // The place within the block may change when the transaction comes back; the order within it cannot.
        let ordinal = try session.first(
            "SELECT COUNT(*) FROM deposits WHERE chain = ?1 AND block = ?2 AND tx = ?3 AND log_index < ?4", key
        ) { $0.integer(0) } ?? 0
        let state: Deposit.State = transfer.token == token ? .seen : .ignored
        let isNew = try session.execute(
            """
            INSERT INTO deposits (chain, block, tx, log_index, ordinal, height, token, sender, receiver, amount, time,
                user_id, state, generation, note)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14)
            ON CONFLICT (chain, block, tx, log_index) DO NOTHING
            """,
            key + [
                .integer(ordinal), SQLValue(Int64(clamping: transfer.height)), SQLValue(transfer.token?.bytes),
                .blob(transfer.from.bytes), .blob(transfer.to.bytes), .integer(amount),
                SQLValue(Int64(clamping: transfer.time)), SQLValue(user), .text(state.rawValue),
                .text(state == .ignored ? "not the token that is taken" : ""),
            ])
        guard isNew == 0 else { return }
        // The same block came back: what was given up is looked at again.
        try session.execute(
            """
            UPDATE deposits SET state = 'seen', note = ''
            WHERE chain = ?1 AND block = ?2 AND tx = ?3 AND log_index = ?4 AND state IN ('orphaned', 'reversed')
            """, key)
    }

    // MARK: Reading

    /// How high the ledger was when it was last looked at, and after how many blocks, its own included, a transfer counts;
    /// nil where no deposits are taken.
    ///
    /// - Throws: `DatabaseError`.
    package func depth() async throws -> (height: UInt64, confirmations: UInt64)? {
        guard let door = parts.deposits else { return nil }
        return (UInt64(clamping: try await counter(Self.height)), max(1, door.source.confirmations ?? settings.confirmations))
    }

    /// Deposits, the newest first: a customer's, or everybody's.
    ///
    /// - Throws: `DatabaseError`.
    package func deposits(of user: UserID? = nil, limit: Int) async throws -> [Deposit] {
        try await parts.database.read { session in
            try session.query(
                """
                SELECT \(Deposit.columns) FROM deposits WHERE (?1 IS NULL OR user_id = ?1)
                ORDER BY id DESC LIMIT ?2
                """, [SQLValue(user), SQLValue(limit)], Deposit.init)
        }
    }
}
