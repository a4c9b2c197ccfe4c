import Billing
import ConsoleKit
import Contracts
import Ethereum
import Hummingbird
import StorageModel

/// The partners, and what the programme is.
struct PartnerListPage: Sendable {
    /// A partner.
    struct Row: Sendable {
        let name: String
        let url: String
        let products: String
        let paid: Figure
    }

    let head: PageHead
    let tabs: [BillingTab]
    let percent: UInt32
    let minimum: String
    let rows: [Row]
    let hasRows: Bool
}

/// A partner's months.
struct PartnerPage: Sendable {
    /// A month.
    struct Row: Sendable {
        let month: String
        let lines: Int
        let owed: Figure
        let paid: Figure
        let cumulative: Figure
        let isSound: Bool
        let url: String
    }

    let head: PageHead
    let tabs: [BillingTab]
    let tiles: [Tile]
    let wallet: String
    let products: [String]
    let rows: [Row]
    let hasRows: Bool
}

extension BillingPages {
    func partners(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        var rows: [PartnerListPage.Row] = []
        for partner in try await billing.partners.all() {
            let statement = try await billing.partners.statements(of: partner.id).first
            rows.append(
                PartnerListPage.Row(
                    name: partner.name, url: "/billing/partners/\(partner.id)", products: partner.products.joined(separator: ", "),
                    paid: Self.tokens(statement?.cumulative ?? .zero)))
        }
        let page = PartnerListPage(
            head: PageHead("Partners", lede: "Who writes the tools that bring customers gets a share of what they pay."),
            tabs: BillingTab.all(current: "/billing/partners"), percent: billing.settings.partnerPercent,
            minimum: "\(billing.settings.partnerMinimum)", rows: rows, hasRows: !rows.isEmpty)
        return try context.page(
            "billing-partners", title: "Partners", shell: visitor.shell, model: page, styles: Self.styles)
    }

    func partner(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let partner = try await partnerNamed(context)
        let statements = try await billing.partners.statements(of: partner.id)
        let newest = statements.first
        let rows = statements.map { statement in
            PartnerPage.Row(
                month: "\(statement.month)", lines: statement.lines.count,
                owed: .money(microdollars: statement.owed.micro, how: "\(statement.percent) % of each line that customers paid, and what was carried."),
                paid: Self.tokens(statement.paid), cumulative: Self.tokens(statement.cumulative),
                isSound: statement.objections(anchor: nil).isEmpty,
                url: "/billing/partners/\(partner.id)/\(statement.month)/document")
        }
        let page = PartnerPage(
            head: PageHead(partner.name, back: Link("All partners", "/billing/partners")),
            tabs: BillingTab.all(current: "/billing/partners"),
            tiles: [
                Tile("Paid in all", Self.tokens(newest?.cumulative ?? .zero), note: "on the ledger"),
                Tile(
                    "Carried to the next month",
                    .money(
                        microdollars: (newest?.remaining ?? .zero).micro,
                        how: "Shares that are below $\(billing.settings.partnerMinimum) wait for the next month.")),
                Tile("Months", .count(statements.count)),
            ], wallet: "\(partner.wallet)", products: partner.products, rows: rows, hasRows: !rows.isEmpty)
        return try context.page(
            "billing-partner", title: partner.name, shell: visitor.shell, model: page, styles: Self.styles)
    }

    func partnerDocument(_ context: WebContext) async throws -> Response {
        _ = try await visitor(context)
        let partner = try await partnerNamed(context)
        let month = try context.parameters.require("month")
        let statements = try await billing.partners.statements(of: partner.id)
        guard let statement = statements.first(where: { "\($0.month)" == month }) else { throw WebError.notFound }
        return context.download(
            statement.encoded, type: "application/octet-stream", fileName: "partner-\(partner.id)-\(month).bin")
    }

    /// Statements are published anyway, so any customer may look at any partner.
    private func partnerNamed(_ context: WebContext) async throws -> Partner {
        let id = try context.parameters.require("id")
        guard let partner = try await billing.partners.all().first(where: { $0.id == id }) else { throw WebError.notFound }
        return partner
    }

    private static func tokens(_ amount: TokenAmount) -> Figure { .token(baseUnits: Int64(clamping: amount.units)) }
}
