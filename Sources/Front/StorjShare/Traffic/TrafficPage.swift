import ConsoleKit
import Hummingbird
import StorageModel
import StorageNode

/// What moved: the last two days by the hour, a month by the day, two years by the month.
struct TrafficPage: Sendable {
    struct Row: Sendable {
        let name: String
        let download: Figure
        let upload: Figure
        let repair: Figure
        let audit: Figure
        let transfers: Figure
    }

    struct Tab: Sendable {
        let title: String
        let path: String
        let isCurrent: Bool
    }

    /// A stretch of time one can choose.
    enum Range: String, CaseIterable, Sendable {
        case hours, days, months

        var title: String {
            switch self {
            case .hours: "48 hours"
            case .days: "30 days"
            case .months: "24 months"
            }
        }
    }

    let head: PageHead
    let tabs: [Tab]
    let chart: Markup
    let tiles: [Tile]
    let rows: [Row]

    init(_ range: Range, rows: [TrafficRow], names: [NodeID: String], now: Timestamp) {
        head = PageHead("Traffic", lede: "Bytes that orders paid for, as this node counted them.")
        tabs = Range.allCases.map { Tab(title: $0.title, path: "/traffic?range=\($0)", isCurrent: $0 == range) }
        switch range {
        case .hours:
            chart = TrafficChart.markup(
                rows, span: .hour, from: Self.start(range, now), count: 48, title: "Traffic of the last 48 hours")
        case .days:
            chart = TrafficChart.markup(
                rows, span: .day, from: Self.start(range, now), count: 30, title: "Traffic of the last 30 days")
        case .months:
            let months = (0..<24).reversed().map { SnoSums.Month(of: now, back: $0) }
            chart = TrafficChart.markup(
                months.map { month in TrafficSums(rows.lazy.filter { month.contains($0.start) }) },
                labels: months.map { CivilTime(second: $0.start).monthName }, title: "Traffic of the last 24 months")
        }
        let sums = TrafficSums(rows)
        let how = "The sum of \(range.title), as this node counted it; statements pay by what satellites settled."
        tiles = [
            Tile("Sent to customers", .bytes(sums.download, how: how)), Tile("Received from customers", .bytes(sums.upload, how: how)),
            Tile("Repairs", .bytes(sums.repairOut + sums.repairIn, how: how), note: "\(Figure.bytes(sums.repairOut).text) sent"),
            Tile("Audits", .bytes(sums.audit, how: how)),
        ]
        self.rows = Dictionary(grouping: rows, by: \.satellite).sorted { $0.key < $1.key }.map { satellite, rows in
            let sums = TrafficSums(rows)
            return Row(
                name: names[satellite] ?? "\(satellite)", download: .bytes(sums.download), upload: .bytes(sums.upload),
                repair: .bytes(sums.repairOut + sums.repairIn), audit: .bytes(sums.audit),
                transfers: .count(Int(sums.transfers)))
        }
    }

    static func start(_ range: Range, _ now: Timestamp) -> Int64 {
        switch range {
        case .hours: HistorySpan.hour.start(of: now) - 47 * 3600
        case .days: HistorySpan.day.start(of: now) - 29 * 86400
        case .months: SnoSums.Month(of: now, back: 23).start
        }
    }
}

extension StorjShare {
    func addTraffic(to routes: RouterGroup<WebContext>) {
        routes.get("traffic") { [self] request, context in
            let range = request.uri.queryParameters["range"].flatMap { TrafficPage.Range(rawValue: String($0)) } ?? .days
            let rows = try await node.history.traffic(
                range == .hours ? .hour : .day, from: TrafficPage.start(range, context.now))
            let names = Dictionary(
                await node.status().satellites.map { ($0.contact.satellite, $0.contact.address) }) { first, _ in first }
            return try context.page(
                "share-traffic", title: "Traffic", shell: shell(context),
                model: TrafficPage(range, rows: rows, names: names, now: context.now), styles: ["share.css"])
        }
    }
}
