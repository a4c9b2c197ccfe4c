import Chores
import ConsoleKit
import Hummingbird
import Logging
import PieceStore
import StorageModel
import StorageNode

/// What the node does by itself, and what it is told: drain, scrub, trash, and the recurring work.
struct UpkeepPage: Sendable {
    struct Fact: Sendable {
        let title: String
        let value: Figure
    }

    struct Chore: Sendable {
        let name: String
        let every: Figure
        let last: Figure
        let state: Pill
        let error: String
    }

    let head: PageHead
    let isDrained: Bool
    let drainedSince: Figure
    let scrub: [Fact]
    let scrubState: Pill
    let isPaused: Bool
    let progress: Int64
    let isScrubbing: Bool
    let fields: [Field]
    let errors: [FormError]
    let lost: [Fact]
    let hasTrash: Bool
    let trashPieces: Int
    let trash: Figure
    let chores: [Chore]

    /// Megabytes a second that a scrub may be told to read.
    static let rates = 1...1000

    init(_ status: NodeStatus, chores: [CycleStatus], form: Form = Form(), now: Timestamp) {
        head = PageHead("Upkeep", lede: "What the node does by itself, and what you can tell it to do.")
        isDrained = status.drainedSince != nil
        drainedSince = status.drainedSince.map { .time($0) } ?? .none()
        isPaused = status.scrub.isPaused
        let current = status.scrub.current
        isScrubbing = current != nil && !isPaused
        progress = current.map { status.scrub.total > 0 ? min(100, $0.bytes * 100 / max(1, status.scrub.total)) : 100 } ?? 0
        scrubState = isPaused ? Pill(.neutral, "paused") : current != nil ? Pill(.good, "reading") : Pill(.neutral, "waiting")
        scrub = Self.facts(status.scrub)
        fields = [
            Field(
                .number, "rate", "Speed", form: form, value: "\(max(1, status.scrub.rate / 1_000_000))",
                hint: "What the scrub may read in a second; customers always come first.", minimum: "\(Self.rates.lowerBound)",
                maximum: "\(Self.rates.upperBound)", unit: "MB/s")
        ]
        errors = form.errors
        lost = Self.facts(status.amnesty)
        trashPieces = status.usage.trashPieces
        hasTrash = trashPieces > 0
        trash = .bytes(status.usage.trashBytes)
        self.chores = chores.map { status in
            Chore(
                name: status.name, every: .duration(status.interval), last: status.lastEnd.map { .ago($0, now: now) } ?? .text("not yet"),
                state: status.isRunning
                    ? Pill(.good, "at work") : status.lastError != nil ? Pill(.warning, "failed") : Pill(.neutral, "waits"),
                error: status.lastError ?? "")
        }
    }

    private static func facts(_ scrub: ScrubStatus) -> [Fact] {
        var facts: [Fact] = []
        if let current = scrub.current {
            facts += [
                Fact(title: "Began", value: .time(Timestamp(microseconds: current.startedAt))),
                Fact(title: "Read so far", value: .bytes(current.bytes, how: "\(current.pieces) pieces of \(Figure.bytes(scrub.total).text).")),
                Fact(title: "Damaged", value: .count(current.bad)),
            ]
            if scrub.rate > 0, !scrub.isPaused {
                facts.append(
                    Fact(
                        title: "Takes about", value: .duration(
                            .seconds(max(0, scrub.total - current.bytes) / scrub.rate), how: "What is left at \(Figure.rate(scrub.rate).text).")))
            }
        }
        if let last = scrub.last {
            facts += [
                Fact(title: "Last whole pass", value: last.finishedAt.map { .time(Timestamp(microseconds: $0)) } ?? .none()),
                Fact(title: "It read", value: .bytes(last.bytes, how: "\(last.pieces) pieces.")),
                Fact(title: "It found damaged", value: .count(last.bad)),
            ]
        }
        return facts
    }

    private static func facts(_ amnesty: AmnestySummary) -> [Fact] {
        var facts = [
            Fact(title: "Wait to be told", value: .count(amnesty.waiting)),
            Fact(title: "Told and forgiven since the start", value: .count(amnesty.acknowledged)),
        ]
        if let time = amnesty.lastAcknowledged { facts.append(Fact(title: "Last told", value: .time(time))) }
        return facts
    }
}

extension StorjShare {
    func addUpkeep(to routes: RouterGroup<WebContext>) {
        routes.get("upkeep") { [self] _, context in try await upkeep(context, Form()) }
        routes.post("upkeep/drain") { [self] _, context in
            try await node.drain()
            return told(context, "The node takes no new pieces. Customers are served as before.")
        }
        routes.post("upkeep/undrain") { [self] _, context in
            try await node.undrain()
            return told(context, "The node takes new pieces again.")
        }
        routes.post("upkeep/scrub") { [self] _, context in
            var form = context.form
            let rate = form.integer("rate", "Speed", UpkeepPage.rates)
            guard form.isValid else { return try await upkeep(context, form) }
            try await node.startScrub(rate: Int64(rate) * 1_000_000)
            return told(context, "The scrub reads.")
        }
        routes.post("upkeep/scrub/pause") { [self] _, context in
            try await node.pauseScrub()
            return told(context, "The scrub stands still.")
        }
        routes.post("upkeep/trash/restore") { [self] _, context in
            var count = 0
            for (contact, _, _) in await node.status().satellites {
                count += try await node.restoreTrash(of: contact.satellite)
            }
            return told(context, "\(count) pieces are back.")
        }
    }

    private func upkeep(_ context: WebContext, _ form: Form) async throws -> Response {
        let page = UpkeepPage(await node.status(), chores: node.chores.map(\.status), form: form, now: context.now)
        return try context.page(
            "share-upkeep", title: "Upkeep", shell: shell(context), model: page,
            status: form.isValid ? .ok : .unprocessableContent, styles: ["share.css"])
    }

    private func told(_ context: WebContext, _ sentence: String) -> Response {
        desk.forget()
        logger.notice("the farmer tells the node something", metadata: ["path": "\(context.path)"])
        return context.redirect(to: "/upkeep", flash: .done(sentence))
    }
}
