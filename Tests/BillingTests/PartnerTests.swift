import Accounting
import Accounts
import Billing
import Contracts
import Database
import Ethereum
import Foundation
import Ledger
import StorageModel
import Synchronization
import TestSupport
import Testing

@Suite struct PartnerTests {
    private static let wallet = Address(padded: Bytes32(words: [0, 0, 0, 0xD0C]))

    /// A shop with a ledger of its own, a partner, a bucket of the partner's and one of nobody's.
    private struct Market {
        var shop: Shop
        let billing: Billing
        let ledger: EmbeddedLedger
        let backend: EmbeddedBackend
        let payer: Address
        let folder: URL

        init(_ folder: URL, _ settings: BillingSettings = BillingSettings()) async throws {
            var shop = try await Shop(settings)
            let keeper = KeySigner(.generate(random: shop.random))
            let treasury = KeySigner(.generate(random: shop.random))
            let signer = KeySigner(.generate(random: shop.random))
            var ledgerSettings = EmbeddedLedgerSettings()
            ledgerSettings.blockSeconds = nil
            ledgerSettings.secretCount = 16
            ledger = try await EmbeddedLedger.open(
                folder: folder.appending(path: "ledger").path, operator: keeper.key, settings: ledgerSettings,
                clock: shop.clock.wallClock, random: shop.random, logger: Shop.logger)
            backend = EmbeddedBackend(ledger, random: shop.random)
            _ = try await backend.perform(.mint(to: treasury.address, TokenAmount(1_000 * 100_000_000)), by: keeper)
            shop.parts.payouts = PartnerAccount(backend: backend, signer: signer, treasury: treasury)
            shop.parts.folder = folder.appending(path: "market").path
            self.shop = shop
            self.folder = folder
            payer = signer.address
            billing = try await shop.billing()
            try await billing.partners.register(
                id: "duck", name: "Duck", wallet: PartnerTests.wallet, products: ["CyberDuck"])
            try await shop.makeBucket("ducks", userAgent: "cyberduck/8.7 rclone/1.70")
            try await shop.makeBucket("own")
            try await shop.accounting.bookBuckets()
        }

        /// Downloads from both buckets: 14 $ and 7 $.
        func download() async throws {
            try await shop.settle([
                try shop.order(2_000_000_000_000, bucket: "ducks"), try shop.order(1_000_000_000_000, bucket: "own"),
            ])
        }

        func goTo(_ month: String, days: Int64 = 4) async throws {
            let start = try #require(BillingMonth(month)).start
            shop.clock.advance(by: .seconds(start + days * 86400 - shop.clock.now.seconds))
        }

        func statements() async throws -> [PartnerStatement] { try await billing.partners.statements(of: "duck") }

        func anchor() async throws -> PayoutAnchor? { try await backend.payout(of: payer)?.anchor }
    }

    private func withMarket(
        _ settings: BillingSettings = BillingSettings(), _ body: (Market) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let market = try await Market(folder, settings)
            try await body(market)
            try await market.ledger.close()
        }
    }

    @Test func `a tenth of what was paid for a partner's buckets with real credit is paid out in STORJ, and its statement holds`()
        async throws
    {
        try await withMarket { market in
            try await market.download()
            try await market.shop.payIn("21", id: "cash")
            try await market.goTo("2026-02")
            try await market.billing.bill()
            try await market.goTo("2026-03")
            for _ in 0..<3 { try await market.billing.bill() }
            let statement = try #require(try await market.statements().first)
            #expect(statement.owed == USDAmount("1.40"))
            #expect(statement.paid == TokenAmount(560_000_000))
            #expect(statement.lines.count == 1)
            let anchor = try #require(try await market.anchor())
            #expect(statement.objections(anchor: anchor) == [])
            #expect(try await market.backend.balance(of: Self.wallet) == TokenAmount(560_000_000))
            // Altered by one cent it fails.
            var altered = statement
            altered.lines[0].share = try #require(USDAmount("1.41"))
            #expect(!altered.objections(anchor: anchor).isEmpty)
            let file = market.folder.appending(path: "market/partners/duck/2026-02.bin")
            #expect(try PartnerStatement(encoded: Array(Data(contentsOf: file))) == statement)
            #expect(try await market.billing.journal.balance(of: .partner("duck"), .microUSD) == 0)
            #expect(try await market.billing.journal.balance(of: .partnersCost, .microUSD) == -1_400_000)
            #expect(try await market.billing.journal.check().isSound)
        }
    }

    @Test func `what is paid with bonus or not at all is not shared, and what is paid later is shared later`() async throws {
        try await withMarket { market in
            try await market.download()
            let customer = Hexadecimal.encode(market.shop.user.id.bytes)
            try await market.billing.journal.post(
                try JournalEntry(
                    id: "gift", time: market.shop.clock.now, try #require(USDAmount("10.5")), from: .bonus,
                    to: .customerBonus(customer), note: "test"))
            try await market.goTo("2026-02")
            try await market.billing.bill()
            try await market.goTo("2026-03")
            try await market.billing.bill()
            #expect(try await market.statements().first?.owed == .zero)
            #expect(try await market.backend.balance(of: Self.wallet) == .zero)
            try await market.shop.payIn("10.5", id: "late")
            try await market.billing.bill()
            try await market.goTo("2026-04")
            try await market.billing.bill()
            let statements = try await market.statements()
            // Half of the bill was paid with real credit: two thirds of that for the partner's bucket.
            #expect(statements.first?.owed == USDAmount("0.70"))
            // Less than the smallest payout: it is carried.
            #expect(statements.first?.paid == .zero)
            let anchor = try #require(try await market.anchor())
            #expect(statements.first?.objections(anchor: anchor, previous: statements[1]) == [])
        }
    }

    @Test func `what is too little is carried, and without a price nothing is paid but everything is kept`() async throws {
        var settings = BillingSettings()
        settings.partnerMinimum = try #require(USDAmount("2"))
        try await withMarket(settings) { market in
            try await market.download()
            try await market.shop.payIn("42", id: "cash")
            try await market.goTo("2026-02")
            try await market.download()
            try await market.billing.bill()
            try await market.goTo("2026-03")
            market.shop.price.microUSD.withLock { $0 = nil }
            try await market.billing.bill()
            #expect(try await market.statements().first?.owed == USDAmount("1.40"))
            #expect(try await market.statements().first?.paid == .zero)
            try await market.goTo("2026-04")
            market.shop.price.microUSD.withLock { $0 = 500_000 }
            try await market.billing.bill()
            let statements = try await market.statements()
            #expect(statements.map(\.carried.description) == ["1.40", "0.00", "0.00"])
            #expect(statements.first?.owed == USDAmount("2.80"))
            #expect(statements.first?.paid == TokenAmount(560_000_000))
            let anchor = try #require(try await market.anchor())
            #expect(statements.first?.objections(anchor: anchor, previous: statements[1]) == [])
            #expect(try await market.backend.balance(of: Self.wallet) == TokenAmount(560_000_000))
        }
    }

    @Test func `a run that is cut off between any two writes or operations pays once`() async throws {
        let wires = [
            ("partner_runs", "INSERT"), ("partner_runs", "UPDATE"), ("partner_statements", "INSERT"),
            ("journal_postings", "INSERT"), ("invoice_payments", "UPDATE"),
        ]
        for (table, event) in wires {
            for count in 0..<3 {
                try await withMarket { market in
                    try await market.download()
                    try await market.shop.payIn("21", id: "cash")
                    try await market.goTo("2026-02")
                    try await market.billing.bill()
                    try await market.goTo("2026-03")
                    let tripwire = Tripwire(market.shop.database, table: table, event: event, after: count)
                    try await tripwire.arm()
                    do { try await market.billing.bill() } catch is DatabaseError {
                        // The write was cut off: what follows shows that nothing is done twice.
                    }
                    try await tripwire.disarm()
                    let again = try await market.shop.billing()
                    for _ in 0..<2 { try await again.bill() }
                    let comment = "\(table) \(event) \(count)"
                    #expect(try await market.backend.balance(of: Self.wallet) == TokenAmount(560_000_000), "\(comment)")
                    #expect(try await market.backend.payout(of: market.payer)?.pool == .zero, "\(comment)")
                    let statement = try await again.partners.statements(of: "duck").first
                    let anchor = try #require(try await market.anchor())
                    #expect(statement?.objections(anchor: anchor) == [], "\(comment)")
                    #expect(try await again.journal.check().isSound)
                }
            }
        }
    }

    @Test func `a product belongs to one partner, and ids and wallets are checked`() async throws {
        let shop = try await Shop()
        let book = try await shop.billing().partners
        try await book.register(id: "a", name: "A", wallet: Self.wallet, products: ["one", "two"])
        await #expect(throws: BillingError.self) {
            try await book.register(id: "b", name: "B", wallet: Self.wallet, products: ["TWO"])
        }
        try await book.register(id: "a", name: "A", wallet: Self.wallet, products: ["one"])
        try await book.register(id: "b", name: "B", wallet: Self.wallet, products: ["TWO"])
        for id in ["", "A", "a/b", "..", "a b"] {
            await #expect(throws: BillingError.self) {
                try await book.register(id: id, name: "X", wallet: Self.wallet, products: ["x"])
            }
        }
        #expect(try await book.all().map(\.id) == ["a", "b"])
    }
}
