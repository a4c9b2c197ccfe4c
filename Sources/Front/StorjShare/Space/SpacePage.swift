import ConsoleKit
import Hummingbird
import PieceStore
import StorageModel
import StorageNode

/// The allocated space as one bar with a list: every byte is in it, with what it is there for.
struct SpaceBar: Sendable {
    struct Part: Sendable {
        let name: String
        let title: String
        let explanation: String
        let size: Figure
        let share: String
        let isPaid: Bool
        let paid: Pill
    }

    private static let width = 1000.0

    let bar: Markup
    let parts: [Part]
    let total: Figure

    init(_ parts: [SpacePart], allocated: Int64) {
        let sum = max(1, parts.reduce(Int64(0)) { $0 + $1.bytes })
        total = .bytes(sum, how: "What you allocated, or what is used when that is more.")
        self.parts = parts.filter { $0.bytes > 0 || $0.kind == .pieces || $0.kind == .free }.map { part in
            Part(
                name: part.kind.rawValue, title: part.title, explanation: part.explanation,
                size: .bytes(part.bytes, how: part.explanation), share: Self.percent(part.bytes, sum), isPaid: part.isPaid,
                paid: part.isPaid ? Pill(.good, "paid") : part.kind == .free || part.kind == .unavailable ? Pill(.neutral, "empty") : Pill(.neutral, "unpaid"))
        }
        var (html, x) = ("", 0.0)
        for part in parts where part.bytes > 0 {
            let width = Double(part.bytes) / Double(sum) * Self.width
            html += """
                <rect class="space \(part.kind.rawValue)" x="\(Self.number(x))" y="0" width="\(Self.number(max(1, width)))" \
                height="40"><title>\(HTML.escaped(part.title)): \(Figure.bytes(part.bytes).text)</title></rect>
                """
            x += width
        }
        let words = self.parts.map { "\($0.title) \($0.size.text)" }.joined(separator: ", ")
        bar = Markup(
            trusted: """
                <svg class="space-bar" role="img" viewBox="0 0 1000 40" preserveAspectRatio="none" \
                aria-label="\(HTML.escaped(words))">\(html)</svg>
                """)
    }

    private static func percent(_ part: Int64, _ sum: Int64) -> String {
        let tenths = Int64((Double(part) / Double(sum) * 1000).rounded())
        return tenths == 0 && part > 0 ? "< 0.1 %" : "\(tenths / 10).\(tenths % 10) %"
    }

    private static func number(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

/// Every byte on the disk, by kind and by satellite, and how it came to be so over the last month.
struct SpacePage: Sendable {
    struct Row: Sendable {
        let name: String
        let path: String
        let pieces: Figure
        let content: Figure
        let paid: Figure
        let trash: Figure
        let note: String
    }

    private static let days: Int64 = 30

    let head: PageHead
    let space: SpaceBar
    let rows: [Row]
    let chart: Markup

    init(_ snapshot: NodeSnapshot, history: [SpaceRow], paid: [NodeID: Int64]) {
        head = PageHead("Space", lede: "Every byte the node uses, what it is there for, and who pays for it.")
        space = SpaceBar(SpacePart.parts(of: snapshot.status), allocated: snapshot.status.allocatedSpace)
        rows = snapshot.status.satellites.map { contact, isActive, usage in
            let proven = paid[contact.satellite]
            return Row(
                name: contact.address, path: "/satellites/\(contact.satellite)",
                pieces: .count(usage.livePieces), content: .bytes(usage.contentBytes),
                paid: proven.map { .bytes($0) } ?? .text("—"), trash: .bytes(usage.trashBytes),
                note: Self.note(usage.contentBytes, proven, isActive: isActive))
        }
        let start = HistorySpan.day.start(of: snapshot.takenAt) - (Self.days - 1) * 86400
        let days = (0..<Self.days).map { start + $0 * 86400 }
        let byDay = Dictionary(grouping: history, by: \.start)
        func line(_ value: (SpaceRow) -> Int64) -> [Double] {
            days.map { day in Double((byDay[day] ?? []).reduce(Int64(0)) { $0 + value($1) }) }
        }
        chart = BarChart(
            title: "Space of the last 30 days", description: "What was stored at the end of every day.",
            labels: days.map { CivilTime(second: $0).shortDay },
            series: [ChartSeries("Customers' pieces", line(\.content)), ChartSeries("Trash", line(\.trash))], unit: .bytes
        ).markup
    }

    /// Why the satellite counts something else than the node.
    private static func note(_ content: Int64, _ proven: Int64?, isActive: Bool) -> String {
        guard isActive else { return "The node has left this satellite." }
        guard let proven else { return "The first heartbeat will say what the satellite counts." }
        if proven == content { return "Both count the same." }
        return proven < content
            ? "More is here than the last heartbeat counted: uploads since then, or garbage that the satellite has not named yet."
            : "The last heartbeat counted more: deleted or expired since then."
    }
}

extension StorjShare {
    func addSpace(to routes: RouterGroup<WebContext>) {
        routes.get("space") { [self] _, context in
            let snapshot = try await desk.snapshot()
            var paid: [NodeID: Int64] = [:]
            if let farmer = node.farmer {
                for (contact, _, _) in snapshot.status.satellites {
                    let newest = try await farmer.book.periods(of: contact.satellite, limit: 1).first
                    paid[contact.satellite] = newest.map { Int64(clamping: $0.byteCount) }
                }
            }
            let history = try await node.history.space(
                .day, from: HistorySpan.day.start(of: snapshot.takenAt) - 29 * 86400)
            return try context.page(
                "share-space", title: "Space", shell: shell(context),
                model: SpacePage(snapshot, history: history, paid: paid), styles: ["share.css"])
        }
    }
}
