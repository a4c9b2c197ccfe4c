import Accounts
import Billing
import Contracts
import Database
import Ethereum
import Ledger
import StorageModel
import Synchronization
import TestSupport
import Testing

@Suite struct DepositTests {
    private static let hundred = TokenAmount(100 * 100_000_000)

    /// A shop whose customer has an address.
    private struct Counter {
        let shop: Shop
        let billing: Billing
        let address: Address

        init(_ settings: BillingSettings = BillingSettings(), policy: DepositPolicy = .accepting) async throws {
            var shop = try await Shop(settings)
            shop.parts.deposits?.policy = policy
            self.shop = shop
            billing = try await shop.billing()
            address = try await billing.customers.depositAddress(of: shop.user.id)
        }

        var now: UInt64 { UInt64(shop.clock.now.seconds) }

        func balance() async throws -> CustomerBalance { try await billing.customers.balance(of: shop.user.id) }

        @discardableResult
        func pay(_ amount: TokenAmount = hundred, transaction: UInt64 = 1, index: UInt64 = 0) -> DepositTransfer {
            shop.coins.transfer(amount, to: address, transaction: transaction, index: index, at: now)
        }

        func states() async throws -> [Deposit.State] { try await billing.deposits.deposits(limit: 100).map(\.state) }

        func expectSound() async throws {
            let findings = try await billing.journal.check()
            #expect(findings.isSound, "\(findings.wrong)")
            for prefix in ["customer/"] {
                for (account, balance) in try await billing.journal.balances(prefix: prefix, .microUSD)
                where !account.rawValue.hasSuffix("/owing") {
                    #expect(balance >= 0, "\(account)")
                }
            }
        }
    }

    @Test func `100 STORJ become credit at the price of their block and a bonus of a tenth, after 15 confirmations`()
        async throws
    {
        let counter = try await Counter()
        counter.pay()
        counter.shop.coins.mine(13)
        try await counter.billing.deposits.step()
        #expect(try await counter.states() == [.seen])
        #expect(try await counter.balance().credit == .zero)
        let seen = try #require(try await counter.billing.deposits.deposits(limit: 1).first)
        let depth = try #require(try await counter.billing.deposits.depth())
        #expect(depth.confirmations == 15)
        #expect(depth.height - seen.transfer.height + 1 == 14)
        #expect(try await counter.billing.customers.knownDepositAddress(of: counter.shop.user.id) == counter.address)
        counter.shop.coins.mine(1)
        try await counter.billing.deposits.step()
        try await counter.billing.deposits.step()
        let balance = try await counter.balance()
        #expect(balance.credit == USDAmount("25"))
        #expect(balance.bonus == USDAmount("2.50"))
        #expect(try await counter.states() == [.credited])
        #expect(try await counter.billing.journal.balance(of: .chain, .storj) == -10_000_000_000)
        #expect(try await counter.billing.journal.balance(of: .exchange, .storj) == 10_000_000_000)
        #expect(try await counter.billing.journal.balance(of: .exchange, .microUSD) == -25_000_000)
        #expect(try await counter.billing.journal.balance(of: .bonus, .microUSD) == -2_500_000)
        try await counter.expectSound()
    }

    @Test func `the same deposit through a reorganisation before it counts is credited once`() async throws {
        let counter = try await Counter()
        let first = counter.pay()
        counter.shop.coins.mine(10)
        try await counter.billing.deposits.step()
        counter.shop.coins.takeAway(first)
        counter.shop.coins.mine(3)
        try await counter.billing.deposits.step()
        #expect(try await counter.states() == [.orphaned])
        // It comes back in another block, in another place of it.
        counter.pay(index: 7)
        counter.shop.coins.mine(30)
        try await counter.billing.deposits.step()
        #expect(try await counter.states() == [.credited, .orphaned])
        #expect(try await counter.balance().credit == USDAmount("25"))
        #expect(try await counter.balance().bonus == USDAmount("2.50"))
        try await counter.expectSound()
    }

    @Test func `a reorganisation below a credited deposit takes the credit back by a counter-entry, and its return gives it again`()
        async throws
    {
        let counter = try await Counter()
        for round in 0..<3 {
            let transfer = counter.pay(index: UInt64(round))
            counter.shop.coins.mine(14)
            try await counter.billing.deposits.step()
            #expect(try await counter.balance().credit == USDAmount("25"))
            counter.shop.coins.takeAway(transfer)
            try await counter.billing.deposits.step()
            #expect(try await counter.balance().credit == .zero)
            #expect(try await counter.balance().bonus == .zero)
            try await counter.expectSound()
        }
        counter.pay()
        counter.shop.coins.mine(14)
        try await counter.billing.deposits.step()
        #expect(try await counter.balance().credit == USDAmount("25"))
        #expect(try await counter.billing.journal.balance(of: .exchange, .microUSD) == -25_000_000)
        #expect(try await counter.billing.journal.balance(of: .chain, .storj) == -10_000_000_000)
        try await counter.expectSound()
    }

    @Test func `a vanished deposit that was spent makes a debt, no negative balance, and the next deposit pays it`()
        async throws
    {
        let counter = try await Counter()
        let transfer = counter.pay()
        counter.shop.coins.mine(14)
        try await counter.billing.deposits.step()
        let customer = JournalAccount.customer(Hexadecimal.encode(counter.shop.user.id.bytes))
        let spent = try #require(USDAmount("20"))
        try await counter.billing.journal.post(
            try JournalEntry(
                id: "spent", time: counter.shop.clock.now, spent, from: customer, to: .revenue, note: "test"))
        counter.shop.coins.takeAway(transfer)
        try await counter.billing.deposits.step()
        #expect(try await counter.balance().credit == .zero)
        #expect(try await counter.balance().owing == USDAmount("20"))
        try await counter.expectSound()
        counter.pay(transaction: 2)
        counter.shop.coins.mine(14)
        try await counter.billing.deposits.step()
        #expect(try await counter.balance().owing == .zero)
        #expect(try await counter.balance().credit == USDAmount("5"))
        try await counter.expectSound()
    }

    @Test func `without a price a deposit waits, and is credited at the price of its block when that is known`() async throws {
        let counter = try await Counter()
        counter.shop.price.microUSD.withLock { $0 = nil }
        counter.pay()
        counter.shop.coins.mine(14)
        try await counter.billing.deposits.step()
        #expect(try await counter.states() == [.unpriced])
        #expect(try await counter.balance().credit == .zero)
        counter.shop.price.microUSD.withLock { $0 = 300_000 }
        try await counter.billing.deposits.step()
        #expect(try await counter.balance().credit == USDAmount("30"))
        try await counter.expectSound()
    }

    @Test func `the price is that of the block, however it moves until the deposit counts`() async throws {
        let counter = try await Counter()
        _ = try await counter.shop.parts.quotes?.record()
        counter.pay()
        counter.shop.clock.advance(by: .seconds(240))
        counter.shop.price.microUSD.withLock { $0 = 999_000 }
        _ = try await counter.shop.parts.quotes?.record()
        counter.shop.coins.mine(14)
        try await counter.billing.deposits.step()
        #expect(try await counter.balance().credit == USDAmount("25"))
    }

    @Test func `another token is listed and not credited, and strangers' addresses are not listed`() async throws {
        let counter = try await Counter()
        let other = Address(padded: Bytes32(words: [0, 0, 0, 0x71]))
        counter.shop.coins.transfer(Self.hundred, to: counter.address, transaction: 1, at: counter.now, token: other)
        counter.shop.coins.transfer(Self.hundred, to: other, transaction: 2, at: counter.now)
        counter.shop.coins.mine(20)
        try await counter.billing.deposits.step()
        #expect(try await counter.states() == [.ignored])
        #expect(try await counter.balance().credit == .zero)
    }

    @Test func `a deposit of a sanctioned wallet is frozen until somebody releases it`() async throws {
        let policy = DepositPolicy.refusing([Address(padded: Bytes32(words: [0, 0, 0, 0xAA]))])
        let counter = try await Counter(policy: policy)
        counter.pay()
        counter.shop.coins.mine(14)
        try await counter.billing.deposits.step()
        #expect(try await counter.states() == [.frozen])
        #expect(try await counter.balance().frozen == USDAmount("25"))
        #expect(try await counter.balance().credit == .zero)
        #expect(try await counter.balance().bonus == .zero)
        let id = try #require(try await counter.billing.deposits.deposits(limit: 1).first).id
        try await counter.billing.deposits.release(id)
        #expect(try await counter.balance().frozen == .zero)
        #expect(try await counter.balance().credit == USDAmount("25"))
        #expect(try await counter.balance().bonus == USDAmount("2.50"))
        await #expect(throws: BillingError.self) { try await counter.billing.deposits.release(id) }
        try await counter.expectSound()
    }

    @Test func `a wallet that the settings name is sanctioned, however its digits are written`() async throws {
        var settings = BillingSettings()
        settings.sanctioned = ["0x00000000000000000000000000000000000000AA"]
        let counter = try await Counter(settings)
        counter.pay()
        counter.shop.coins.mine(14)
        try await counter.billing.deposits.step()
        #expect(try await counter.states() == [.frozen])
        #expect(try await counter.balance().frozen == USDAmount("25"))
    }

    @Test func `two transfers of one transaction are two deposits`() async throws {
        let counter = try await Counter()
        let first = counter.pay(index: 3)
        counter.shop.coins.add(TokenAmount(400), beside: first, index: 4)
        counter.shop.coins.mine(14)
        try await counter.billing.deposits.step()
        #expect(try await counter.balance().credit == USDAmount("25.000001"))
    }

    @Test func `a crash between any two writes leaves nothing half done, and the deposit is credited once`() async throws {
        for table in ["deposits", "journal_entries", "journal_postings", "journal_balances", "billing_counters"] {
            for event in ["INSERT", "UPDATE"] {
                for count in 0..<6 {
                    let counter = try await Counter()
                    counter.pay()
                    counter.shop.coins.mine(14)
                    let tripwire = Tripwire(counter.shop.database, table: table, event: event, after: count)
                    try await tripwire.arm()
                    do { try await counter.billing.deposits.step() } catch is DatabaseError {
                        // The write was cut off: what follows shows that nothing of it stayed.
                    }
                    try await counter.expectSound()
                    let before = try await counter.balance()
                    #expect(before.credit == .zero || before.bonus == USDAmount("2.50"))
                    try await tripwire.disarm()
                    let again = try await counter.shop.billing()
                    try await again.deposits.step()
                    #expect(try await counter.balance().credit == USDAmount("25"), "\(table) \(event) \(count)")
                    #expect(try await counter.balance().bonus == USDAmount("2.50"))
                    try await counter.expectSound()
                }
            }
        }
    }

    @Test func `each customer has an address of its own, which follows from the public key alone and is watched`() async throws {
        let counter = try await Counter()
        let other = try await counter.shop.accounts.createUser(email: "other@example.com", name: "other")
        let address = try await counter.billing.customers.depositAddress(of: other.id)
        #expect(address != counter.address)
        #expect(try await counter.billing.customers.depositAddress(of: other.id) == address)
        let key = try ExtendedPrivateKey(seed: Shop.seed)
        #expect(counter.address == key.child(0)?.key.address)
        #expect(address == key.child(1)?.key.address)
        #expect(counter.shop.coins.watched == [counter.address, address])
    }
}

/// Has the n-th write to a table fail, as a crash would.
struct Tripwire {
    private let database: Database
    private let table: String
    private let event: String
    private let count: Int

    init(_ database: Database, table: String, event: String, after count: Int) {
        self.database = database
        self.table = table
        self.event = event
        self.count = count
    }

    func arm() async throws {
        let (table, event, count) = (table, event, count)
        try await database.write { session in
            try session.execute("CREATE TABLE tripwire (writes INTEGER NOT NULL)")
            try session.execute("INSERT INTO tripwire VALUES (0)")
            try session.execute(
                """
                CREATE TRIGGER tripwire_pulled BEFORE \(event) ON \(table) BEGIN
                    SELECT RAISE(ABORT, 'cut off') FROM tripwire WHERE writes >= \(count);
                    UPDATE tripwire SET writes = writes + 1;
                END
                """)
        }
    }

    func disarm() async throws {
        try await database.write { session in
            try session.execute("DROP TRIGGER tripwire_pulled")
            try session.execute("DROP TABLE tripwire")
        }
    }
}
