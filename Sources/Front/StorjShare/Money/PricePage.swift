import ConsoleKit
import Contracts
import HTTPTypes
import Hummingbird
import Logging
import PieceStore
import StorageModel
import StorageNode

/// What is asked, what others ask, what it would earn, and a form to ask something else.
struct PricePage: Sendable {
    struct Row: Sendable {
        let name: String
        let price: Figure
        let storage: Figure
        let total: Figure
        let isOwn: Bool
    }

    /// The highest price of a form, in dollars or STORJ for a TB.
    static let highest: Int64 = 10_000

    let head: PageHead
    let errors: [FormError]
    let fields: [Field]
    /// For the slider, which a script lays beside the first field.
    let low: String
    let high: String
    let storedBytes: Int64
    let unit: String
    let market: Markup
    let hasMarket: Bool
    let place: String
    let rows: [Row]
    let coming: String
    let hasComing: Bool
    let history: PriceHistory
    let isTrial: Bool
    let noticeDays: Int64

    init(
        _ farmer: Farmer, _ snapshot: NodeSnapshot, market: MarketPrices, traffic: [TrafficRow], trial: FarmerPrices?,
        form: Form, sheets: [SignedPriceSheet]
    ) {
        let now = farmer.seconds
        let current = farmer.sheet(at: now).map { FarmerPrices($0.sheet) }
        let asked = trial ?? current ?? .standard
        head = PageHead(
            "Prices", lede: "You say what your space costs. Satellites choose nodes by price and standing: who asks less gets more.")
        errors = form.errors
        fields = Self.fields(asked, form)
        unit = asked.denomination == .microUSD ? "$" : "STORJ"
        isTrial = trial != nil
        noticeDays = farmer.settings.notice.components.seconds / 86400
        storedBytes = snapshot.status.usage.contentBytes
        let own = Self.usd(asked, market.quote)
        let prices = market.bids.values.map { Double($0.storage) }
        low = "0"
        high = Self.decimal(max(asked.storage * 3, UInt64(clamping: Int64((prices.max() ?? 0) * 1.5)), 1), asked.denomination)
        hasMarket = !prices.isEmpty && own != nil
        self.market = Histogram(
            title: "What nodes ask for storage",
            description: "Dollars for a TB and month, and how many nodes of this node's satellites ask it.",
            bins: Histogram.bins(prices), unit: .microdollars, marker: own.map { ("yours", Double($0)) }
        ).markup
        place = Self.place(own, market.bids.values.map(\.storage))
        rows = Self.rows(asked, snapshot, traffic, market: prices.sorted(), quote: market.quote, isTrial: trial != nil)
        let newest = farmer.sheet.flatMap { $0.sheet.validFrom > now ? $0.sheet : nil }
        hasComing = newest != nil
        coming = newest.map {
            "From \(CivilTime(second: Int64(clamping: $0.validFrom)).isoDay) on: storage \(Figure.price($0.storageTBMonth, $0.denomination).text), downloads \(Figure.price($0.egressTB, $0.denomination).text)."
        } ?? ""
        history = PriceHistory(sheets, now: now)
    }

    private static func fields(_ prices: FarmerPrices, _ form: Form) -> [Field] {
        let unit = prices.denomination == .microUSD ? "$" : "STORJ"
        func field(_ name: String, _ label: String, _ value: UInt64, _ hint: String) -> Field {
            Field(
                .number, name, label, form: form, value: decimal(value, prices.denomination), hint: hint, minimum: "0",
                maximum: "\(highest)", step: "any", unit: "\(unit)/TB")
        }
        return [
            field("storage", "Storage, a TB for a month", prices.storage, "A month has 720 hours, a TB 10¹² bytes."),
            field("egress", "Downloads, a TB", prices.egress, "What customers fetch."),
            field("repair", "Repair, a TB", prices.repair, "What satellites fetch to rebuild others' pieces."),
            field("audit", "Audits, a TB", prices.audit, "What satellites fetch to check; next to nothing."),
            Field(
                .select([.init("usd", "dollars"), .init("storj", "STORJ")]), "denomination", "Named in", form: form,
                value: prices.denomination == .microUSD ? "usd" : "storj",
                hint: "Dollars are converted at each period's price of STORJ. A change of this holds after the notice."),
        ]
    }

    /// The decimal text of a price.
    static func decimal(_ price: UInt64, _ denomination: PriceSheet.Denomination) -> String {
        let scale = denomination == .microUSD ? 6 : 8
        let unit = denomination == .microUSD ? UInt64(1_000_000) : 100_000_000
        let rest = String(price % unit)
        var digits = String(repeating: "0", count: scale - rest.count) + rest
        while digits.hasSuffix("0"), digits.count > 2 { digits.removeLast() }
        return "\(price / unit).\(digits)"
    }

    /// Micro-dollars for a TB-month; nil for STORJ without a price.
    private static func usd(_ prices: FarmerPrices, _ quote: UInt64?) -> UInt64? {
        switch prices.denomination {
        case .microUSD: return prices.storage
        case .storj:
            return quote.flatMap { UInt64(exactly: (UInt128(prices.storage) * UInt128($0)) / 100_000_000) }
        }
    }

    static func place(_ own: UInt64?, _ prices: [UInt64]) -> String {
        guard let own, !prices.isEmpty else { return "No other node has named a price here yet." }
        let (dearer, cheaper) = (prices.filter { $0 > own }.count, prices.filter { $0 < own }.count)
        return "Of \(prices.count) other nodes \(dearer) ask more, \(cheaper) ask less, and \(prices.count - dearer - cheaper) the same."
    }

    private static func rows(
        _ asked: FarmerPrices, _ snapshot: NodeSnapshot, _ traffic: [TrafficRow], market: [Double], quote: UInt64?,
        isTrial: Bool
    ) -> [Row] {
        let first = traffic.map(\.start).min() ?? snapshot.takenAt.seconds
        let days = (snapshot.takenAt.seconds - first) / 86400 + 1
        func row(_ name: String, _ prices: FarmerPrices, isOwn: Bool) -> Row? {
            let stored = snapshot.status.usage.contentBytes
            guard let forecast = EarningsForecast(prices: prices, storedBytes: stored, traffic: traffic, days: days) else {
                return nil
            }
            return Row(
                name: name, price: .price(prices.storage, prices.denomination),
                storage: .price(
                    forecast.storage, prices.denomination, how: "\(Figure.bytes(stored).text) for 30 days at this price."),
                total: .price(
                    forecast.total, prices.denomination,
                    how: "With the traffic of the last \(days) days made a month. What is stored would change with the price: the figure takes it as it is."),
                isOwn: isOwn)
        }
        var rows = [row(isTrial ? "What you try" : "Your price", asked, isOwn: true)].compactMap(\.self)
        guard asked.denomination == .microUSD, !market.isEmpty else { return rows }
        for (name, index) in [("The cheapest node's", 0), ("The middle node's", (market.count - 1) / 2), ("The dearest node's", market.count - 1)] {
            var prices = asked
            prices.storage = UInt64(market[index])
            if let row = row(name, prices, isOwn: false) { rows.append(row) }
        }
        return rows
    }
}

extension StorjShare {
    func addPrices(to routes: RouterGroup<WebContext>) {
        routes.get("prices") { [self] _, context in try await prices(context, Form(), trial: nil, .ok) }
        routes.post("prices") { [self] _, context in
            let farmer = try node.requireFarmer()
            var form = context.form
            let wanted = Self.wanted(&form)
            guard form.isValid else { return try await prices(context, form, trial: nil, .unprocessableContent) }
            if form["action"] == "try" { return try await prices(context, form, trial: wanted, .ok) }
            let change = try await farmer.setPrices(wanted)
            desk.forget()
            logger.notice(
                "the farmer asks other prices",
                metadata: ["storage": "\(wanted.storage)", "egress": "\(wanted.egress)", "sequence": "\(change.sheet.sheet.sequence)"])
            let sentence =
                change.risesAt.map { "Signed. Something rises, so it holds from \(CivilTime(second: Int64(clamping: $0)).isoDay) on." }
                ?? "Signed: the prices hold from now on, and satellites are being told."
            return context.redirect(to: "/prices", flash: .done(sentence))
        }
    }

    private static func wanted(_ form: inout Form) -> FarmerPrices {
        let word = form.choice("denomination", "Named in", ["usd", "storj"])
        let denomination = word == "storj" ? PriceSheet.Denomination.storj : .microUSD
        let scale = denomination == .microUSD ? 6 : 8
        let unit: Int64 = denomination == .microUSD ? 1_000_000 : 100_000_000
        func price(_ name: String, _ label: String, _ form: inout Form) -> UInt64 {
            UInt64(clamping: form.decimal(name, label, scale: scale, 0...PricePage.highest * unit))
        }
        let storage = price("storage", "Storage", &form)
        let egress = price("egress", "Downloads", &form)
        let repair = price("repair", "Repair", &form)
        let audit = price("audit", "Audits", &form)
        return FarmerPrices(denomination: denomination, storage: storage, egress: egress, repair: repair, audit: audit)
    }

    private func prices(
        _ context: WebContext, _ form: Form, trial: FarmerPrices?, _ status: HTTPResponse.Status
    ) async throws -> Response {
        guard let farmer = node.farmer else { throw WebError.notFound }
        let snapshot = try await desk.snapshot()
        let traffic = try await node.history.traffic(
            .day, from: HistorySpan.day.start(of: snapshot.takenAt) - 29 * 86400)
        let page = PricePage(
            farmer, snapshot, market: await market?.prices() ?? MarketPrices(), traffic: traffic, trial: trial, form: form,
            sheets: try await farmer.book.sheets())
        return try context.page(
            "share-prices", title: "Prices", shell: shell(context), model: page, status: status,
            scripts: ["share-prices.js"], styles: ["share.css"])
    }
}
