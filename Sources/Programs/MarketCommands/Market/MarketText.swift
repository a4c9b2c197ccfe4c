import ClientCommands
import Contracts
import Foundation

/// A market in words.
package enum MarketText {
    /// What farmers ask, and what that comes to.
    package static func lines(_ market: MarketReader.Market) -> [String] {
        let summary = market.summary
        var table = TextTable([
            .init("USD"), .init("LOWEST", .right), .init("10 %", .right), .init("MEDIAN", .right), .init("90 %", .right),
            .init("HIGHEST", .right),
        ])
        table.add(["TB-month stored"] + cells(summary.storage))
        table.add(["TB sent"] + cells(summary.egress))
        let storage = summary.storageCost
        return FactList.lines([
            (name: "farmers", value: "\(market.count)" + (summary.withoutPrice > 0 ? ", \(summary.withoutPrice) of them in STORJ without a price" : "")),
            (name: "capacity", value: "\(SizeText.human(Int64(clamping: summary.free))) free, \(SizeText.human(Int64(clamping: summary.held))) held"),
            (name: "for customers", value: "\(SizeText.human(Int64(clamping: summary.freeForCustomers))) can be stored"),
            (name: "one STORJ", value: market.quote.map { "\(usd($0)) USD" } ?? "no price"),
        ]) + [""] + table.lines + [""] + FactList.lines([
            (name: "1 TB-month now", value: "\(usd(storage.customer)) USD: farmers \(usd(storage.farmers)), satellite \(usd(storage.satellite))"),
            (
                name: "",
                value: "median bid \(usd(storage.bid)) × \(summary.totalShares)/\(summary.requiredShares) pieces, "
                    + "margin \(VerifyManifestCommand.percent(summary.margin))"
            ),
            (name: "1 TB downloaded", value: "\(usd(summary.egressCost.customer)) USD: farmers \(usd(summary.egressCost.farmers))"),
        ]) + [""] + bars(summary)
    }

    private static func cells(_ prices: MarketSummary.Distribution) -> [String] {
        [prices.lowest, prices.tenth, prices.median, prices.ninetieth, prices.highest].map { usd($0) }
    }

    /// Free space by price: ten classes of prices between the lowest and the highest.
    private static func bars(_ summary: MarketSummary) -> [String] {
        let (low, high) = (summary.storage.lowest, summary.storage.highest)
        guard high > low, summary.free > 0 else { return [] }
        let width = (high - low) / 10 + 1
        var classes = [UInt64](repeating: 0, count: 10)
        for bid in summary.bids { classes[Int((bid.storage - low) / width)] &+= bid.free }
        let most = max(classes.max() ?? 1, 1)
        return ["free space by price of a TB-month"] + classes.enumerated().filter { $0.element > 0 }.map { index, free in
            let from = low + UInt64(index) * width
            let bar = String(repeating: "▇", count: max(1, Int(UInt128(free) * 40 / UInt128(most))))
            return "\(TextTable.padded(usd(from), to: 10, .right))  \(TextTable.padded(SizeText.human(Int64(clamping: free)), to: 9, .right))  \(bar)"
        }
    }

    /// The worked example: from one farmer's bid to the big clouds' lists.
    ///
    /// - Parameter downloads: how often what is stored is downloaded in a month, in percent.
    package static func explanation(_ market: MarketReader.Market, clouds: [CloudPrice], downloads: UInt64) -> [String] {
        let summary = market.summary
        let (storage, egress) = (summary.storageCost, summary.egressCost)
        let ours = total(storage.customer, egress.customer, downloads)
        let stored = [
            "A TERABYTE FOR A MONTH",
            "  1. The farmer in the middle of \(market.count) asks \(usd(storage.bid)) USD for a TB-month.",
            "  2. A segment is cut so that any \(summary.requiredShares) of \(summary.totalShares) pieces bring it back: "
                + "a TB of yours is \(expansion(summary)) TB at farmers.",
            "     \(usd(storage.bid)) × \(summary.totalShares) ÷ \(summary.requiredShares) = \(usd(storage.farmers)) USD to farmers",
            "  3. The satellite keeps \(VerifyManifestCommand.percent(summary.margin)) of what you pay.",
            "     \(usd(storage.farmers)) ÷ (1 − \(VerifyManifestCommand.percent(summary.margin))) = "
                + "\(usd(storage.customer)) USD, \(usd(storage.satellite)) of it for the satellite",
            "  4. A download takes \(summary.requiredShares) pieces, so a TB of yours is a TB at farmers: "
                + "\(usd(egress.bid)) USD, \(usd(egress.customer)) with the margin.",
            "     With \(downloads) % of it downloaded in the month: \(usd(ours)) USD", "",
        ]
        var table = TextTable([
            .init("LIST PRICE, USD"), .init("STORED", .right), .init("TB SENT", .right), .init("TOGETHER", .right),
            .init("STORED HERE", .right), .init("TOGETHER HERE", .right),
        ])
        for cloud in clouds {
            let theirs = total(cloud.storage, cloud.egress, downloads)
            table.add([
                cloud.name, usd(cloud.storage), usd(cloud.egress), usd(theirs), share(storage.customer, of: cloud.storage),
                share(ours, of: theirs),
            ])
        }
        return stored + table.lines + [""] + verdict(ours, clouds, downloads)
            + clouds.map { "  \($0.name): \($0.source)" }
    }

    private static func verdict(_ ours: UInt64, _ clouds: [CloudPrice], _ downloads: UInt64) -> [String] {
        let theirs = clouds.map { total($0.storage, $0.egress, downloads) }
        guard let cheapest = theirs.min() else { return [] }
        let isTenth = UInt128(ours) * 10 <= UInt128(cheapest)
        let words = isTenth
            ? "That is a tenth, or less, of the cheapest of them." : "That is \(share(ours, of: cheapest)) of the cheapest of them."
        return [words, "", "Lists change: --clouds FILE takes others. Their sources:"]
    }

    private static func total(_ storage: UInt64, _ egress: UInt64, _ downloads: UInt64) -> UInt64 {
        let (sum, overflow) = storage.addingReportingOverflow(MarketSummary.quotient(egress, downloads, by: 100))
        return overflow ? .max : sum
    }

    /// Two decimals at least, four at most.
    static func usd(_ micro: UInt64) -> String {
        let text = "\(USDAmount(micro: Int64(clamping: MarketSummary.quotient(micro, 1, by: 100) * 100)))"
        return text
    }

    private static func share(_ part: UInt64, of whole: UInt64) -> String {
        guard whole > 0 else { return "-" }
        let tenths = UInt64(clamping: (UInt128(part) * 1000 + UInt128(whole) / 2) / UInt128(whole))
        return "\(tenths / 10).\(tenths % 10) %"
    }

    private static func expansion(_ summary: MarketSummary) -> String {
        let hundredths = UInt64(summary.totalShares) * 100 / UInt64(summary.requiredShares)
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
