import ConsoleKit
import Contracts
import Hummingbird
import PieceStore
import StorageModel
import StorageNode

/// The first page: whether all is well, what is used, what is earned, when heartbeats came.
struct OverviewPage: Sendable {
    /// Days of traffic that are shown.
    static let days: Int64 = 30

    struct Finding: Sendable {
        let pill: Pill
        let sentence: String
        let advice: String
        let path: String
    }

    let sentence: String
    let state: String
    let findings: [Finding]
    let tiles: [Tile]
    let space: SpaceBar
    let traffic: Markup
    let money: MoneySummary?
    let calendars: [HeartbeatCalendar]
    let uptime: Markup
    let satellites: [SatelliteRow]
    let hasSatellites: Bool

    init(_ snapshot: NodeSnapshot, traffic rows: [TrafficRow], calendars: [HeartbeatCalendar], money: MoneySummary?) {
        let findings = HealthJudge.findings(of: snapshot)
        sentence = HealthJudge.sentence(findings, of: snapshot)
        state = Self.state(findings.first?.severity).rawValue
        self.findings = findings.map {
            Finding(
                pill: Pill(Self.state($0.severity), $0.severity.name), sentence: $0.sentence, advice: $0.advice,
                path: $0.path)
        }
        space = SpaceBar(SpacePart.parts(of: snapshot.status), allocated: snapshot.status.allocatedSpace)
        tiles = Self.tiles(snapshot, rows)
        traffic = TrafficChart.markup(
            rows, span: .day, from: HistorySpan.day.start(of: snapshot.takenAt) - (Self.days - 1) * 86400,
            count: Int(Self.days), title: "Traffic of the last 30 days")
        self.money = money
        self.calendars = calendars
        uptime = UptimeChart.markup(snapshot)
        satellites = SatelliteRow.rows(of: snapshot)
        hasSatellites = !satellites.isEmpty
    }

    static func state(_ severity: HealthFinding.Severity?) -> Pill.Kind {
        switch severity {
        case .broken: .bad
        case .warning: .warning
        case .notice, nil: .good
        }
    }

    private static func tiles(_ snapshot: NodeSnapshot, _ rows: [TrafficRow]) -> [Tile] {
        let usage = snapshot.status.usage
        let sums = TrafficSums(rows)
        return [
            Tile(
                "Stored", .bytes(usage.contentBytes, how: "The content of \(usage.livePieces) pieces: what satellites count and pay for."),
                note: "\(usage.livePieces) pieces", path: "/space"),
            Tile(
                "Free", .bytes(
                    snapshot.status.freeSpace,
                    how: "What you allocated less everything that is used, but no more than the disk really has."),
                note: "of \(Figure.bytes(snapshot.status.allocatedSpace).text) allocated", path: "/space"),
            Tile(
                "Sent, 30 days", .bytes(sums.sent, how: "Downloads of customers, audits and repairs: what orders paid for, today included."),
                note: "customers \(Figure.bytes(sums.download).text)", path: "/traffic"),
            Tile(
                "Received, 30 days", .bytes(sums.received, how: "Uploads of customers and of repairs, today included."),
                note: "not paid by satellites", path: "/traffic"),
        ]
    }
}

extension StorjShare {
    func addOverview(to routes: RouterGroup<WebContext>) {
        routes.get("/") { [self] _, context in
            let snapshot = try await desk.snapshot()
            let from = HistorySpan.day.start(of: snapshot.takenAt) - (OverviewPage.days - 1) * 86400
            let rows = try await node.history.traffic(.day, from: from)
            let page = OverviewPage(
                snapshot, traffic: rows, calendars: try await HeartbeatCalendar.all(of: node, snapshot),
                money: try await MoneySummary.read(node, snapshot, traffic: rows))
            return try context.page(
                "share-overview", title: "Overview", shell: shell(context), model: page, styles: ["share.css"])
        }
    }
}
