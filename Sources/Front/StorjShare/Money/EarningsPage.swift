import ConsoleKit
import Contracts
import Ethereum
import Hummingbird
import Ledger
import Logging
import StorageModel
import StorageNode

/// Money: who owes what, how far it has come, what each period paid and how that was computed.
struct EarningsPage: Sendable {
    struct Payer: Sendable {
        let name: String
        let path: String
        let standing: Pill
        let payment: String
        let owed: Figure
        let vouchered: Figure
        let claimed: Figure
        let held: Figure
        let overdue: String
    }

    struct Channel: Sendable {
        let id: String
        let state: Pill
        let funded: Figure
        let vouchered: Figure
        let claimed: Figure
        let claimable: Figure
        let seen: Figure
    }

    struct Claim: Sendable {
        let kind: String
        let amount: Figure
        let fee: Figure
        let begun: Figure
        let state: Pill
        let problem: String
    }

    struct Refusal: Sendable {
        let name: String
        let period: Figure
        let reason: String
        let at: Figure
    }

    struct Wallet: Sendable {
        let address: String
        let ledger: String
        let seen: Figure
        let key: String
    }

    /// Statements on one page.
    static let pageSize = 15

    let head: PageHead
    let tiles: [Tile]
    let payers: [Payer]
    let chart: Markup
    let statements: [StatementRow]
    /// Only where there are several.
    let namesSatellite: Bool
    let hasStatements: Bool
    let paging: Paging?
    let channels: [Channel]
    let claims: [Claim]
    let hasClaims: Bool
    let refusals: [Refusal]
    let hasRefusals: Bool
    let canClaim: Bool
    let wallet: Wallet
    let prices: PriceHistory

    /// What the page is made of, as read.
    struct Parts: Sendable {
        let snapshot: NodeSnapshot
        let money: NodeSnapshot.Money
        let summary: MoneySummary
        let pay: [(satellite: NodeID, day: Int64, amount: TokenAmount)]
        let statements: [KeptStatement]
        let next: String?
        let claims: [FarmClaim]
        let sheets: [SignedPriceSheet]
    }

    init(_ parts: Parts, farmer: Farmer) {
        let (snapshot, money) = (parts.snapshot, parts.money)
        head = PageHead("Earnings", lede: "Every coin from the statement over the voucher to the ledger, with the sum behind it.")
        tiles = parts.summary.tiles
        let names = Dictionary(snapshot.status.satellites.map { ($0.contact.satellite, $0.contact.address) }) { first, _ in first }
        namesSatellite = names.count > 1
        payers = money.earnings.lines.map { Self.payer($0, names) }
        chart = Self.chart(parts.pay, now: snapshot.takenAt)
        statements = parts.statements.map { StatementRow($0, name: names[$0.statement.payerNode] ?? "\("\($0.statement.payerNode)".prefix(12))…") }
        hasStatements = !statements.isEmpty
        paging = parts.next.map { Paging(previous: nil, next: $0) }
        channels = money.channels.map(Self.channel)
        claims = parts.claims.prefix(50).map(Self.claim)
        hasClaims = !claims.isEmpty
        refusals = money.earnings.refusals.map {
            Refusal(
                name: names[$0.satellite] ?? "\($0.satellite)", period: .period(UInt64(clamping: $0.period)), reason: $0.reason, at: .time($0.refusedAt))
        }
        hasRefusals = !refusals.isEmpty
        canClaim = money.channels.contains { $0.claimable > .zero }
        wallet = Wallet(
            address: farmer.keys.wallet.checksummed, ledger: "\(farmer.backend.description.kind.rawValue), chain \(farmer.backend.description.chainID)",
            seen: money.ledgerSeenAt.map { .ago($0, now: snapshot.takenAt) } ?? .text("never"),
            key: farmer.keys.walletKey == nil ? "kept elsewhere: the node can claim for it, and not send from it" : "at this node, in wallet.json")
        prices = PriceHistory(parts.sheets, now: UInt64(clamping: snapshot.takenAt.seconds))
    }

    private static func payer(_ line: Earnings.Line, _ names: [NodeID: String]) -> Payer {
        let satellite = line.payer.satellite
        return Payer(
            name: names[satellite] ?? "\(satellite)", path: "/satellites/\(satellite)",
            standing: Pill(
                line.standing.takesPieces ? .good : line.standing.servesCustomers ? .warning : .bad, line.standing.name),
            payment: line.payer.problem.map { "\(line.payer.payment.name): \($0)" } ?? line.payer.payment.name,
            owed: .token(line.owed), vouchered: .token(line.vouchered),
            claimed: line.claimed.map { .token($0) } ?? .none("The ledger says it when you claim."), held: .token(line.held),
            overdue: line.overdue == 0 ? "none" : "\(line.overdue)")
    }

    private static func channel(_ known: KnownChannel) -> Channel {
        Channel(
            id: "0x" + Hexadecimal.encode(Array(known.channel.id.bytes.prefix(6))) + "…",
            state: known.state.isClosed
                ? Pill(.neutral, "closed") : known.state.closesAt != nil ? Pill(.warning, "closing") : Pill(.good, "open"),
            funded: .token(known.state.funded), vouchered: .token(known.vouchered), claimed: .token(known.state.claimed),
            claimable: .token(known.claimable), seen: known.seenAt.map { .time($0) } ?? .text("never"))
    }

    private static func claim(_ claim: FarmClaim) -> Claim {
        Claim(
            kind: claim.kind.rawValue, amount: .token(claim.amount), fee: claim.fee.map { .token($0) } ?? .none(),
            begun: .time(claim.begunAt),
            state: claim.problem != nil
                ? Pill(.bad, "failed") : claim.endedAt == nil ? Pill(.neutral, "under way") : Pill(.good, "on the ledger"),
            problem: claim.problem ?? "")
    }

    /// Days of pay that are drawn.
    static let days: Int64 = 30

    private static func chart(
        _ pay: [(satellite: NodeID, day: Int64, amount: TokenAmount)], now: Timestamp
    ) -> Markup {
        let start = HistorySpan.day.start(of: now) - (days - 1) * 86400
        let starts = (0..<days).map { start + $0 * 86400 }
        let sums = Dictionary(grouping: pay, by: \.day).mapValues { $0.reduce(0.0) { $0 + Double($1.amount.units) / 1e8 } }
        return BarChart(
            title: "Pay of the last 30 days", description: "STORJ that statements paid, by the day they came.",
            labels: starts.map { CivilTime(second: $0).shortDay },
            series: [ChartSeries("STORJ", starts.map { sums[$0] ?? 0 })], unit: .other("STORJ")
        ).markup
    }
}

extension StorjShare {
    func addEarnings(to routes: RouterGroup<WebContext>) {
        routes.get("earnings") { [self] request, context in
            guard let farmer = node.farmer else { throw WebError.notFound }
            let query = request.uri.queryParameters
            let satellite = query["satellite"].flatMap { try? NodeID(text: String($0)) }
            let before = query["before"].flatMap { Int64($0) }.map { Timestamp(microseconds: $0) } ?? context.now.advanced(by: .seconds(86400))
            let snapshot = try await desk.snapshot()
            let day = HistorySpan.day.start(of: snapshot.takenAt)
            let traffic = try await node.history.traffic(.day, from: day - 29 * 86400)
            guard let money = snapshot.money, let summary = try await MoneySummary.read(node, snapshot, traffic: traffic) else {
                throw WebError.notFound
            }
            let statements = try await farmer.book.statements(of: satellite, before: before, limit: EarningsPage.pageSize)
            let page = EarningsPage(
                .init(
                    snapshot: snapshot, money: money, summary: summary,
                    pay: try await farmer.book.payByDay(
                        from: Timestamp(microseconds: (day - (EarningsPage.days - 1) * 86400) * 1_000_000)),
                    statements: statements,
                    next: statements.count < EarningsPage.pageSize
                        ? nil
                        : statements.last.map {
                            "/earnings?before=\($0.receivedAt.microseconds)" + (satellite.map { "&satellite=\($0)" } ?? "")
                        }, claims: try await farmer.book.claims(), sheets: try await farmer.book.sheets()),
                farmer: farmer)
            return try context.page(
                "share-earnings", title: "Earnings", shell: shell(context), model: page, styles: ["share.css"])
        }
        routes.post("claims") { [self] _, context in
            let claims = try await node.claim(of: nil)
            desk.forget()
            let sum = claims.reduce(TokenAmount.zero) { $0.adding($1.amount) ?? $0 }
            logger.notice("the farmer claims", metadata: ["claims": "\(claims.count)", "amount": "\(sum)"])
            let problem = claims.compactMap(\.problem).first
            return context.redirect(
                to: "/earnings",
                flash: problem.map { .failed("The ledger refuses: \($0)") } ?? .done("\(sum) STORJ were claimed."))
        }
    }
}
