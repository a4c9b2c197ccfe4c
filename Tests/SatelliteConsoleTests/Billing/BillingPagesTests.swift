import Accounts
import Billing
import ConsoleKit
import Contracts
import Database
import Ethereum
import HTTPTypes
import SatelliteConsole
import StorageModel
import TestSupport
import Testing
import WebTesting

@Suite struct BillingPagesTests {
    private static let paths = [
        "/billing", "/billing/invoices", "/billing/deposits", "/billing/cards", "/billing/coupons", "/billing/partners",
    ]

    @Test func `every page of billing is shown to a customer who has nothing yet, and to no stranger`() async throws {
        let desk = try await BillingDesk()
        let visitor = desk.visitor(desk.user)
        for path in Self.paths {
            let answer = try await visitor.get(path)
            #expect(answer.status == 200, "\(path)")
            #expect(answer.text.contains("<h1>") && answer.text.contains("aria-current=\"page\""), "\(path)")
        }
        for path in Self.paths { #expect(try await WebVisitor(desk.app).get(path).status == 401, "\(path)") }
    }

    @Test func `a deposit is seen with its blocks, then credited with its bonus`() async throws {
        let desk = try await BillingDesk()
        let visitor = desk.visitor(desk.user)
        #expect(try await visitor.get("/billing/deposits").text.contains("Give me an address"))
        #expect(try await visitor.submit("/billing/deposits/address", page: "/billing/deposits", []).status == 303)
        let address = try #require(try await desk.billing.customers.knownDepositAddress(of: desk.user.id))
        #expect(try await visitor.get("/billing/deposits").text.contains("\(address)"))
        desk.coins.transfer(100, to: address, at: UInt64(desk.clock.now.seconds))
        desk.coins.mine(2)
        try await desk.billing.deposits.step()
        let seen = try await visitor.get("/billing/deposits/rows").text
        #expect(seen.contains("3 of 15 blocks"))
        #expect(!seen.contains("<html"), "a part of the page, without its frame")
        desk.coins.mine(12)
        try await desk.billing.deposits.step()
        let credited = try await visitor.get("/billing/deposits/rows").text
        #expect(credited.contains("credited") && credited.contains("25.00") && credited.contains("2.50"))
        let overview = try await visitor.get("/billing").text
        #expect(overview.contains("25.00"))
        #expect(!(try await desk.visitor(desk.stranger).get("/billing/deposits/rows").text.contains("credited")))
    }

    @Test func `an invoice is shown and downloaded by whose it is; to others it does not exist`() async throws {
        let desk = try await BillingDesk()
        let month = BillingMonth(desk.clock.now)
        let line = try #require(
            InvoiceLine(
                .egress, project: Bytes16(), bucket: Array("<script>alert(1)</script>".utf8), placement: 0,
                partner: "", quantity: 1_500_000_000_000, price: .egress(microUSDPerTB: 7_000_000)))
        let invoice = try #require(
            Invoice(
                number: "\(month)-000001", satellite: NodeID(storage: Bytes32(words: [1, 2, 3, 4])),
                customer: desk.user.id.storage, month: month, issuedAt: UInt64(desk.clock.now.seconds),
                lines: [line]))
        try await desk.database.write { session in
            try session.execute(
                """
                INSERT INTO invoices (number, user_id, month, issued_at, total, due, document, digest)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                """,
                [
                    .text(invoice.number), .blob(desk.user.id.bytes), .integer(Int64(month.number)),
                    .integer(Int64(invoice.issuedAt) * 1_000_000), .integer(invoice.total.micro), .integer(invoice.due.micro),
                    .blob(invoice.encoded), .blob(invoice.digest.bytes),
                ])
        }
        let visitor = desk.visitor(desk.user)
        #expect(try await visitor.get("/billing/invoices").text.contains(invoice.number))
        let page = try await visitor.get("/billing/invoices/\(invoice.number)").text
        #expect(page.contains("10.50") && page.contains("1.5 TB") && page.contains("$7.00 per TB"))
        #expect(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"))
        let document = try await visitor.get("/billing/invoices/\(invoice.number)/document")
        #expect(document.headers[.contentDisposition]?.hasPrefix("attachment") == true)
        let stranger = desk.visitor(desk.stranger)
        let missing = try await stranger.get("/billing/invoices/1999-01-000001")
        #expect(missing.status == 404)
        for path in ["/billing/invoices/\(invoice.number)", "/billing/invoices/\(invoice.number)/document"] {
            let refused = try await stranger.get(path)
            #expect(refused.status == 404 && !refused.text.contains("10.50"))
        }
    }

    @Test func `a coupon is taken once, and codes cannot be guessed for long`() async throws {
        let desk = try await BillingDesk()
        try await desk.billing.coupons.create(
            Coupon(
                code: "WELCOME", amount: try #require(USDAmount("5")), validUntil: desk.clock.now.advanced(by: .seconds(86400)),
                usesLeft: 1))
        let visitor = desk.visitor(desk.user)
        #expect(try await visitor.submit("/billing/coupons", [("code", "WELCOME")]).status == 303)
        #expect(try await visitor.get("/billing/coupons").text.contains("WELCOME"))
        let stranger = desk.visitor(desk.stranger)
        let late = try await stranger.submit("/billing/coupons", [("code", "WELCOME")])
        #expect(late.status == 422 && late.text.contains("cannot be taken any more"))
        var statuses: Set<Int> = []
        for number in 0..<12 {
            let answer = try await stranger.submit("/billing/coupons", [("code", "GUESS-\(number)")])
            statuses.insert(answer.status)
        }
        #expect(statuses == [422, 429])
    }

    @Test func `without a card service no card is taken, and the page says so`() async throws {
        let desk = try await BillingDesk()
        let visitor = desk.visitor(desk.user)
        #expect(try await visitor.get("/billing/cards").text.contains("takes no cards"))
        #expect(try await visitor.submit("/billing/cards/begin", page: "/billing/cards", []).status == 503)
    }

    @Test func `a partner's page shows wallet and products, and unknown partners are not found`() async throws {
        let desk = try await BillingDesk()
        try await desk.billing.partners.register(
            id: "backup-tool", name: "Backup <Tool>", wallet: Address(padded: Bytes32(words: [0, 0, 0, 0xBB])),
            products: ["backup-tool"])
        let visitor = desk.visitor(desk.user)
        #expect(try await visitor.get("/billing/partners").text.contains("Backup &lt;Tool&gt;"))
        #expect(try await visitor.get("/billing/partners/backup-tool").text.contains("<code>backup-tool</code>"))
        #expect(try await visitor.get("/billing/partners/none").status == 404)
        #expect(try await visitor.get("/billing/partners/backup-tool/2026-01/document").status == 404)
    }

    @Test(arguments: [
        (UInt128(0), "0"), (1, "0"), (1_000_000, "0.000001"), (1_500_000_000_000, "1.5"), (2_000_000_000_000, "2"),
    ]) func `quantities are said in people's units`(quantity: UInt128, text: String) {
        #expect(UsageWords(.egress, quantity: quantity, unit: 1_000_000_000_000, price: 1).quantity == "\(text) TB")
    }
}
