import Accounts
import ConsoleKit
import Hummingbird

/// What was done, by whom and from where.
struct OperatorLog: Sendable {
    struct Row: Sendable {
        let time: Figure
        let who: String
        let action: String
        let subject: String
        let detail: String
        let address: String
    }

    let head: PageHead
    let rows: [Row]
    let hasRows: Bool
    let empty: EmptyState
    let paging: Paging?
}

extension BackOffice {
    func log(_ request: Request, _ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let before = request.uri.queryParameters["before"].flatMap { Int64($0) }
        let entries = try await accounts.auditLog(before: before, limit: Self.pageSize + 1)
        let shown = entries.prefix(Self.pageSize)
        let older = entries.count > shown.count ? shown.last.map { "/operator/log?before=\($0.number)" } : nil
        let model = OperatorLog(
            head: PageHead("Log of actions", lede: "Every sign-in and every change by customers and operators, newest first."),
            rows: shown.map {
                OperatorLog.Row(
                    time: .time($0.at), who: $0.actorEmail.isEmpty ? "nobody signed in" : $0.actorEmail, action: $0.action,
                    subject: $0.subject, detail: $0.detail, address: $0.address)
            }, hasRows: !shown.isEmpty, empty: EmptyState("Nothing yet", "What is done from now on stands here."),
            paging: before != nil || older != nil
                ? Paging(previous: before == nil ? nil : "/operator/log", next: older) : nil)
        return try page("operator-log", "Log of actions", visitor, context, model: model)
    }
}
