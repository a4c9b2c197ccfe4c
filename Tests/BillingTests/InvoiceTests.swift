import Accounting
import Accounts
import Billing
import Contracts
import Database
import Ledger
import Metabase
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct InvoiceTests {
    private static let january = BillingMonth("2026-01")

    /// January is over, and late orders had their time.
    private static func closeJanuary(_ shop: Shop) async throws {
        let month = try #require(january)
        shop.clock.advance(by: .seconds(month.end + 4 * 86400 - shop.clock.now.seconds))
    }

    @Test func `an invoice recomputed from raw orders and tallies is equal to the millionth of a dollar`() async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        try await shop.makeBucket("photos")
        try await shop.makeBucket("archive")
        try await shop.accounting.bookBuckets()
        let random = RandomSource.seeded(42)
        var byteSeconds: [String: UInt128] = [:]
        var segmentSeconds: [String: UInt128] = [:]
        var egress: [String: UInt128] = [:]
        var held: [String: (bytes: UInt128, segments: UInt128)] = [:]
        for round in 0..<40 {
            let bytes = random.bytes(count: 8)
            let bucket = bytes[0] & 1 == 0 ? "photos" : "archive"
            let size = Int64(bytes[1]) << 22 | Int64(bytes[2]) << 14 | Int64(bytes[3]) << 6 | 100
            try await shop.store("object \(round)", bucket: bucket, encryptedSize: size)
            held[bucket, default: (0, 0)].bytes += UInt128(size)
            held[bucket, default: (0, 0)].segments += 1
            let seconds = 600 + Int64(bytes[4]) * 40
            let amounts = bytes[5..<8].map { Int64($0) * 7_919_777 + 1 }
            try await shop.settle(try amounts.map { try shop.order($0, bucket: bucket) })
            egress[bucket, default: 0] += UInt128(amounts.reduce(0, +))
            shop.clock.advance(by: .seconds(seconds))
            // The node hands in one window for each hour.
            shop.clock.advance(by: .seconds(3600))
            try await shop.accounting.bookBuckets()
            for (name, held) in held {
                byteSeconds[name, default: 0] += held.bytes * UInt128(seconds + 3600)
                segmentSeconds[name, default: 0] += held.segments * UInt128(seconds + 3600)
            }
        }
        try await Self.closeJanuary(shop)
        try await billing.bill()
        let invoice = try #require(try await billing.invoices.invoices(of: shop.user.id).first).invoice
        #expect(invoice.objections.isEmpty)
        #expect(invoice.month == Self.january)
        #expect(invoice.lines.count == 6)
        func halfUp(_ quantity: UInt128, _ price: UInt128, _ unit: UInt128) -> Int64 {
            let (quotient, rest) = (quantity * price).quotientAndRemainder(dividingBy: unit)
            return Int64(quotient) + (rest * 2 >= unit ? 1 : 0)
        }
        var total: Int64 = 0
        for name in ["photos", "archive"] {
            let expected: [InvoiceLine.Kind: (quantity: UInt128, amount: Int64)] = [
                .storage: (
                    byteSeconds[name] ?? 0,
                    halfUp(byteSeconds[name] ?? 0, 4_000_000, 1_000_000_000_000 * 720 * 3600)
                ),
                .egress: (egress[name] ?? 0, halfUp(egress[name] ?? 0, 7_000_000, 1_000_000_000_000)),
                .segments: (segmentSeconds[name] ?? 0, halfUp(segmentSeconds[name] ?? 0, 8_800_000, 1_000_000 * 720 * 3600)),
            ]
            for (kind, numbers) in expected {
                let line = try #require(invoice.lines.first { $0.kind == kind && $0.bucket == Array(name.utf8) })
                #expect(line.quantity == numbers.quantity)
                #expect(line.amount.micro == numbers.amount)
                #expect(line.project == shop.project.publicID.storage)
                total += numbers.amount
            }
        }
        #expect(invoice.total.micro == total)
        #expect(total > 0)
    }

    @Test func `a tally that crosses the end of a month is cut there, and both months together are the whole`() async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        let january = try #require(Self.january)
        try await shop.makeBucket()
        try await shop.store("a", encryptedSize: 1_000_000)
        shop.clock.advance(by: .seconds(january.end - 1800 - shop.clock.now.seconds))
        try await shop.accounting.bookBuckets()
        try await shop.live(hours: 2)
        func seconds(_ month: BillingMonth) async throws -> UInt128 {
            let lines = try await billing.invoices.preview(of: shop.user.id, month: month).lines
            return lines.filter { $0.kind == .storage }.reduce(0) { $0 + $1.quantity } / 1_000_000
        }
        #expect(try await seconds(january) == 1800)
        #expect(try await seconds(january.next) == 5400)
    }

    @Test func `a clock that jumps charges nobody for the time it skipped`() async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        try await shop.makeBucket()
        try await shop.store("a", encryptedSize: 1000)
        try await shop.accounting.bookBuckets()
        try await shop.live(hours: 1)
        shop.clock.advance(by: .seconds(400 * 86400))
        try await shop.accounting.bookBuckets()
        shop.clock.advance(by: .seconds(-400 * 86400))
        try await shop.accounting.bookBuckets()
        shop.clock.advance(by: .seconds(-60))
        try await shop.accounting.bookBuckets()
        try await shop.live(hours: 1)
        let tallies = try await shop.accounting.tallies(from: 0, to: .max)
        #expect(tallies.map { $0.end - $0.start } == [3600, 3600])
        try await billing.bill()
        #expect(try await billing.invoices.invoices(of: shop.user.id).isEmpty)
    }

    @Test func `an invoice is issued once, however often it is asked for, and never before orders had their time`() async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        try await shop.makeBucket()
        try await shop.store("a", encryptedSize: 1_000_000_000)
        try await shop.accounting.bookBuckets()
        try await shop.live(hours: 20)
        let january = try #require(Self.january)
        shop.clock.advance(by: .seconds(january.end + 2 * 86400 - shop.clock.now.seconds))
        try await billing.bill()
        #expect(try await billing.invoices.invoices(of: shop.user.id).isEmpty)
        shop.clock.advance(by: .seconds(86400))
        for _ in 0..<3 { try await billing.bill() }
        let invoices = try await billing.invoices.invoices(of: shop.user.id)
        #expect(invoices.map(\.invoice.number) == ["2026-01-000001"])
        // The clock goes back and forth: still one.
        shop.clock.advance(by: .seconds(-40 * 86400))
        try await billing.bill()
        shop.clock.advance(by: .seconds(40 * 86400))
        try await billing.bill()
        #expect(try await billing.invoices.invoices(of: shop.user.id).count == 1)
    }

    @Test func `a satellite that was away for months bills them all when it is back`() async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        try await shop.makeBucket()
        try await shop.accounting.bookBuckets()
        try await shop.settle([try shop.order(1_000_000_000_000)])
        shop.clock.advance(by: .seconds(40 * 86400))
        try await shop.settle([try shop.order(2_000_000_000_000)])
        shop.clock.advance(by: .seconds(100 * 86400))
        try await billing.bill()
        let invoices = try await billing.invoices.invoices(of: shop.user.id).map(\.invoice)
        #expect(Set(invoices.map { "\($0.month) \($0.total)" }) == ["2026-01 7.00", "2026-02 14.00"])
    }

    @Test func `minimum, coupon, credit and bonus are lines of their own, real credit before bonus`() async throws {
        var settings = BillingSettings()
        settings.minimumMonth = USDAmount(micro: 10_000_000)
        let shop = try await Shop(settings)
        let billing = try await shop.billing()
        try await shop.makeBucket()
        try await shop.store("a", encryptedSize: 1_000_000_000)
        try await shop.accounting.bookBuckets()
        try await shop.live(hours: 20)
        try await billing.coupons.create(
            Coupon(
                code: "WELCOME", amount: USDAmount(micro: 3_000_000), validUntil: shop.clock.now.advanced(by: .seconds(86400)),
                usesLeft: 1))
        try await billing.coupons.apply("WELCOME", to: shop.user.id)
        try await billing.coupons.apply("WELCOME", to: shop.user.id)
        let other = try await shop.accounts.createUser(email: "o@example.com", name: "o")
        await #expect(throws: BillingError.self) { try await billing.coupons.apply("WELCOME", to: other.id) }
        try await shop.payIn("4", id: "cash")
        try await billing.journal.post(
            try JournalEntry(
                id: "gift", time: shop.clock.now, USDAmount(micro: 1_000_000), from: .bonus,
                to: .customerBonus(Hexadecimal.encode(shop.user.id.bytes)), note: "test"))
        try await Self.closeJanuary(shop)
        try await billing.bill()
        let (invoice, open) = try #require(try await billing.invoices.invoices(of: shop.user.id).first)
        #expect(invoice.objections.isEmpty)
        #expect(invoice.total == USDAmount(micro: 7_000_000))
        #expect(invoice.due == USDAmount(micro: 2_000_000))
        #expect(open == invoice.due)
        #expect(
            invoice.lines.filter { !$0.kind.isUsage }.map(\.kind) == [.minimum, .coupon, .credit, .bonus])
        // The document stays; what is open of it is paid as soon as there is credit.
        let digest = invoice.digest
        try await shop.payIn("5", id: "more")
        try await billing.bill()
        let after = try #require(try await billing.invoices.invoices(of: shop.user.id).first)
        #expect(after.invoice.digest == digest)
        #expect(after.open == .zero)
        let balance = try await billing.customers.balance(of: shop.user.id)
        #expect(balance.credit == USDAmount(micro: 3_000_000))
        #expect(balance.bonus == .zero)
        #expect(try await billing.journal.balance(of: .revenue, .microUSD) == 6_000_000)
        #expect(try await billing.journal.check().isSound)
    }

    @Test func `prices of a placement count for its buckets alone`() async throws {
        var settings = BillingSettings()
        var dear = CustomerPrices()
        dear.storageTBMonth = 8_000_000
        settings.placementPrices = [0: dear]
        let shop = try await Shop(settings)
        let billing = try await shop.billing()
        try await shop.makeBucket()
        try await shop.store("a", encryptedSize: 1_000_000_000)
        try await shop.accounting.bookBuckets()
        try await shop.live(hours: 9)
        let invoice = try await billing.invoices.preview(of: shop.user.id, month: try #require(Self.january))
        #expect(invoice.lines.first { $0.kind == .storage }?.amount == USDAmount(micro: 100))
    }

    @Test func `orders settled late make a correction that names the invoice, and too much is given back`() async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        try await shop.makeBucket()
        try await shop.accounting.bookBuckets()
        try await shop.settle([try shop.order(2_000_000_000_000)])
        try await shop.payIn("20", id: "cash")
        let month = try #require(Self.january)
        try await Self.closeJanuary(shop)
        try await billing.bill()
        let first = try #require(try await billing.invoices.invoices(of: shop.user.id).first).invoice
        #expect(first.total == USDAmount("14"))
        // A bucket's download is counted that nobody knew of.
        try await Self.setEgress(3_000_000_000_000, in: shop)
        for _ in 0..<2 { try await billing.invoices.correct(month) }
        var invoices = try await billing.invoices.invoices(of: shop.user.id).map(\.invoice)
        #expect(invoices.count == 2)
        let more = try #require(invoices.first { $0.corrects != nil })
        #expect(more.corrects == first.digest)
        #expect(more.objections.isEmpty)
        #expect(more.total == USDAmount("7"))
        #expect(more.due == USDAmount("1"))
        // And then it turns out that half of it never happened.
        try await Self.setEgress(1_000_000_000_000, in: shop)
        for _ in 0..<2 { try await billing.invoices.correct(month) }
        invoices = try await billing.invoices.invoices(of: shop.user.id).map(\.invoice)
        #expect(invoices.count == 3)
        let less = try #require(invoices.first { $0.total < .zero })
        #expect(less.total == USDAmount("-14"))
        #expect(less.due == .zero)
        #expect(less.objections.isEmpty)
        try await billing.invoices.payOpen()
        let balance = try await billing.customers.balance(of: shop.user.id)
        #expect(balance.credit == USDAmount("13"))
        #expect(balance.due == .zero)
        #expect(try await billing.journal.balance(of: .revenue, .microUSD) == 7_000_000)
        #expect(try await billing.journal.check().isSound)
    }

    private static func setEgress(_ bytes: Int64, in shop: Shop) async throws {
        try await shop.database.write { session in
            try session.execute("UPDATE bucket_bandwidth_rollups SET settled = ?1 WHERE action = 2", [.integer(bytes)])
        }
    }

    @Test func `a crash between any two writes of an invoice leaves none, and the next attempt issues it once`() async throws {
        let tables = [
            "invoices", "invoice_payments", "open_invoices", "journal_entries", "journal_postings", "journal_balances",
            "billing_counters", "customer_coupons",
        ]
        for table in tables {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                for count in 0..<3 { try await crash(table, event, count) }
            }
        }
    }

    private func crash(_ table: String, _ event: String, _ count: Int) async throws {
        let shop = try await Shop()
        let billing = try await shop.billing()
        try await shop.makeBucket()
        try await shop.accounting.bookBuckets()
        try await shop.settle([try shop.order(2_000_000_000_000)])
        try await shop.payIn("10", id: "cash")
        try await Self.closeJanuary(shop)
        let tripwire = Tripwire(shop.database, table: table, event: event, after: count)
        try await tripwire.arm()
        do { try await billing.bill() } catch is DatabaseError {
            // The write was cut off: what follows shows that nothing of it stayed.
        }
        #expect(try await billing.journal.check().isSound)
        try await tripwire.disarm()
        let again = try await shop.billing()
        try await again.bill()
        let invoices = try await again.invoices.invoices(of: shop.user.id)
        #expect(invoices.count == 1)
        #expect(invoices.first?.open == USDAmount("4"))
        let balance = try await again.customers.balance(of: shop.user.id)
        #expect(balance.credit == .zero)
        #expect(balance.due == USDAmount("4"))
        try await shop.payIn("4", id: "rest")
        try await again.bill()
        #expect(try await again.customers.balance(of: shop.user.id).due == .zero)
        #expect(try await again.journal.balance(of: .revenue, .microUSD) == 14_000_000)
        #expect(try await again.journal.check().isSound)
    }
}
