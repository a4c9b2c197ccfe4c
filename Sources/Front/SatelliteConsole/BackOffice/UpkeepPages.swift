import Chores
import ConsoleKit
import Hummingbird
import StorageModel
import Upkeep

/// How durable what is stored is.
struct OperatorDurability: Sendable {
    struct Class: Sendable {
        let name: String
        let segments: Figure
        let bytes: Figure
        let healthy: Figure
        let retrievable: Figure
        let atRisk: Figure
        let lost: Figure
        let status: Pill
        let survival: Figure
    }

    let head: PageHead
    let tiles: [Tile]
    let classes: [Class]
    let hasClasses: Bool
    let charts: [Chart]
    let empty: EmptyState

    struct Chart: Sendable {
        let title: String
        let chart: Markup
    }
}

/// How repair stands.
struct OperatorRepair: Sendable {
    struct Waiting: Sendable {
        let segment: String
        let pieces: String
        let since: Figure
        let attempts: Figure
        let problem: String
    }

    let head: PageHead
    let tiles: [Tile]
    let waiting: [Waiting]
    let hasWaiting: Bool
    let lost: [Waiting]
    let hasLost: Bool
    let problems: [Fact]
    let hasProblems: Bool
    let empty: EmptyState
}

/// The satellite's recurring work.
struct OperatorChores: Sendable {
    struct Row: Sendable {
        let name: String
        let interval: Figure
        let last: Figure
        let runs: Figure
        let failures: Figure
        let status: Pill
        let error: String?
        let path: String
        let isPaused: Bool
    }

    let head: PageHead
    let rows: [Row]
}

extension BackOffice {
    func durability(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let report = upkeep.durability.report
        let classes = report?.classes.filter { $0.segments > 0 } ?? []
        let model = OperatorDurability(
            head: PageHead(
                "Durability",
                lede: report.map {
                    "As of the pass over all segments that began \(CivilTime(second: $0.asOf).text)."
                } ?? "No pass over all segments is complete yet."),
            tiles: report.map(Self.tiles) ?? [], classes: classes.map(Self.row), hasClasses: !classes.isEmpty,
            charts: classes.map { group in
                let counts = Array(group.histogram.prefix(group.totalShares + 1))
                return OperatorDurability.Chart(
                    title: "Segments of \(group.name) by healthy pieces",
                    chart: BarChart(
                        title: "Segments of \(group.name) by healthy pieces",
                        description: "\(group.repairShares) or fewer are repaired; \(group.requiredShares) are needed.",
                        labels: counts.indices.map(String.init),
                        series: [ChartSeries("Segments", counts.map(Double.init))], unit: .count
                    ).markup)
            },
            empty: EmptyState("Nothing on nodes yet", "The first pass after the first upload fills this page."))
        return try page("operator-durability", "Durability", visitor, context, model: model)
    }

    private static func tiles(_ report: DurabilityReport) -> [Tile] {
        let total = report.total
        return [
            Tile(
                "On nodes", .count(total.segments, how: "Segments whose pieces are on nodes."),
                note: "\(Figure.count(report.inlineCount).text) more are in the satellite's database"),
            Tile("Encrypted bytes", .bytes(total.bytes, how: "Without redundancy.")),
            Tile(
                "At risk",
                .count(total.atRisk, how: "Still retrievable, with hardly a piece to spare."),
                state: total.atRisk > 0 ? .warning : nil),
            Tile(
                "Lost", .count(total.lost, how: "Fewer retrievable pieces than are needed: gone unless nodes come back."),
                state: total.lost > 0 ? .bad : nil),
        ]
    }

    private static func row(_ group: DurabilityClass) -> OperatorDurability.Class {
        OperatorDurability.Class(
            name: group.name, segments: .count(group.segments), bytes: .bytes(group.bytes), healthy: .count(group.healthy),
            retrievable: .count(group.retrievable), atRisk: .count(group.atRisk), lost: .count(group.lost),
            status: group.lost > 0
                ? Pill(.bad, "losses") : group.atRisk > 0 ? Pill(.warning, "at risk") : Pill(.good, "healthy"),
            survival: .percent(group.expectedSurvival))
    }

    func repair(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let status = try await upkeep.repairs.status()
        func row(_ repair: QueuedRepair) -> OperatorRepair.Waiting {
            OperatorRepair.Waiting(
                segment: repair.place.description,
                pieces: "\(repair.healthyCount) healthy, \(repair.retrievableCount) retrievable, \(repair.requiredCount) needed",
                since: repair.insertedAt.map { .ago($0, now: context.now) } ?? .none(),
                attempts: .count(repair.attemptCount), problem: repair.problem ?? "")
        }
        let model = OperatorRepair(
            head: PageHead("Repair", lede: "Segments with too few healthy pieces get new ones, the most endangered first."),
            tiles: [
                Tile(
                    "Waiting", .count(status.queueLength, how: "Segments with fewer healthy pieces than their repair threshold."),
                    note: "\(Figure.count(status.dueCount).text) may be tried now"),
                Tile(
                    "Cannot be restored", .count(status.irreparableCount, how: "Too few pieces can be fetched at present."),
                    state: status.irreparableCount > 0 ? .bad : nil),
                Tile("Running", .count(status.running.count, how: "Segments that are rebuilt just now.")),
                Tile(
                    "Repaired",
                    .count(status.totals.repairedSegments, how: "Since the satellite was started, brought back to the optimal number of pieces."),
                    note: "\(Scaled.bytes(status.totals.receivedBytes)) fetched, \(Scaled.bytes(status.totals.sentBytes)) stored"),
            ], waiting: status.next.map(row), hasWaiting: !status.next.isEmpty, lost: status.irreparable.map(row),
            hasLost: !status.irreparable.isEmpty,
            problems: status.recentProblems.map { Fact($0.place.description, .text("\($0.text) (\(CivilTime($0.time).text))")) },
            hasProblems: !status.recentProblems.isEmpty,
            empty: EmptyState("Nothing waits", "Every segment has more healthy pieces than its repair threshold."))
        return try page("operator-repair", "Repair", visitor, context, model: model)
    }

    func choresPage(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let rows = chores.map(\.status).map { chore in
            OperatorChores.Row(
                name: chore.name, interval: .duration(chore.interval),
                last: chore.lastEnd.map { .ago($0, now: context.now) } ?? .none("It has not run yet."),
                runs: .count(chore.runCount), failures: .count(chore.failureCount), status: Self.pill(chore),
                error: chore.lastError, path: "/operator/chores/\(Self.encoded(chore.name))", isPaused: chore.isPaused)
        }
        let model = OperatorChores(
            head: PageHead("Recurring work", lede: "What the satellite does again and again. Each can be paused, or run once now."),
            rows: rows)
        return try page("operator-chores", "Recurring work", visitor, context, model: model)
    }

    private static func pill(_ chore: CycleStatus) -> Pill {
        if chore.lastError != nil { return Pill(.bad, "failed") }
        if chore.isRunning { return Pill(.good, "running") }
        return chore.isPaused ? Pill(.warning, "paused") : Pill(.neutral, "waiting")
    }

    func steer(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let name = context.parameters.get("name")?.removingPercent ?? ""
        guard let chore = chores.first(where: { $0.status.name == name }),
            let action = context.parameters.get("action"), ["run", "pause", "resume"].contains(action)
        else { throw WebError.notFound }
        try await note("chore.\(action)", name, "", visitor, context)
        switch action {
        case "run": chore.trigger()
        case "pause": chore.pause()
        default: chore.resume()
        }
        let words = ["run": "runs now", "pause": "is paused", "resume": "goes on"]
        return context.redirect(to: "/operator/chores", flash: .done("\(name) \(words[action] ?? "")."))
    }
}

extension String {
    /// The text behind percent signs; as it is when it is no such text.
    fileprivate var removingPercent: String {
        Form(urlEncoded: Array("x=\(replacing("+", with: "%2b"))".utf8), maximumFields: 1)?["x"] ?? self
    }
}
