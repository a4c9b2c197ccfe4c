import Billing
import ConsoleKit
import Contracts
import Hummingbird
import Ledger
import StorageModel

/// What a customer has, owes and uses: the first page of billing.
struct BillingOverviewPage: Sendable {
    /// A kind of usage in a project.
    struct Usage: Sendable {
        let project: String
        let kind: String
        let quantity: Figure
        let price: String
        let amount: Figure
    }

    /// Credit that came or went.
    struct Movement: Sendable {
        let time: Figure
        let note: String
        let amount: Figure
        let kind: String
    }

    let head: PageHead
    let tabs: [BillingTab]
    let tiles: [Tile]
    /// Why nothing can be uploaded or downloaded, or soon cannot.
    let warning: String?
    let month: String
    let usage: [Usage]
    let hasUsage: Bool
    let movements: [Movement]
    let hasMovements: Bool
}

extension BillingPages {
    private static let movementCount = 25

    func overview(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let balance = try await billing.customers.balance(of: visitor.user)
        let month = BillingMonth(context.now)
        let preview = try await billing.invoices.preview(of: visitor.user, month: month)
        let movements = try await billing.customers.movements(of: visitor.user, limit: Self.movementCount)
        let page = BillingOverviewPage(
            head: PageHead("Billing", lede: "What you have, what you use, and what it comes to."),
            tabs: BillingTab.all(current: "/billing"), tiles: tiles(balance, preview),
            warning: balance.due > .zero
                ? "Bills are open. What is not paid within \(days(billing.settings.freezeAfter)) stops uploads and downloads; nothing is deleted then."
                : nil,
            month: "\(month)", usage: usage(of: preview, visitor), hasUsage: preview.lines.contains(where: \.kind.isUsage),
            movements: movements.flatMap { rows(of: $0, visitor) }, hasMovements: !movements.isEmpty)
        return try context.page(
            "billing-overview", title: "Billing", shell: visitor.shell, model: page, styles: Self.styles)
    }

    private func tiles(_ balance: CustomerBalance, _ preview: Invoice) -> [Tile] {
        var tiles = [
            Tile(
                "Credit",
                .money(microdollars: balance.credit.micro, how: "What you paid in by STORJ or card, less what invoices took of it."),
                note: "paid in and not spent"),
            Tile(
                "Bonus",
                .money(
                    microdollars: balance.bonus.micro,
                    how: "\(billing.settings.bonusPercent) % of every STORJ deposit's value, less what invoices took of it."),
                note: "given, cannot be withdrawn"),
            Tile(
                "This month so far",
                .money(
                    microdollars: preview.total.micro,
                    how: "The sum of the lines below: usage up to the last tally, at today's prices. The invoice comes after the month."),
                note: "not billed yet"),
            Tile(
                "Open bills",
                .money(microdollars: balance.due.micro, how: "What is left to pay of all invoices."),
                note: balance.due > .zero ? "please pay" : "nothing to pay", state: balance.due > .zero ? .warning : .good),
        ]
        if balance.frozen > .zero {
            tiles.append(
                Tile(
                    "Held back", .money(microdollars: balance.frozen.micro, how: "Deposits whose senders are being looked at."),
                    note: "ask the operator", state: .warning))
        }
        if balance.owing > .zero {
            tiles.append(
                Tile(
                    "Owing",
                    .money(
                        microdollars: balance.owing.micro,
                        how: "Spent credit of a deposit whose block vanished from the chain afterwards."),
                    note: "taken from the next deposit", state: .bad))
        }
        return tiles
    }

    /// Lines by project and kind: a bucket's are on the invoice.
    private func usage(of preview: Invoice, _ visitor: BillingVisitor) -> [BillingOverviewPage.Usage] {
        struct Key: Hashable {
            let project: Bytes16
            let kind: InvoiceLine.Kind
            let unit: UInt128
            let price: UInt64
        }
        var sums: [Key: (quantity: UInt128, amount: Int64)] = [:]
        for line in preview.lines where line.kind.isUsage {
            let key = Key(project: line.project, kind: line.kind, unit: line.unit, price: line.price)
            let (quantity, amount) = sums[key] ?? (0, 0)
            sums[key] = (quantity &+ line.quantity, amount &+ line.amount.micro)
        }
        let rows = sums.map { key, sum in
            let name = visitor.projects[key.project] ?? Hexadecimal.encode(key.project.bytes)
            let words = UsageWords(key.kind, quantity: sum.quantity, unit: key.unit, price: key.price)
            return (
                order: (name, key.kind.rawValue, key.price),
                row: BillingOverviewPage.Usage(
                    project: name, kind: words.kind, quantity: .text(words.quantity), price: words.price,
                    amount: .money(microdollars: sum.amount, how: words.how)))
        }
        return rows.sorted { $0.order < $1.order }.map(\.row)
    }

    private func rows(of entry: JournalEntry, _ visitor: BillingVisitor) -> [BillingOverviewPage.Movement] {
        let id = Hexadecimal.encode(visitor.user.bytes)
        return entry.postings.compactMap { posting in
            let kind: String
            switch posting.account {
            case .customer(id): kind = "credit"
            case .customerBonus(id): kind = "bonus"
            default: return nil
            }
            return BillingOverviewPage.Movement(
                time: .time(entry.time), note: Self.sentence(entry.note), amount: .money(microdollars: posting.amount), kind: kind)
        }
    }

    private func days(_ duration: Duration) -> String { "\(duration.components.seconds / 86400) days" }
}
