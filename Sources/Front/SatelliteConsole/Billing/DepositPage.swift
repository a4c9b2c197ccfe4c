import Accounts
import Billing
import ConsoleKit
import Contracts
import Hummingbird
import Ledger
import StorageModel

/// Where a customer pays STORJ to, and what became of what was paid.
struct DepositPage: Sendable {
    let head: PageHead
    let tabs: [BillingTab]
    /// Whether the satellite takes deposits.
    let isOpen: Bool
    let address: String?
    let bonusPercent: UInt32
    let needed: UInt64
    let needsOne: Bool
    let price: Figure?
    let priceTime: Figure?
    let example: String
    let deposits: DepositRows
}

/// The deposits, which the page asks for again and again.
struct DepositRows: Sendable {
    /// A deposit.
    struct Row: Sendable {
        let id: Int64
        let time: Figure
        let storj: Figure
        let status: Pill
        /// Blocks upon it so far and those it takes; the bar is gone once it counts.
        let confirmations: UInt64
        let needed: UInt64
        let isWaiting: Bool
        let credit: Figure
        let bonus: Figure
        let transaction: String
        let note: String
    }

    /// How high the ledger was when it was last looked at.
    let height: UInt64
    let rows: [Row]
    let hasRows: Bool
}

extension BillingPages {
    private static let depositCount = 50

    func deposits(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let depth = try await billing.deposits.depth()
        let address = try await billing.customers.knownDepositAddress(of: visitor.user)
        let quote = try await billing.quotes?.quote(at: UInt64(clamping: context.now.seconds))
        let page = DepositPage(
            head: PageHead("STORJ deposits", lede: "Pay in with STORJ and get \(billing.settings.bonusPercent) % on top."),
            tabs: BillingTab.all(current: "/billing/deposits"), isOpen: depth != nil, address: address.map { "\($0)" },
            bonusPercent: billing.settings.bonusPercent, needed: depth?.confirmations ?? 0,
            needsOne: depth?.confirmations == 1,
            price: quote.map {
                .money(
                    microdollars: Int64(clamping: $0.microUSD),
                    how: "From \($0.sourceName). A deposit counts at the price of the time at which it was made.")
            },
            priceTime: quote.map { .time(Self.moment($0.time)) }, example: quote.map(example) ?? "",
            deposits: try await depositRows(of: visitor.user))
        return try context.page(
            "billing-deposits", title: "STORJ deposits", shell: visitor.shell, model: page, styles: Self.styles)
    }

    /// The table alone, for a page that is open.
    func depositRows(_ context: WebContext) async throws -> Response {
        try context.fragment("billing-deposit-rows", model: try await depositRows(of: try await visitor(context).user))
    }

    private func depositRows(of user: UserID) async throws -> DepositRows {
        let depth = try await billing.deposits.depth()
        let deposits = try await billing.deposits.deposits(of: user, limit: Self.depositCount)
        return DepositRows(height: depth?.height ?? 0, rows: deposits.map { row($0, depth) }, hasRows: !deposits.isEmpty)
    }

    func giveAddress(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        _ = try await billing.customers.depositAddress(of: visitor.user)
        return context.redirect(to: "/billing/deposits", flash: .done("This address is yours for ever."))
    }

    private func example(_ quote: Quote) -> String {
        guard let tokens = TokenAmount("100"), let credit = quote.usd(for: tokens),
            let bonus = credit.percent(billing.settings.bonusPercent)
        else { return "" }
        return "100 STORJ are $\(credit) of credit and $\(bonus) of bonus just now."
    }

    private func row(_ deposit: Deposit, _ depth: (height: UInt64, confirmations: UInt64)?) -> DepositRows.Row {
        let transfer = deposit.transfer
        let needed = depth?.confirmations ?? 0
        let height = depth?.height ?? 0
        let blocks = height < transfer.height ? 0 : min(height - transfer.height + 1, needed)
        let how = deposit.microUSD.map { "\(transfer.amount) STORJ × $\(USDAmount(micro: Int64(clamping: $0))), rounded down." }
        return DepositRows.Row(
            id: deposit.id, time: .time(Self.moment(transfer.time)),
            storj: .token(baseUnits: Int64(clamping: transfer.amount.units)), status: Self.status(deposit.state),
            confirmations: blocks, needed: needed, isWaiting: deposit.state == .seen,
            credit: deposit.credit.map { .money(microdollars: $0.micro, how: how) } ?? .text("—"),
            bonus: deposit.bonus.map { .money(microdollars: $0.micro) } ?? .text("—"),
            transaction: "0x" + Hexadecimal.encode(transfer.transaction.bytes), note: deposit.note)
    }

    private static func status(_ state: Deposit.State) -> Pill {
        switch state {
        case .seen: Pill(.neutral, "seen")
        case .unpriced: Pill(.warning, "waits for a price")
        case .credited: Pill(.good, "credited")
        case .frozen: Pill(.warning, "held back")
        case .orphaned: Pill(.bad, "block vanished")
        case .reversed: Pill(.bad, "taken back")
        case .ignored: Pill(.bad, "another token")
        }
    }
}
