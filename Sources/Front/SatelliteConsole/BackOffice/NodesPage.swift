import AdminAPI
import ConsoleKit
import Hummingbird
import Overlay
import StorageModel

/// The list of nodes.
struct OperatorNodes: Sendable {
    struct Row: Sendable {
        let path: String
        let name: String
        let address: String
        let country: String
        let status: Pill
        let free: Figure
        let pieces: Figure
        let price: Figure
        let version: String
        let seen: Figure
    }

    /// A choice of nodes.
    struct Filter: Sendable {
        let title: String
        let path: String
        let count: Figure
        let isCurrent: Bool
    }

    let head: PageHead
    let filters: [Filter]
    let search: String
    let state: String
    let rows: [Row]
    let hasRows: Bool
    let empty: EmptyState
    let priceHead: Figure
    let freeHead: Figure
    let paging: Paging?
}

extension BackOffice {
    func nodes(_ request: Request, _ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let wanted = NodeAnswer.State(rawValue: Self.text("state", request))
        let search = Self.text("find", request).lowercased()
        let from = Self.offset(request)
        let offers = overlay.offers() ?? [:]
        let all = overlay.nodes().map { ($0, Self.state($0, isOnline: overlay.isOnline($0))) }
        let found = all.filter { node, state in
            (wanted == nil || state == wanted)
                && (search.isEmpty || "\(node.id)".lowercased().contains(search) || node.address.lowercased().contains(search)
                    || node.email.lowercased().contains(search) || node.wallet.lowercased().contains(search))
        }
        let rows = found.dropFirst(from).prefix(Self.pageSize).map { node, state in
            OperatorNodes.Row(
                path: "/operator/nodes/\(node.id)", name: Self.short("\(node.id)"), address: node.address,
                country: node.countryCode, status: Self.pill(state), free: .bytes(node.freeDisk),
                pieces: .count(node.pieceCount), price: Self.price(offers[node.id]), version: "\(node.version)",
                seen: node.lastContactSuccess.map { .ago($0, now: context.now) } ?? .none("It was never reached."))
        }
        let query = (wanted.map { "&state=\($0.rawValue)" } ?? "") + (search.isEmpty ? "" : "&find=\(Self.encoded(search))")
        let model = OperatorNodes(
            head: PageHead("Nodes", lede: "Everybody who ever checked in, oldest first."),
            filters: Self.filters(all.map(\.1), wanted), search: search, state: wanted?.rawValue ?? "", rows: rows,
            hasRows: !rows.isEmpty, empty: EmptyState("No such nodes", "Try another word, or all nodes."),
            priceHead: .term(
                "Price",
                how: "Dollars that the node's signed price sheet asks for a terabyte kept for a month with its usual traffic."),
            freeHead: .term("Free", how: "What the node said is free at its newest check-in."),
            paging: Self.paging("/operator/nodes", query: query, from: from, count: found.count))
        return try page("operator-nodes", "Nodes", visitor, context, model: model)
    }

    private static func filters(_ states: [NodeAnswer.State], _ wanted: NodeAnswer.State?) -> [OperatorNodes.Filter] {
        let counts = Dictionary(grouping: states) { $0 }.mapValues(\.count)
        let all = OperatorNodes.Filter(
            title: "All", path: "/operator/nodes", count: .count(states.count), isCurrent: wanted == nil)
        return [all]
            + NodeAnswer.State.allCases.reversed().compactMap { state in
                guard let count = counts[state] else { return nil }
                return OperatorNodes.Filter(
                    title: state.rawValue.prefix(1).uppercased() + state.rawValue.dropFirst(),
                    path: "/operator/nodes?state=\(state.rawValue)", count: .count(count), isCurrent: state == wanted)
            }
    }

    static func price(_ offer: NodeOffer?) -> Figure {
        offer?.price.map { .money(microdollars: Int64(clamping: $0)) } ?? .none("It has no price sheet that counts here.")
    }

    static func state(_ node: NodeRecord, isOnline: Bool) -> NodeAnswer.State { .init(node, isOnline: isOnline) }

    static func pill(_ state: NodeAnswer.State) -> Pill {
        switch state {
        case .online: Pill(.good, "online")
        case .offline: Pill(.warning, "offline")
        case .suspended: Pill(.warning, "suspended")
        case .exiting: Pill(.neutral, "leaving")
        case .exited: Pill(.neutral, "left")
        case .disqualified: Pill(.bad, "disqualified")
        }
    }
}
