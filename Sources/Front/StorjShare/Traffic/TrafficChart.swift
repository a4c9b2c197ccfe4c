import ConsoleKit
import StorageModel
import StorageNode

/// What moved, by direction and by purpose, bytes.
struct TrafficSums: Sendable {
    var upload: Int64 = 0
    var download: Int64 = 0
    var audit: Int64 = 0
    var repairOut: Int64 = 0
    var repairIn: Int64 = 0
    var transfers: Int64 = 0

    init(_ rows: some Sequence<TrafficRow>) {
        for row in rows {
            transfers += row.transfers
            switch row.action {
            case 1: upload += row.bytes
            case 2: download += row.bytes
            case 3: audit += row.bytes
            case 4: repairOut += row.bytes
            case 5: repairIn += row.bytes
            default: break
            }
        }
    }

    var sent: Int64 { download + audit + repairOut }
    var received: Int64 { upload + repairIn }
}

/// Traffic as stacked bars.
enum TrafficChart {
    /// - Parameters:
    ///   - from: the first span's start, seconds since 1970.
    ///   - count: how many spans.
    static func markup(_ rows: [TrafficRow], span: HistorySpan, from: Int64, count: Int, title: String) -> Markup {
        let starts = (0..<Int64(count)).map { from + $0 * span.rawValue }
        let groups = Dictionary(grouping: rows, by: \.start).mapValues { TrafficSums($0) }
        return markup(
            starts.map { groups[$0] ?? TrafficSums([]) },
            labels: starts.map { span == .hour ? CivilTime(second: $0).shortHour : CivilTime(second: $0).shortDay }, title: title)
    }

    static func markup(_ sums: [TrafficSums], labels: [String], title: String) -> Markup {
        BarChart(
            title: title, description: "Bytes that orders paid for, by purpose.",
            labels: labels,
            series: [
                ChartSeries("Downloads of customers", sums.map { Double($0.download) }),
                ChartSeries("Uploads of customers", sums.map { Double($0.upload) }),
                ChartSeries("Repairs, sent", sums.map { Double($0.repairOut) }),
                ChartSeries("Repairs, received", sums.map { Double($0.repairIn) }),
                ChartSeries("Audits", sums.map { Double($0.audit) }),
            ], unit: .bytes
        ).markup
    }
}
