import AdminAPI
import ConsoleKit
import Heartbeats
import Hummingbird
import Market
import Overlay
import StorageModel
import Upkeep

/// All a satellite knows of one node.
struct OperatorNode: Sendable {
    struct Audit: Sendable {
        let time: Figure
        let kind: String
        let result: String
        let segment: String
        let detail: String
    }

    struct Heartbeat: Sendable {
        let period: Figure
        let verdict: Pill
        let bytes: Figure
        let error: String
    }

    struct Event: Sendable {
        let time: Figure
        let kind: String
    }

    let head: PageHead
    let status: Pill
    let tiles: [Tile]
    let facts: [Fact]
    let audits: [Audit]
    let hasAudits: Bool
    let heartbeats: [Heartbeat]
    let hasHeartbeats: Bool
    let events: [Event]
    let hasEvents: Bool
    let disqualifyPath: String?
}

/// Asks before a node is thrown out.
struct OperatorConfirmation: Sendable {
    let head: PageHead
    let text: String
    let action: String
    let button: String
    let fields: [Field]
    let errors: [FormError]
}

extension BackOffice {
    func node(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let node = try Self.found(context, overlay)
        let state = Self.state(node, isOnline: overlay.isOnline(node))
        let history = try await upkeep.audits.history(of: node.id)
        let heartbeats = try await market.history(of: node.id, limit: 10)
        let events = try await overlay.nodeEvents(of: node.id, limit: 15)
        let model = OperatorNode(
            head: PageHead(Self.short("\(node.id)"), back: Link("Nodes", "/operator/nodes")), status: Self.pill(state),
            tiles: Self.tiles(node, try await overlay.reputation(of: node.id), history, overlay.offers()?[node.id]),
            facts: Self.facts(node, context.now),
            audits: history.rows.prefix(20).map {
                OperatorNode.Audit(
                    time: .ago(Timestamp(microseconds: $0.at * 1_000_000), now: context.now), kind: $0.kind,
                    result: $0.result, segment: $0.segment, detail: $0.detail)
            }, hasAudits: !history.rows.isEmpty,
            heartbeats: heartbeats.map {
                OperatorNode.Heartbeat(
                    period: .period($0.period),
                    verdict: Self.pill($0.verdict),
                    bytes: .bytes(Int64(clamping: $0.holding.byteCount)), error: $0.lastError ?? "")
            }, hasHeartbeats: !heartbeats.isEmpty,
            events: events.map {
                OperatorNode.Event(
                    time: .ago($0.createdAt, now: context.now), kind: $0.kind.name.replacing("-", with: " "))
            }, hasEvents: !events.isEmpty,
            disqualifyPath: node.disqualifiedAt == nil ? "/operator/nodes/\(node.id)/disqualify" : nil)
        return try page("operator-node", Self.short("\(node.id)"), visitor, context, model: model)
    }

    private static func tiles(
        _ node: NodeRecord, _ reputation: Reputation, _ history: NodeAuditHistory, _ offer: NodeOffer?
    ) -> [Tile] {
        [
            Tile(
                "Audit score",
                .percent(
                    reputation.audit.score,
                    how: "The share of audits that found the piece whole; old ones weigh less with every new one."),
                note: "\(Figure.count(reputation.totalAudits).text) audits",
                state: reputation.audit.score < 0.98 ? .bad : nil),
            Tile(
                "Online score",
                .percent(
                    reputation.history.score, how: "The share of audits in the newest windows that found the node online."),
                state: reputation.history.score < 0.6 ? .warning : nil),
            Tile(
                "Pieces", .count(node.pieceCount, how: "Pieces in segments, at the newest pass over all of them."),
                note: history.owed.isEmpty ? nil : "\(history.owed.count) still to be shown",
                state: history.owed.isEmpty ? nil : .warning),
            Tile("Free", .bytes(node.freeDisk, how: "What the node said is free at its newest check-in.")),
            Tile(
                "Price", price(offer),
                note: offer.map { "proves what it holds: \(Figure.percent($0.standing).text)" }),
        ]
    }

    private static func facts(_ node: NodeRecord, _ now: Timestamp) -> [Fact] {
        func moment(_ name: String, _ time: Timestamp?) -> Fact? { time.map { Fact(name, .time($0)) } }
        return [
            Fact("Id", .text("\(node.id)")), Fact("Address", .text(node.address)),
            Fact(
                "Network",
                .text(
                    node.lastNet, how: "Nodes in one network count as one place: pieces of a segment never meet there.")),
            Fact("Country", .text(node.countryCode.isEmpty ? "not known" : node.countryCode)),
            Fact("Version", .text("\(node.version)")), Fact("E-mail", .text(node.email.isEmpty ? "none" : node.email)),
            Fact("Wallet", .text(node.wallet.isEmpty ? "none" : node.wallet)),
        ]
            + [
                moment("First seen", node.createdAt), moment("Last reached", node.lastContactSuccess),
                moment("Last missed", node.lastContactFailure), moment("Vetted", node.vettedAt),
                moment("Suspended for errors", node.unknownAuditSuspendedAt),
                moment("Suspended for absence", node.offlineSuspendedAt), moment("Began to leave", node.exitInitiatedAt),
                moment("Left", node.exitFinishedAt), moment("Disqualified", node.disqualifiedAt),
            ].compactMap(\.self)
            + (node.disqualificationReason.map { [Fact("Reason", .text("\($0)"))] } ?? [])
    }

    private static func pill(_ verdict: HeartbeatVerdict) -> Pill {
        let kinds: [String: Pill.Kind] = ["passed": .good, "pending": .neutral, "void": .neutral, "unreachable": .warning]
        return Pill(kinds[verdict.name] ?? .bad, verdict.name)
    }

    static func found(_ context: WebContext, _ overlay: Overlay) throws -> NodeRecord {
        guard let text = context.parameters.get("id"), let id = try? NodeID(text: text), let node = overlay.record(of: id)
        else { throw WebError.notFound }
        return node
    }

    func askDisqualify(_ context: WebContext) async throws -> Response {
        try await askDisqualify(Form(), try await visitor(context), context, status: .ok)
    }

    private func askDisqualify(
        _ form: Form, _ visitor: BackOfficeVisitor, _ context: WebContext, status: HTTPResponse.Status
    ) async throws -> Response {
        let node = try Self.found(context, overlay)
        let path = "/operator/nodes/\(node.id)"
        let model = OperatorConfirmation(
            head: PageHead("Disqualify this node?", back: Link("The node", path)),
            text: "Its pieces count as lost from now on and are repaired elsewhere; what it earned and was held back is not "
                + "paid out. This cannot be taken back.",
            action: "\(path)/disqualify", button: "Disqualify for good",
            fields: [
                Field(
                    .text, "confirm", "Type the first 8 characters of its id", form: form,
                    hint: "The id begins with \("\(node.id)".prefix(8)).", autocomplete: "off"),
                Field(.text, "reason", "Reason", form: form, hint: "Kept in the log of actions."),
            ], errors: form.errors)
        return try page("operator-confirm", "Disqualify", visitor, context, status: status, model: model)
    }

    func disqualify(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let node = try Self.found(context, overlay)
        var form = context.form
        let typed = form.text("confirm", "Beginning of the id", 1...60)
        let reason = form.text("reason", "Reason", 3...300)
        if form.isValid, typed != "\(node.id)".prefix(8) { form.refuse("confirm", "That is not how its id begins.") }
        guard form.isValid else { return try await askDisqualify(form, visitor, context, status: .unprocessableContent) }
        try await note("node.disqualify", "\(node.id)", reason, visitor, context)
        try await overlay.disqualify(node.id, reason: .unknown)
        return context.redirect(to: "/operator/nodes/\(node.id)", flash: .done("The node is disqualified."))
    }
}
