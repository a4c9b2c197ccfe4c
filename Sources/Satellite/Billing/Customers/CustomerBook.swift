package import Accounts
package import Contracts
import Database
package import Ethereum
package import Ledger
import StorageModel

/// What a customer has with the satellite, in dollars.
package struct CustomerBalance: Sendable, Hashable {
    /// Paid in and not spent.
    package let credit: USDAmount
    /// Given and not spent; it cannot be withdrawn.
    package let bonus: USDAmount
    /// Paid in and held back.
    package let frozen: USDAmount
    /// Spent although it turned out not to have been paid in.
    package let owing: USDAmount
    /// Billed and not paid.
    package let due: USDAmount
}

/// The customers as payers: balances and deposit addresses.
package struct CustomerBook: Sendable {
    private let parts: BillingParts
    private let settings: BillingSettings

    init(parts: BillingParts, settings: BillingSettings) {
        self.parts = parts
        self.settings = settings
    }

    /// What a customer has and owes.
    ///
    /// - Throws: `DatabaseError`.
    package func balance(of user: UserID) async throws -> CustomerBalance {
        try await parts.database.read { session in
            func balance(_ account: JournalAccount) throws -> USDAmount {
                USDAmount(micro: try Journal.balance(of: account, .microUSD, in: session))
            }
            let due = try session.first(
                "SELECT COALESCE(SUM(open), 0) FROM open_invoices WHERE user_id = ?1", [SQLValue(user)]
            ) { $0.integer(0) }
            return CustomerBalance(
                credit: try balance(.customer(user.account)), bonus: try balance(.customerBonus(user.account)),
                frozen: try balance(.customerFrozen(user.account)),
                owing: try balance(.customerOwing(user.account)).negated ?? .zero, due: USDAmount(micro: due ?? 0))
        }
    }

    /// The newest movements of a customer's credit, the newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func movements(of user: UserID, limit: Int) async throws -> [JournalEntry] {
        let journal = Journal(database: parts.database)
        let accounts: [JournalAccount] = [.customer(user.account), .customerBonus(user.account)]
        var entries: [Int64: JournalEntry] = [:]
        for account in accounts {
            for (number, entry) in try await journal.entries(of: account, limit: limit) { entries[number] = entry }
        }
        return entries.sorted { $0.key > $1.key }.prefix(limit).map(\.value)
    }

    /// The address a customer pays STORJ to: made from the extended public key on first use, and the customer's for ever.
    ///
    /// It is watched before anybody is told of it.
    /// - Throws: `BillingError.unavailable` where no deposits are taken; `DatabaseError`, `LedgerError`.
    package func depositAddress(of user: UserID) async throws -> Address {
        guard let door = parts.deposits else { throw BillingError(.unavailable, "this satellite takes no deposits") }
        let address = try await parts.database.write { session -> Address in
            if let known = try Self.depositAddress(of: user, in: session) { return known }
            var index = try Self.count("deposit-addresses", in: session)
            // One key in 2¹²⁷ does not exist; it is skipped.
            while true {
                guard let number = UInt32(exactly: index), number < 1 << 31 else {
                    throw BillingError(.outOfRange, "there are no more deposit addresses")
                }
                if let child = door.key.child(number) {
                    try Self.save(child.key.address, index: index, of: user, in: session)
                    return child.key.address
                }
                index = try Self.count("deposit-addresses", in: session)
            }
        }
        try await door.source.watch([address])
        return address
    }

    /// The address a customer was given; nil when none was asked for.
    ///
    /// - Throws: `DatabaseError`.
    package func knownDepositAddress(of user: UserID) async throws -> Address? {
        try await parts.database.read { session in try Self.depositAddress(of: user, in: session) }
    }

    private static func save(_ address: Address, index: Int64, of user: UserID, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO billing_customers (user_id, deposit_index, deposit_address) VALUES (?1, ?2, ?3)
            ON CONFLICT (user_id) DO UPDATE SET deposit_index = ?2, deposit_address = ?3
            """, [SQLValue(user), .integer(index), .blob(address.bytes)])
    }

    private static func depositAddress(of user: UserID, in session: SQLSession) throws -> Address? {
        try session.first(
            "SELECT deposit_address FROM billing_customers WHERE user_id = ?1 AND deposit_address IS NOT NULL",
            [SQLValue(user)]
        ) { Address($0.blob(0)) } ?? nil
    }

    /// The next number of a row of numbers, from 0.
    static func count(_ name: String, in session: SQLSession) throws -> Int64 {
        try session.first(
            """
            INSERT INTO billing_counters (name, value) VALUES (?1, 0)
            ON CONFLICT (name) DO UPDATE SET value = billing_counters.value + 1 RETURNING value
            """, [.text(name)]
        ) { $0.integer(0) } ?? 0
    }
}

extension UserID {
    /// The customer's name in the journal.
    var account: String { Hexadecimal.encode(bytes) }
}

extension JournalAccount {
    /// What a customer spent of a deposit that turned out not to exist: below zero by as much.
    package static func customerOwing(_ id: String) -> JournalAccount { JournalAccount(rawValue: "customer/\(id)/owing") }
}
