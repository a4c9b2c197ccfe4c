import ConsoleKit
import Contracts
import StorageModel
import StorageNode

/// All prices this farmer ever asked: from when, and what. Renewals with the same prices are left out.
struct PriceHistory: Sendable {
    struct Row: Sendable {
        let from: Figure
        let state: Pill
        let storage: Figure
        let egress: Figure
        let repair: Figure
        let audit: Figure
    }

    let rows: [Row]
    let chart: Markup
    let hasChart: Bool

    /// - Parameter sheets: the newest first.
    init(_ sheets: [SignedPriceSheet], now: UInt64) {
        var changes: [PriceSheet] = []
        for signed in sheets.reversed() {
            if let last = changes.last, FarmerPrices(last) == FarmerPrices(signed.sheet) { continue }
            changes.append(signed.sheet)
        }
        let current = changes.last { $0.validFrom <= now }
        rows = changes.reversed().prefix(100).map { sheet in
            Row(
                from: .time(Timestamp(microseconds: Int64(clamping: sheet.validFrom) * 1_000_000)),
                state: sheet.validFrom > now ? Pill(.warning, "to come") : sheet == current ? Pill(.good, "asked now") : Pill(.neutral, "past"),
                storage: .price(sheet.storageTBMonth, sheet.denomination), egress: .price(sheet.egressTB, sheet.denomination),
                repair: .price(sheet.repairTB, sheet.denomination), audit: .price(sheet.auditTB, sheet.denomination))
        }
        // Dollars and STORJ have no common scale: the newest denomination's changes are drawn.
        let drawn = changes.suffix(60).filter { $0.denomination == changes.last?.denomination }
        hasChart = drawn.count > 1
        let unit = drawn.last?.denomination == .storj ? 1e8 : 1e6
        chart = LineChart(
            title: "Prices over time", description: "What was asked for storage and downloads, change by change, in \(unit == 1e8 ? "STORJ" : "dollars").",
            labels: drawn.map { CivilTime(second: Int64(clamping: $0.validFrom)).shortDay },
            series: [
                ChartSeries("Storage, TB-month", drawn.map { Double($0.storageTBMonth) / unit }),
                ChartSeries("Downloads, TB", drawn.map { Double($0.egressTB) / unit }),
            ], unit: .other(unit == 1e8 ? "STORJ" : "$")
        ).markup
    }
}
