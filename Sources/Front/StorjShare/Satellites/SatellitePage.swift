import ConsoleKit
import Contracts
import Hummingbird
import Logging
import PieceStore
import StorageModel
import StorageNode

/// One satellite: its opinion of the node and what to do about it, heartbeats, statements, and the ways to part.
struct SatellitePage: Sendable {
    struct Advice: Sendable {
        let sentence: String
        let advice: String
        let pill: Pill
    }

    struct Fact: Sendable {
        let title: String
        let value: Figure
    }

    let head: PageHead
    let id: String
    let state: Pill
    let tiles: [Tile]
    let advice: [Advice]
    let facts: [Fact]
    let calendar: HeartbeatCalendar?
    let scores: Markup
    let hasScores: Bool
    let statements: [StatementRow]
    let hasStatements: Bool
    /// All of them are of this one.
    let namesSatellite = false
    let hasTrash: Bool
    let trash: Figure
    let exit: ExitRow?
    let canExit: Bool
    let path: String

    /// How far leaving has come.
    struct ExitRow: Sendable {
        let step: Pill
        let requested: Figure
        let problem: String
        let hasProblem: Bool
    }

    init(
        _ satellite: NodeID, _ snapshot: NodeSnapshot, history: [ReputationRow], calendar: HeartbeatCalendar?,
        statements: [KeptStatement]
    ) throws {
        guard let line = snapshot.status.satellites.first(where: { $0.contact.satellite == satellite }) else {
            throw WebError.notFound
        }
        let reputation = snapshot.reputations[satellite]
        head = PageHead(line.contact.address, back: Link("Satellites", "/satellites"))
        id = "\(satellite)"
        path = "/satellites/\(satellite)"
        state = SatelliteRow.state(line.contact, isActive: line.isActive, reputation)
        advice = HealthJudge.findings(of: snapshot).filter { $0.kind.contains("\(satellite)") }.map {
            Advice(sentence: $0.sentence, advice: $0.advice, pill: Pill(OverviewPage.state($0.severity), $0.severity.name))
        }
        tiles = Self.tiles(reputation, line.usage)
        facts = Self.facts(line.contact, reputation, snapshot)
        self.calendar = calendar
        hasScores = history.count > 1
        scores = LineChart(
            title: "Scores of the last 90 days", description: "What the satellite said of this node, day by day, in percent.",
            labels: history.map { CivilTime(second: $0.start).shortDay },
            series: [
                ChartSeries("Audits", history.map { Double($0.auditScore) / 1e6 }),
                ChartSeries("Errors", history.map { Double($0.unknownScore) / 1e6 }),
                ChartSeries("Online", history.map { Double($0.onlineScore) / 1e6 }),
            ], unit: .percent
        ).markup
        self.statements = statements.map { StatementRow($0, name: line.contact.address) }
        hasStatements = !statements.isEmpty
        hasTrash = line.usage.trashPieces > 0
        trash = .bytes(line.usage.trashBytes)
        let exit = snapshot.status.exits.first { $0.satellite == "\(satellite)" }
        self.exit = exit.map {
            ExitRow(
                step: Pill($0.problem == nil ? .neutral : .warning, $0.step.rawValue),
                requested: .time(Timestamp(microseconds: $0.requestedAt)), problem: $0.problem ?? "",
                hasProblem: $0.problem != nil)
        }
        canExit = line.isActive && exit.map { !$0.isBinding } ?? true
    }

    private static func tiles(_ row: ReputationRow?, _ usage: StorageUsage) -> [Tile] {
        func score(_ value: Int64?, _ how: String) -> Figure {
            value.map { .percent(Double($0) / 1e6, how: how) } ?? .text("not known yet")
        }
        return [
            Tile("Stored", .bytes(usage.contentBytes, how: "The content of \(usage.livePieces) pieces of this satellite.")),
            Tile(
                "Audit score",
                score(row?.auditScore, "The satellite's estimate that a piece it asks for is here and whole; below 96 % it disqualifies."),
                note: row.map { "\($0.successes) of \($0.audits) audits passed" }),
            Tile(
                "Error score",
                score(row?.unknownScore, "The same for audits that ended with an error instead of an answer; below 60 % it suspends.")),
            Tile(
                "Online score",
                score(row?.onlineScore, "The part of the last 30 days' audit windows in which the node answered; below 60 % it suspends.")),
        ]
    }

    private static func facts(_ contact: NodeContact, _ row: ReputationRow?, _ snapshot: NodeSnapshot) -> [Fact] {
        var facts = [
            Fact(title: "Last check-in", value: contact.succeededAt.map { .ago($0, now: snapshot.takenAt) } ?? .text("never")),
            Fact(title: "Joined", value: row?.joinedAt.map { .time($0) } ?? .text("not known yet")),
            Fact(
                title: "Vetted",
                value: row?.vettedAt.map { .time($0) }
                    ?? .text("not yet", how: "New nodes get a small part of the uploads until they have passed about 100 audits.")),
        ]
        if let offset = contact.clockOffset {
            facts.append(
                Fact(
                    title: "Clocks differ by",
                    value: .duration(
                        offset < .zero ? .zero - offset : offset,
                        how: "Its time when it was asked at the last check-in, compared with this machine's half way to the answer.")))
        }
        let times: [(String, Timestamp?)] = [
            ("Suspended", row?.suspendedAt), ("Offline, suspended", row?.offlineSuspendedAt),
            ("Under review", row?.underReviewAt), ("Disqualified", row?.disqualifiedAt), ("Asked", row?.askedAt),
        ]
        facts += times.compactMap { title, time in time.map { Fact(title: title, value: .time($0)) } }
        if let standing = snapshot.status.standings[contact.satellite] {
            facts.append(Fact(title: "As a payer", value: .text("\(standing)")))
        }
        return facts
    }
}

extension StorjShare {
    private static let confirmation = "yes"

    func addSatellite(to routes: RouterGroup<WebContext>) {
        routes.get("satellites/:satellite") { [self] _, context in
            let satellite = try satelliteInPath(context)
            let snapshot = try await desk.snapshot()
            var calendar: HeartbeatCalendar?
            var statements: [KeptStatement] = []
            if let farmer = node.farmer {
                let address = snapshot.status.satellites.first { $0.contact.satellite == satellite }?.contact.address ?? ""
                calendar = HeartbeatCalendar(
                    satellite: satellite, address: address,
                    cells: try await HeartbeatCalendar.cells(of: satellite, farmer, now: snapshot.takenAt))
                statements = try await farmer.book.statements(of: satellite, limit: 10)
            }
            let history = try await node.history.reputation(
                from: HistorySpan.day.start(of: snapshot.takenAt) - 89 * 86400, of: satellite)
            let page = try SatellitePage(
                satellite, snapshot, history: history, calendar: calendar, statements: statements)
            return try context.page(
                "share-satellite", title: page.head.title, shell: shell(context), model: page, styles: ["share.css"])
        }
        routes.post("satellites/:satellite/exit") { [self] _, context in
            let satellite = try satelliteInPath(context)
            try confirmed(context)
            let state = try await node.beginExit(from: satellite)
            desk.forget()
            logger.notice("the farmer leaves a satellite", metadata: ["satellite": "\(satellite)", "step": "\(state.step)"])
            return context.redirect(
                to: "/satellites/\(satellite)",
                flash: state.step == .refused
                    ? .failed("The satellite refuses: \(state.problem ?? "it gives no reason").")
                    : .done("Leaving has begun: keep the node running until it is complete."))
        }
        routes.post("satellites/:satellite/forget") { [self] _, context in
            let satellite = try satelliteInPath(context)
            try confirmed(context)
            let bytes = try await node.forget(satellite)
            desk.forget()
            logger.notice(
                "the farmer forgets a satellite", metadata: ["satellite": "\(satellite)", "bytes": "\(bytes)"])
            return context.redirect(
                to: "/satellites", flash: .done("Forgotten. \(Figure.bytes(bytes).text) are free again."))
        }
        routes.post("satellites/:satellite/restore") { [self] _, context in
            let satellite = try satelliteInPath(context)
            let count = try await node.restoreTrash(of: satellite)
            desk.forget()
            return context.redirect(to: "/satellites/\(satellite)", flash: .done("\(count) pieces are back."))
        }
    }

    /// What cannot be undone needs a tick.
    private func confirmed(_ context: WebContext) throws {
        guard context.form["confirm"] == Self.confirmation else {
            throw WebError(.unprocessableContent, "Tick the box first: this cannot be undone.")
        }
    }
}
