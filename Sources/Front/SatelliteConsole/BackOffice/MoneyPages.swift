import ConsoleKit
import Contracts
import Hummingbird
import Ledger
import Market
import Overlay
import StorageModel

/// What farmers ask, and how they prove what they hold.
struct OperatorMarket: Sendable {
    struct Farmer: Sendable {
        let node: String
        let path: String
        let price: Figure
        let standing: Figure
        let paidBy: String
    }

    let head: PageHead
    let tiles: [Tile]
    let chart: Markup?
    let heartbeats: Markup?
    let farmers: [Farmer]
    let hasFarmers: Bool
    let priceHead: Figure
    let standingHead: Figure
    let empty: EmptyState
}

/// Payments to farmers.
struct OperatorSettlement: Sendable {
    struct Run: Sendable {
        let number: Figure
        let started: Figure
        let status: Pill
        let farmers: Figure
        let amount: Figure
        let carried: Figure
        let problem: String?
    }

    let head: PageHead
    let isPaid: Bool
    let tiles: [Tile]
    let facts: [Fact]
    let problem: String?
    let runs: [Run]
    let hasRuns: Bool
    let troubles: [Fact]
    let hasTroubles: Bool
    let empty: EmptyState
}

extension BackOffice {
    func marketPage(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let offers = overlay.offers() ?? [:]
        let prices = offers.values.compactMap(\.price).map { Double($0) }.sorted()
        let farmers = try await market.farmers()
        let periods = try await market.periods(limit: 30).reversed()
        let status = try await market.status()
        let middle = prices.isEmpty ? nil : prices[prices.count / 2]
        let model = OperatorMarket(
            head: PageHead("Market", lede: "What farmers ask for a terabyte, and how they prove that they hold it."),
            tiles: [
                Tile(
                    "Price in the middle",
                    middle.map { .money(microdollars: Int64($0), how: "Half of the farmers with a price sheet ask less for a terabyte kept for a month with its usual traffic.") }
                        ?? .none("No farmer has a price sheet that counts here yet."),
                    note: prices.count == 1 ? "1 price" : "\(Figure.count(prices.count).text) prices"),
                Tile(
                    "Proven this period",
                    .count(status.counts.passed, how: "Nodes that answered this period's challenge."),
                    note: "of \(Figure.count(status.coveredCount).text) asked"),
                Tile(
                    "Failed", .count(status.counts.failed, how: "Nodes whose answer was wrong."),
                    state: status.counts.failed > 0 ? .bad : nil),
                Tile(
                    "Held by proofs",
                    .bytes(Int64(clamping: status.provableByteCount), how: "Bytes of pieces whose node can be challenged."),
                    note: "\(Scaled.bytes(Int64(clamping: status.unprovableByteCount))) only by audits"),
            ],
            chart: prices.isEmpty
                ? nil
                : Histogram(
                    title: "Prices of farmers", description: "Dollars for a terabyte and month.",
                    bins: Histogram.bins(prices), unit: .microdollars, marker: middle.map { ("middle", $0) }
                ).markup, heartbeats: periods.isEmpty ? nil : Self.chart(periods),
            farmers: farmers.prefix(Self.pageSize).map { farmer in
                OperatorMarket.Farmer(
                    node: Self.short("\(farmer.farmer.node)"), path: "/operator/nodes/\(farmer.farmer.node)",
                    price: farmer.price.map { .money(microdollars: Int64(clamping: $0)) } ?? .none("It has no price sheet that counts."),
                    standing: .percent(farmer.standing),
                    paidBy: farmer.farmer.channel == nil ? "payout roots" : "a channel")
            }, hasFarmers: !farmers.isEmpty,
            priceHead: .term("Price", how: "Dollars for a terabyte kept for a month with its usual traffic, at today's price of STORJ."),
            standingHead: .term("Proven", how: "The share of periods in which the farmer proved what it holds; new ones count more."),
            empty: EmptyState("No farmers yet", "A node becomes a farmer when it hands in a signed price sheet."))
        return try page("operator-market", "Market", visitor, context, model: model)
    }

    private static func chart(_ periods: some Collection<PeriodRecord>) -> Markup {
        func series(_ name: String, _ count: (VerdictCounts) -> Int) -> ChartSeries {
            ChartSeries(name, periods.map { Double(count($0.counts)) })
        }
        return BarChart(
            title: "Heartbeats of the newest periods", description: "Nodes by verdict.",
            labels: periods.map { CivilTime($0.start).shortDay },
            series: [
                series("Passed") { $0.passed }, series("Waiting") { $0.pending },
                series("Not reached") { $0.unreachable }, series("No verdict") { $0.void },
                series("Failed") { $0.failed },
            ], unit: .count
        ).markup
    }

    func settlement(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let status = try await market.paymentStatus()
        let runs = try await market.payoutRuns(limit: 12)
        let model = OperatorSettlement(
            head: PageHead("Settlement", lede: "What farmers are owed, and how it reaches them."), isPaid: status != nil,
            tiles: status.map(Self.tiles) ?? [], facts: status.map(Self.facts) ?? [], problem: status?.ledgerError,
            runs: runs.map(Self.row), hasRuns: !runs.isEmpty,
            troubles: status?.troubles.prefix(20).map {
                Fact("Period \($0.period), node \(Self.short("\($0.statement.node)"))", .text($0.refusal ?? "waits for the farmer's answer"))
            } ?? [], hasTroubles: status?.troubles.isEmpty == false,
            empty: EmptyState(
                "No payout run yet",
                status == nil
                    ? "Nobody is paid here: the satellite's setting ledger.kind is none."
                    : "Runs begin by themselves after each period, or here."))
        return try page("operator-settlement", "Settlement", visitor, context, model: model)
    }

    func runPayouts(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        try await note("payouts.run", "payouts", "", visitor, context)
        do { try await market.beginPayouts() } catch MarketError.unpaid {
            throw WebError(.conflict, "Nobody is paid here: the satellite's setting ledger.kind is none.")
        }
        return context.redirect(to: "/operator/settlement", flash: .done("A payout run was begun or gone on with."))
    }

    private static func tiles(_ status: PaymentStatus) -> [Tile] {
        [
            Tile(
                "Wallet",
                status.balance.map { token($0, how: "Free STORJ of the satellite's account on the ledger.") }
                    ?? .none("The ledger cannot be asked."), state: status.balance == nil ? .warning : nil),
            Tile("Pool", status.pool.map { token($0, how: "STORJ locked for payout roots.") } ?? .none("The ledger cannot be asked.")),
            Tile("Owed", token(status.owedByRoots, how: "What newest roots promise and farmers have not received.")),
            Tile(
                "STORJ costs",
                status.quote.map { .money(microdollars: Int64(clamping: $0.microUSD), how: "The newest quote that farmers' dollars are turned into STORJ with.") }
                    ?? .none("Nobody knows a price now.")),
        ]
    }

    private static func facts(_ status: PaymentStatus) -> [Fact] {
        [
            Fact("Ledger", .text("\(status.ledger.kind.rawValue), chain \(status.ledger.chainID)")),
            Fact("Pays from", .text("\(status.payer)")), Fact("Signs vouchers as", .text("\(status.signer)")),
        ]
    }

    private static func row(_ run: PayoutRun) -> OperatorSettlement.Run {
        let items = run.batches.flatMap(\.items)
        return OperatorSettlement.Run(
            number: .count(run.number), started: .time(run.startedAt),
            status: run.finishedAt == nil ? Pill(.warning, "under way") : Pill(.good, "done"), farmers: .count(items.count),
            amount: token(items.reduce(TokenAmount.zero) { $0.adding($1.due) ?? $0 }), carried: token(run.carried),
            problem: run.batches.compactMap(\.lastError).first)
    }

    private static func token(_ amount: TokenAmount, how: String? = nil) -> Figure {
        .token(baseUnits: Int64(clamping: amount.units), how: how)
    }
}
