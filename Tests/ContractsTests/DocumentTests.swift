import Contracts
import Ethereum
import StorageModel
import TestSupport
import Testing

@Suite struct DocumentTests {
    private static let project = Bytes16(words: [1, 2])

    private static func line(_ bytes: UInt128, price: UInt64 = 4_000_000, partner: String = "") throws -> InvoiceLine {
        try #require(
            InvoiceLine(
                .storage, project: project, bucket: Array("photos".utf8), placement: 0, partner: partner,
                quantity: bytes * 86400 * 30, price: .storage(microUSDPerTBMonth: price)))
    }

    private static func invoice(_ lines: [InvoiceLine]) throws -> Invoice {
        let month = try #require(BillingMonth("2026-10"))
        return try #require(
            Invoice(
                number: "2026-10-000001", satellite: NodeID(storage: Bytes32(words: [1, 2, 3, 4])),
                customer: Bytes16(words: [5, 6]), month: month, issuedAt: 1_793_000_000, lines: lines))
    }

    @Test func `a month begins and ends where the calendar says`() throws {
        let random = RandomSource.seeded(3)
        for _ in 0..<2000 {
            let bytes = random.bytes(count: 8)
            let seconds = Int64(bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) } % 200_000_000_000)
            let month = BillingMonth(Timestamp(microseconds: seconds * 1_000_000))
            #expect(month.start <= seconds && seconds < month.end)
            #expect((28...31).contains((month.end - month.start) / 86400))
            #expect(BillingMonth(month.description) == (month.year < 10_000 ? month : nil))
        }
        let november = try #require(BillingMonth("2026-11"))
        #expect(november.start == 1_793_491_200)
        #expect(november.previous.description == "2026-10")
        #expect(try #require(BillingMonth("2024-02")).next.start - (try #require(BillingMonth("2024-02")).start) == 29 * 86400)
        for text in ["2026-13", "2026-0", "26-01", "2026-00", "2026/01", "1969-12", ""] { #expect(BillingMonth(text) == nil) }
    }

    @Test func `a terabyte over 720 hours costs its price, and halves are rounded up`() throws {
        #expect(try Self.line(1_000_000_000_000).amount == USDAmount(micro: 4_000_000))
        #expect(try Self.line(125_000).amount == USDAmount(micro: 1))
        #expect(try Self.line(124_999).amount == .zero)
        #expect(InvoiceLine.amount(.max, .max, per: 1, isReversal: false) == nil)
        #expect(InvoiceLine.amount(1, 1, per: 0, isReversal: false) == nil)
    }

    @Test func `an invoice is read back from its bytes, and every byte of it counts`() throws {
        let invoice = try Self.invoice([
            try Self.line(3_000_000_000_000), InvoiceLine(.minimum, amount: USDAmount(micro: 5)),
            InvoiceLine(.coupon, amount: USDAmount(micro: -2), reference: "WELCOME"),
            InvoiceLine(.credit, amount: USDAmount(micro: -12_000_000)),
        ])
        #expect(invoice.total == USDAmount(micro: 12_000_003))
        #expect(invoice.due == USDAmount(micro: 3))
        #expect(invoice.objections.isEmpty)
        #expect(try Invoice(encoded: invoice.encoded) == invoice)
        for index in invoice.encoded.indices {
            var bytes = invoice.encoded
            bytes[index] ^= 1
            let altered = try? Invoice(encoded: bytes)
            #expect(altered != invoice)
        }
    }

    @Test func `an invoice altered by a millionth of a dollar is objected to`() throws {
        let line = try Self.line(3_000_000_000_000)
        var invoice = try Self.invoice([line])
        invoice.lines[0].amount = USDAmount(micro: line.amount.micro + 1)
        #expect(invoice.objections.count == 3)
        invoice = try Self.invoice([line])
        invoice.due = USDAmount(micro: invoice.due.micro - 1)
        #expect(invoice.objections == ["what is due is not the sum of all lines"])
        invoice = try Self.invoice([line])
        invoice.lines.append(try #require(line.reversed))
        #expect(invoice.objections.contains { $0.contains("without naming the invoice") })
    }

    @Test func `a partner's statement holds line by line against the anchored roots, and not when a cent is altered`() throws {
        let town = try PartnerTown()
        #expect(town.statement.objections(anchor: nil) == [])
        #expect(town.statement.objections(anchor: town.anchor) == [])
        #expect(try PartnerStatement(encoded: town.statement.encoded) == town.statement)

        func altered(_ change: (inout PartnerStatement) -> Void) -> [String] {
            var statement = town.statement
            change(&statement)
            return statement.objections(anchor: town.anchor)
        }
        let cent = USDAmount(micro: 10_000)
        #expect(!altered { $0.lines[0].share = $0.lines[0].share.adding(cent) ?? .zero }.isEmpty)
        #expect(!altered { $0.lines[0].paid.amount = $0.lines[0].paid.amount.adding(cent) ?? .zero }.isEmpty)
        #expect(!altered { $0.lines[0].paid.paidAfter = $0.lines[0].paid.paidAfter.subtracting(cent) ?? .zero }.isEmpty)
        #expect(!altered { $0.lines[0].paid.quantity += 1 }.isEmpty)
        #expect(!altered { $0.owed = $0.owed.adding(cent) ?? .zero }.isEmpty)
        #expect(!altered { $0.carried = $0.carried.adding(cent) ?? .zero }.isEmpty)
        #expect(!altered { $0.cumulative = TokenAmount($0.cumulative.units + 1) }.isEmpty)
        #expect(!altered { $0.paid = TokenAmount($0.paid.units - 1) }.isEmpty)
        #expect(!altered { $0.lines.removeLast() }.isEmpty)
        #expect(!altered { $0.lines.append($0.lines[0]) }.isEmpty)
        #expect(!altered { $0.wallet = .zero }.isEmpty)
        #expect(!altered { $0.root = Bytes32() }.isEmpty)
        #expect(!altered { $0.payoutPath.removeAll() }.isEmpty)
        var other = town.anchor
        other.period += 1
        #expect(!town.statement.objections(anchor: other).isEmpty)
    }

    @Test func `what is paid in parts is shared once, and bonus is not shared`() throws {
        let invoice = try Self.invoice([try Self.line(1_000_000_000_001, partner: "p"), try Self.line(7, partner: "p")])
        let digest = invoice.digest
        var sum: Int64 = 0
        let steps: [Int64] = [0, 1, 999_999, 1_000_000, 3_999_999, 4_000_000]
        for (before, after) in zip(steps, steps.dropFirst()) {
            let line = try #require(
                PaidLine(
                    invoice: invoice, digest: digest, index: 0, paidBefore: USDAmount(micro: before),
                    paidAfter: USDAmount(micro: after)))
            sum += try #require(line.paid).micro
        }
        #expect(sum == 4_000_000)
        let tooMuch = PaidLine(
            invoice: invoice, digest: digest, index: 0, paidBefore: .zero, paidAfter: USDAmount(micro: 4_000_001))
        #expect(tooMuch?.paid == nil)
    }
}

/// One partner among three wallets, with two lines of three.
private struct PartnerTown {
    let statement: PartnerStatement
    let anchor: PayoutAnchor

    init() throws {
        let month = try #require(BillingMonth("2026-10"))
        let lines = try ["duck", "", "duck"].enumerated().map { index, partner in
            try #require(
                InvoiceLine(
                    .egress, project: Bytes16(words: [1, UInt64(index)]), bucket: [1], placement: 0, partner: partner,
                    quantity: 5_000_000_000_000 + UInt128(index), price: .egress(microUSDPerTB: 7_000_000)))
        }
        let invoice = try #require(
            Invoice(
                number: "n", satellite: NodeID(storage: Bytes32()), customer: Bytes16(), month: month, issuedAt: 1,
                lines: lines))
        let paid = try lines.indices.map { index in
            try #require(
                PaidLine(
                    invoice: invoice, digest: invoice.digest, index: index, paidBefore: .zero, paidAfter: invoice.total))
        }
        let tree = PaidLineTree(paid)
        let wallet = Address(padded: Bytes32(words: [0, 0, 0, 7]))
        let quote = Quote(microUSD: 250_000, time: 1, source: Quote.label("fixed"))
        let own = try [0, 2].map { index in
            PartnerStatement.Line(
                paid: paid[index], share: try #require(paid[index].share(percent: 10)), path: tree.path(of: index))
        }
        let owed = try #require(own[0].share.adding(own[1].share))
        let amount = try #require(quote.storj(for: owed))
        let amounts = [
            wallet: amount, Address(padded: Bytes32(words: [0, 0, 0, 8])): TokenAmount(5),
            Address(padded: Bytes32(words: [0, 0, 0, 9])): TokenAmount(6),
        ]
        let payouts = try #require(PayoutTree(amounts))
        statement = PartnerStatement(
            satellite: NodeID(storage: Bytes32()), payer: Address(padded: Bytes32(words: [0, 0, 0, 1])), partner: "duck",
            wallet: wallet, month: month, issuedAt: 2, percent: 10, lines: own, carried: .zero, owed: owed, quote: quote,
            paid: amount, cumulative: amount, root: tree.root, payoutPath: payouts.path(of: wallet) ?? [])
        anchor = PayoutAnchor(
            period: UInt64(month.number), payoutRoot: payouts.root, reportRoot: tree.root,
            total: TokenAmount(amount.units + 11), farmerCount: 3)
    }
}
