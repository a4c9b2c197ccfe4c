import ConsoleKit
import Contracts
import Heartbeats
import StorageModel
import StorageNode

/// The heartbeats of a satellite, period by period: what the node showed, and what the satellite said of it.
struct HeartbeatCalendar: Sendable {
    /// What became of a period.
    enum Outcome: String, Sendable {
        case passed, failed, unreachable, void, answered, missed

        var text: String {
            switch self {
            case .passed: "passed and paid"
            case .failed: "failed: a chunk was wrong or missing"
            case .unreachable: "the satellite could not reach the node"
            case .void: "void: nothing could be decided"
            case .answered: "shown in full, no statement yet"
            case .missed: "not shown in full"
            }
        }
    }

    /// One period.
    struct Cell: Sendable {
        let period: UInt64
        let start: Timestamp
        let outcome: Outcome
    }

    /// Periods that are shown.
    private static let count = 90

    let id: String
    let name: String
    let path: String
    let chart: Markup
    let summary: String
    let hasCells: Bool

    init(satellite: NodeID, address: String, cells: [Cell]) {
        id = "\(satellite)"
        name = address
        path = "/satellites/\(satellite)"
        hasCells = !cells.isEmpty
        let bad = cells.filter { [.failed, .unreachable, .missed].contains($0.outcome) }.count
        summary =
            cells.isEmpty
            ? "No heartbeat yet: the first comes with the satellite's next period."
            : "\(cells.count) heartbeats, \(bad == 0 ? "none missed" : "\(bad) missed or failed")"
        chart = PeriodStrip.markup(cells, title: "Heartbeats of \(address)")
    }

    /// The calendars of all satellites; none for a node that is not paid, which keeps no periods.
    static func all(of node: StorageNode, _ snapshot: NodeSnapshot) async throws -> [HeartbeatCalendar] {
        guard let farmer = node.farmer else { return [] }
        var calendars: [HeartbeatCalendar] = []
        for (contact, isActive, _) in snapshot.status.satellites where isActive {
            calendars.append(
                HeartbeatCalendar(
                    satellite: contact.satellite, address: contact.address,
                    cells: try await cells(of: contact.satellite, farmer, now: snapshot.takenAt)))
        }
        return calendars
    }

    /// The newest periods, the oldest first.
    static func cells(of satellite: NodeID, _ farmer: Farmer, now: Timestamp) async throws -> [Cell] {
        let verdicts = Dictionary(
            try await farmer.book.statements(of: satellite, limit: count).map { (UInt64($0.statement.period), $0.statement) }
        ) { first, _ in first }
        return try await farmer.book.periods(of: satellite, limit: count).reversed().compactMap { period in
            let verdict = verdicts[period.number]?.heartbeat?.outcome
            let outcome: Outcome
            switch verdict {
            case .passed: outcome = .passed
            case .failed: outcome = .failed
            case .unreachable: outcome = .unreachable
            case .void: outcome = .void
            case nil where period.answeredAt != nil: outcome = .answered
            // A period that is not over may still be asked about.
            case nil where period.end > now: return nil
            case nil: outcome = .missed
            }
            return Cell(period: period.number, start: period.start, outcome: outcome)
        }
    }
}

/// Squares in rows, one a period, with a word for each: read by colour, by pointer, and as a list.
enum PeriodStrip {
    private static let columns = 30
    private static let side = 14

    static func markup(_ cells: [HeartbeatCalendar.Cell], title: String) -> Markup {
        guard !cells.isEmpty else { return Markup(trusted: "") }
        let rows = (cells.count + columns - 1) / columns
        var html = """
            <svg class="periods" role="img" viewBox="0 0 \(columns * side) \(rows * side)" \
            aria-label="\(HTML.escaped(title)): \(summary(cells))">
            """
        for (index, cell) in cells.enumerated() {
            html += """
                <rect class="period \(cell.outcome.rawValue)" x="\(index % columns * side + 1)" \
                y="\(index / columns * side + 1)" width="\(side - 2)" height="\(side - 2)" rx="2">\
                <title>Period \(cell.period), \(CivilTime(second: cell.start.seconds).shortHour) UTC: \(cell.outcome.text)</title></rect>
                """
        }
        return Markup(trusted: html + "</svg>")
    }

    private static func summary(_ cells: [HeartbeatCalendar.Cell]) -> String {
        let counts = Dictionary(grouping: cells, by: \.outcome.rawValue).mapValues(\.count)
        return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
