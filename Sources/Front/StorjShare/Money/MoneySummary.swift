import ConsoleKit
import Contracts
import PieceStore
import StorageModel
import StorageNode

/// What is earned and where the money is, in a few numbers.
struct MoneySummary: Sendable {
    let tiles: [Tile]

    /// The numbers of a node; nil for one that is not paid.
    ///
    /// - Parameter traffic: rows of the last 30 days, by the day.
    static func read(_ node: StorageNode, _ snapshot: NodeSnapshot, traffic: [TrafficRow]) async throws -> MoneySummary? {
        guard let farmer = node.farmer, let money = snapshot.money else { return nil }
        let month = SnoSums.Month(of: snapshot.takenAt)
        let paid = try await farmer.book.payByDay(from: Timestamp(microseconds: month.start * 1_000_000))
        return MoneySummary(
            money, month: paid.reduce(.zero) { $0.adding($1.amount) ?? $0 },
            forecast: EarningsForecast(snapshot, money, traffic: traffic), name: CivilTime(second: month.start).monthName)
    }

    init(_ money: NodeSnapshot.Money, month: TokenAmount, forecast: EarningsForecast?, name: String) {
        let lines = money.earnings.lines
        func sum(_ value: (Earnings.Line) -> TokenAmount) -> TokenAmount {
            lines.reduce(TokenAmount.zero) { $0.adding(value($1)) ?? $0 }
        }
        let claimable = money.channels.reduce(TokenAmount.zero) { $0.adding($1.claimable) ?? $0 }
        let claimed = money.channels.reduce(TokenAmount.zero) { $0.adding($1.state.claimed) ?? $0 }
        tiles = [
            Tile(
                "Earned in \(name)",
                .token(month, how: "The sum of this month's statements: each was checked against this node's own figures before it was taken. Held back are parts that satellites pay later, for instance when the node has left in good order."),
                note: "held back \(Figure.token(sum(\.held)).text)", path: "/earnings"),
            Tile(
                "Next 30 days", Self.forecast(forecast),
                note: forecast.map { "from \($0.trafficDays) \($0.trafficDays == 1 ? "day" : "days") of traffic" }, path: "/earnings"),
            Tile(
                "Vouchers held", .token(claimable, how: "What the newest vouchers promise and the ledger has not paid yet. The node claims when it brings more than its fee, or when you say so."),
                note: "\(money.channels.count) \(money.channels.count == 1 ? "channel" : "channels")", path: "/earnings"),
            Tile(
                "Claimed on chain", .token(claimed, how: "What the channels have paid to the wallet, as the ledger was last seen."),
                path: "/earnings"),
        ]
    }

    static func forecast(_ forecast: EarningsForecast?) -> Figure {
        guard let forecast else { return .none("There is no price sheet that holds now.") }
        let how = """
            If everything stays as it is: what is stored now for 30 days at your price \
            (\(Figure.price(forecast.storage, forecast.denomination).text)), and the traffic of \(forecast.trafficDays == 1 ? "today" : "the last \(forecast.trafficDays) days") \
            made a month: downloads \(Figure.price(forecast.egress, forecast.denomination).text), repairs \
            \(Figure.price(forecast.repair, forecast.denomination).text), audits \
            \(Figure.price(forecast.audit, forecast.denomination).text).
            """
        return .price(forecast.total, forecast.denomination, how: how)
    }
}

extension EarningsForecast {
    /// The forecast of a node as it is, by its sheet that holds.
    init?(_ snapshot: NodeSnapshot, _ money: NodeSnapshot.Money, traffic: [TrafficRow]) {
        guard let sheet = money.sheet?.sheet else { return nil }
        let first = traffic.map(\.start).min() ?? snapshot.takenAt.seconds
        let days = (snapshot.takenAt.seconds - first) / 86400 + 1
        self.init(prices: FarmerPrices(sheet), storedBytes: snapshot.status.usage.contentBytes, traffic: traffic, days: days)
    }
}

extension Figure {
    /// STORJ.
    static func token(_ amount: TokenAmount, how: String? = nil) -> Figure {
        .token(baseUnits: Int64(clamping: amount.units), how: how)
    }

    /// A price or a sum in a sheet's denomination.
    static func price(_ amount: UInt64, _ denomination: PriceSheet.Denomination, how: String? = nil) -> Figure {
        switch denomination {
        case .microUSD: .money(microdollars: Int64(clamping: amount), how: how)
        case .storj: .token(baseUnits: Int64(clamping: amount), how: how)
        }
    }
}
