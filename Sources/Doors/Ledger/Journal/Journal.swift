package import Database
import StorageModel

/// Where every movement of money is written down, twice: where it left and where it arrived.
///
/// Entries are only added. An id that was used posts nothing the second time, so that whoever is unsure whether a
/// movement was written down writes it again. `post` works in the caller's transaction: the movement and what it is
/// about are both stored or both not.
///
/// - Source: economy design §3.6.
package struct Journal: Sendable {
    package static let migrations = [
        Migration(
            "1-journal",
            [
                """
                CREATE TABLE journal_entries (
                    number {identity}, id {text} NOT NULL UNIQUE, time {integer} NOT NULL, currency {integer} NOT NULL,
                    note {text} NOT NULL, quote {blob}
                ) {table}
                """,
                """
                CREATE TABLE journal_postings (
                    entry {integer} NOT NULL, position {integer} NOT NULL, account {text} NOT NULL,
                    amount {integer} NOT NULL, PRIMARY KEY (entry, position)
                ) {clustered}
                """,
                "CREATE INDEX journal_postings_by_account ON journal_postings (account, entry)",
                """
                CREATE TABLE journal_balances (
                    account {text} NOT NULL, currency {integer} NOT NULL, balance {integer} NOT NULL,
                    PRIMARY KEY (account, currency)
                ) {clustered}
                """,
            ])
    ]

    let database: Database

    /// The journal of a database.
    package init(database: Database) { self.database = database }

    /// Makes the tables.
    ///
    /// - Throws: `DatabaseError`.
    package func migrate() async throws { try await database.migrate(room: "journal", Self.migrations) }

    // MARK: Writing

    /// Writes an entry down in a transaction.
    ///
    /// - Parameter keeping: accounts that must not be below zero afterwards.
    /// - Returns: whether it is new; false when the same entry was written before.
    /// - Throws: `JournalError`, `DatabaseError`; the transaction is for the caller to give up.
    @discardableResult
    package static func post(
        _ entry: JournalEntry, keeping nonNegative: [JournalAccount] = [], in session: SQLSession
    ) throws -> Bool {
        if let objection = entry.objection { throw objection }
        if let known = try Self.entry(entry.id, in: session) {
            // When it was written and in which words may differ; what moved may not.
            guard known.currency == entry.currency, known.quote == entry.quote,
                Set(known.postings) == Set(entry.postings)
            else { throw JournalError.idTaken(entry: entry.id) }
            return false
        }
        let number = try session.first(
            "INSERT INTO journal_entries (id, time, currency, note, quote) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING number",
            [
                .text(entry.id), SQLValue(entry.time), SQLValue(entry.currency.rawValue), .text(entry.note),
                SQLValue(entry.quote?.bytes),
            ]
        ) { $0.integer(0) }
        for (position, posting) in entry.postings.enumerated() {
            try session.execute(
                "INSERT INTO journal_postings (entry, position, account, amount) VALUES (?1, ?2, ?3, ?4)",
                [SQLValue(number), SQLValue(position), .text(posting.account.rawValue), .integer(posting.amount)])
            let balance = try add(posting, of: entry, in: session)
            guard balance >= 0 || !nonNegative.contains(posting.account) else {
                throw JournalError.insufficient(entry: entry.id, account: posting.account)
            }
        }
        return true
    }

    private static func add(_ posting: JournalEntry.Posting, of entry: JournalEntry, in session: SQLSession) throws -> Int64 {
        let before = try balance(of: posting.account, entry.currency, in: session)
        let (after, overflow) = before.addingReportingOverflow(posting.amount)
        guard !overflow else { throw JournalError.outOfRange(entry: entry.id) }
        try session.execute(
            """
            INSERT INTO journal_balances (account, currency, balance) VALUES (?1, ?2, ?3)
            ON CONFLICT (account, currency) DO UPDATE SET balance = excluded.balance
            """, [.text(posting.account.rawValue), SQLValue(entry.currency.rawValue), .integer(after)])
        return after
    }

    /// Writes an entry down in a transaction of its own.
    ///
    /// - Throws: `JournalError`, `DatabaseError`; then nothing is written.
    @discardableResult
    package func post(_ entry: JournalEntry, keeping nonNegative: [JournalAccount] = []) async throws -> Bool {
        try await database.write { session in try Self.post(entry, keeping: nonNegative, in: session) }
    }

    // MARK: Reading

    /// What an account has; zero for one nobody ever named.
    package static func balance(
        of account: JournalAccount, _ currency: JournalEntry.Currency, in session: SQLSession
    ) throws -> Int64 {
        try session.first(
            "SELECT balance FROM journal_balances WHERE account = ?1 AND currency = ?2",
            [.text(account.rawValue), SQLValue(currency.rawValue)]
        ) { $0.integer(0) } ?? 0
    }

    /// What an account has; zero for one nobody ever named.
    package func balance(of account: JournalAccount, _ currency: JournalEntry.Currency) async throws -> Int64 {
        try await database.read { session in try Self.balance(of: account, currency, in: session) }
    }

    /// The accounts whose names begin so, with what they have, by name.
    package func balances(
        prefix: String, _ currency: JournalEntry.Currency
    ) async throws -> [(account: JournalAccount, balance: Int64)] {
        try await database.read { session in
            try session.query(
                """
                SELECT account, balance FROM journal_balances
                WHERE currency = ?1 AND substr(account, 1, length(?2)) = ?2 ORDER BY account
                """, [SQLValue(currency.rawValue), .text(prefix)]
            ) { (JournalAccount(rawValue: $0.text(0)), $0.integer(1)) }
        }
    }

    /// An entry by its id.
    package static func entry(_ id: String, in session: SQLSession) throws -> JournalEntry? {
        try session.first(
            "SELECT number, id, time, currency, note, quote FROM journal_entries WHERE id = ?1", [.text(id)]
        ) { try entry($0, in: session) }
    }

    /// The entries that touch an account, the newest first.
    ///
    /// - Parameter before: only entries older than this number; nil for the newest.
    package func entries(
        of account: JournalAccount, before: Int64? = nil, limit: Int = 100
    ) async throws -> [(number: Int64, entry: JournalEntry)] {
        try await database.read { session in
            try session.query(
                """
                SELECT number, id, time, currency, note, quote FROM journal_entries WHERE number IN (
                    SELECT DISTINCT entry FROM journal_postings WHERE account = ?1 AND entry < ?2
                    ORDER BY entry DESC LIMIT ?3)
                ORDER BY number DESC
                """, [.text(account.rawValue), .integer(before ?? .max), SQLValue(limit)]
            ) { ($0.integer(0), try Self.entry($0, in: session)) }
        }
    }

    private static func entry(_ row: SQLRow, in session: SQLSession) throws -> JournalEntry {
        guard let currency = JournalEntry.Currency(rawValue: row.int(3)) else {
            throw DatabaseError(.corrupt, "a journal entry is in no known currency")
        }
        let quote = try row.optionalBlob(5).map { bytes in
            guard let quote = Bytes32(bytes) else { throw DatabaseError(.corrupt, "a journal entry's quote is no word") }
            return quote
        }
        let postings = try session.query(
            "SELECT account, amount FROM journal_postings WHERE entry = ?1 ORDER BY position", [.integer(row.integer(0))]
        ) { JournalEntry.Posting(JournalAccount(rawValue: $0.text(0)), $0.integer(1)) }
        return JournalEntry(
            id: row.text(1), time: row.timestamp(2), currency: currency, postings: postings, note: row.text(4),
            quote: quote)
    }
}
