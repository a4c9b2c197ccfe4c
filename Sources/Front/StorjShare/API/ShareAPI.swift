import ConsoleKit
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NodeAPI
import StorageModel
import StorageNode

extension StorjShare {
    /// The node as JSON: the same answers as the operator's API, for the farmer's own programs. Programs send the token as a
    /// bearer token; without one set, only this machine can ask.
    ///
    /// | Request | Answer |
    /// |---|---|
    /// | `GET /api/status` | everything at a glance |
    /// | `GET /api/health` | what is the matter, in words |
    /// | `GET /api/farm` | what a farm's view shows of this node |
    /// | `GET /api/space`, `GET /api/traffic?span=hour\|day&from=`, `GET /api/uptime`, `GET /api/reputation` | history |
    /// | `GET /api/earnings`, `/api/vouchers`, `/api/claims`, `/api/prices` | money |
    func addAPI(to routes: RouterGroup<WebContext>) {
        let api = routes.group("api")
        api.get("status") { [node] _, context in try context.json(NodeStatusAnswer(await node.status())) }
        api.get("health") { [desk] _, context in
            let snapshot = try await desk.snapshot()
            return try context.json(HealthAnswer(snapshot))
        }
        api.get("farm") { [self] _, context in try context.json(try await farmLine()) }
        addHistory(to: api)
        addMoney(to: api)
    }

    private func addHistory(to api: RouterGroup<WebContext>) {
        api.get("traffic") { [node] request, context in
            let (span, from) = try Self.stretch(request, context)
            return try context.json(try await node.history.traffic(span, from: from).map(TrafficAnswer.init))
        }
        api.get("space") { [node] request, context in
            let (span, from) = try Self.stretch(request, context)
            return try context.json(try await node.history.space(span, from: from).map(SpaceAnswer.init))
        }
        api.get("uptime") { [node] request, context in
            let (span, from) = try Self.stretch(request, context)
            return try context.json(try await node.history.uptime(span, from: from).map(UptimeAnswer.init))
        }
        api.get("reputation") { [node] request, context in
            let (_, from) = try Self.stretch(request, context)
            return try context.json(try await node.history.reputation(from: from).map(ReputationAnswer.init))
        }
    }

    private func addMoney(to api: RouterGroup<WebContext>) {
        api.get("earnings") { [node] _, context in
            guard let farmer = node.farmer else { throw WebError.notFound }
            return try context.json(
                EarningsAnswer(try await farmer.earnings(asksLedger: false), try await farmer.book.statements(limit: 100)))
        }
        api.get("vouchers") { [node] _, context in
            guard let farmer = node.farmer else { throw WebError.notFound }
            return try context.json(
                VouchersAnswer(channels: try await farmer.book.channels().map(VouchersAnswer.Channel.init)))
        }
        api.get("claims") { [node] _, context in
            guard let farmer = node.farmer else { throw WebError.notFound }
            return try context.json(ClaimsAnswer(claims: try await farmer.book.claims().map(ClaimsAnswer.Claim.init)))
        }
        api.get("prices") { [node] _, context in
            guard let farmer = node.farmer else { throw WebError.notFound }
            return try context.json(PricesAnswer(farmer))
        }
    }

    /// The span and the start of a history: days of the last month unless something else is asked for.
    private static func stretch(_ request: Request, _ context: WebContext) throws -> (HistorySpan, Int64) {
        let query = request.uri.queryParameters
        let span: HistorySpan
        switch query["span"].map(String.init) {
        case "day", nil: span = .day
        case "hour": span = .hour
        case .some: throw WebError(.badRequest, "span is hour or day")
        }
        guard let text = query["from"] else {
            return (span, HistorySpan.day.start(of: context.now) - (span == .day ? 29 : 1) * 86400)
        }
        guard let from = Int64(text), from >= 0 else { throw WebError(.badRequest, "from is in seconds since 1970") }
        return (span, from)
    }
}
