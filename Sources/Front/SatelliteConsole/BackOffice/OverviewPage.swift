import AdminAPI
import ConsoleKit
import Foundation
import Hummingbird
import Overlay
import StorageModel
import Upkeep

/// The satellite at a glance.
struct OperatorOverview: Sendable {
    struct Event: Sendable {
        let time: Figure
        let node: String
        let path: String
        let kind: String
    }

    let head: PageHead
    let attention: [String]
    let isWell: Bool
    let tiles: [Tile]
    let events: [Event]
    let hasEvents: Bool
    let facts: [Fact]
}

extension BackOffice {
    func overview(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let status = admin.status()
        let report = upkeep.durability.report
        let events = try await overlay.nodeEvents(limit: 8)
        let repairs = try await upkeep.repairs.status()
        let model = OperatorOverview(
            head: PageHead(
                "Satellite",
                lede: status.attention.isEmpty
                    ? "All is well: nothing needs an operator." : status.attention.count == 1 ? "One thing needs a look." : "\(status.attention.count) things need a look."),
            attention: status.attention.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." },
            isWell: status.attention.isEmpty, tiles: Self.tiles(status, report, repairs),
            events: events.map { event in
                OperatorOverview.Event(
                    time: .ago(event.createdAt, now: context.now), node: Self.short("\(event.nodeID)"),
                    path: "/operator/nodes/\(event.nodeID)", kind: event.kind.name.replacing("-", with: " "))
            }, hasEvents: !events.isEmpty,
            facts: [
                Fact("Satellite", .text(status.id)),
                Fact(
                    "Running for",
                    .duration(.seconds(status.now.timeIntervalSince(status.startedAt)), how: "Since the program was started.")),
            ])
        return try page("operator-overview", "Satellite", visitor, context, model: model)
    }

    private static func tiles(
        _ status: StatusAnswer, _ report: DurabilityReport?, _ repairs: RepairStatus
    ) -> [Tile] {
        let nodes = status.nodes
        let taking = nodes.online + nodes.offline + nodes.suspended
        let lost = report?.total.lost ?? 0
        return [
            Tile(
                "Nodes online",
                .count(nodes.online, how: "Nodes whose last check-in is fresh and who answered the newest ping from here."),
                note: "of \(Figure.count(taking).text) that take part",
                state: nodes.online * 10 < taking * 9 ? .warning : nil, path: "/operator/nodes"),
            Tile(
                "Free on nodes",
                .bytes(nodes.freeDisk, how: "The sum of what nodes online say is free, at their newest check-in."),
                note: "\(Figure.count(nodes.vetted).text) nodes vetted"),
            Tile(
                "Segments",
                .count(
                    status.durability.segmentCount,
                    how: "Counted by the newest complete pass over all segments; those kept in the satellite's own database "
                        + "are among them."),
                note: lost > 0 ? "\(lost) cannot be retrieved" : "all retrievable", state: lost > 0 ? .bad : nil,
                path: "/operator/durability"),
            Tile(
                "Waiting for repair",
                .count(repairs.queueLength, how: "Segments with fewer healthy pieces than their repair threshold."),
                note: "\(Figure.count(repairs.totals.repairedSegments).text) repaired since the start",
                state: repairs.irreparableCount > 0 ? .bad : nil, path: "/operator/repair"),
        ]
    }

    /// The beginning of a node's id: enough to tell nodes apart in a list.
    static func short(_ id: String) -> String { id.count > 16 ? "\(id.prefix(12))…" : id }
}
