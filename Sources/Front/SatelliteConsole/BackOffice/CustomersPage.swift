import Accounting
import Accounts
import Billing
import ConsoleKit
import Contracts
import Hummingbird
import StorageModel

/// The list of customers.
struct OperatorCustomers: Sendable {
    struct Row: Sendable {
        let path: String
        let email: String
        let name: String
        let since: Figure
        let credit: Figure
        let owing: Figure
        let status: Pill
    }

    let head: PageHead
    let search: String
    let rows: [Row]
    let hasRows: Bool
    let empty: EmptyState
    let creditHead: Figure
    let owingHead: Figure
    let paging: Paging?
}

/// One customer.
struct OperatorCustomer: Sendable {
    struct ProjectRow: Sendable {
        let path: String
        let name: String
        let role: String
        let stored: Figure
        let status: Pill
    }

    struct Entry: Sendable {
        let time: Figure
        let action: String
        let detail: String
        let address: String
    }

    let head: PageHead
    let status: Pill
    let reason: String?
    let tiles: [Tile]
    let projects: [ProjectRow]
    let hasProjects: Bool
    let entries: [Entry]
    let hasEntries: Bool
    let freezePath: String
    let isFrozen: Bool
    /// Whether a code of a phone is asked for at sign-in.
    let asksForCode: Bool
    let codePath: String
    let fields: [Field]
    let errors: [FormError]
}

extension BackOffice {
    func customers(_ request: Request, _ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let from = Self.offset(request)
        let search = Self.text("find", request).lowercased()
        let users = try await accounts.users().filter {
            search.isEmpty || $0.email.lowercased().contains(search) || $0.name.lowercased().contains(search)
        }
        let freezes = try await accounts.freezes()
        var rows: [OperatorCustomers.Row] = []
        for user in users.dropFirst(from).prefix(Self.pageSize) {
            let balance = try await billing.customers.balance(of: user.id)
            rows.append(
                OperatorCustomers.Row(
                    path: "/operator/customers/\(Self.text(user.id))", email: user.email, name: user.name,
                    since: .day(user.createdAt), credit: .money(microdollars: balance.credit.micro),
                    owing: .money(microdollars: balance.owing.micro),
                    status: Self.pill(user, freezes.first { $0.subject == .user(user.id) })))
        }
        let model = OperatorCustomers(
            head: PageHead("Customers", lede: "Everybody with an account, oldest first."), search: search, rows: rows,
            hasRows: !rows.isEmpty, empty: EmptyState("No such customers", "Try a part of a name or of an e-mail address."),
            creditHead: .term("Credit", how: "What the customer paid in and did not use, without bonus."),
            owingHead: .term("Owing", how: "Invoices that are issued and not paid yet."),
            paging: Self.paging(
                "/operator/customers", query: search.isEmpty ? "" : "&find=\(Self.encoded(search))", from: from,
                count: users.count))
        return try page("operator-customers", "Customers", visitor, context, model: model)
    }

    func customer(_ context: WebContext) async throws -> Response {
        try await customer(Form(), try await visitor(context), context, status: .ok)
    }

    private func customer(
        _ form: Form, _ visitor: BackOfficeVisitor, _ context: WebContext, status: HTTPResponse.Status
    ) async throws -> Response {
        let user = try await found(context)
        let balance = try await billing.customers.balance(of: user.id)
        let freezes = try await accounts.freezes()
        let freeze = freezes.first { $0.subject == .user(user.id) }
        let memberships = try await accounts.memberships(of: user.id)
        let entries = try await accounts.auditLog(actor: user.id, limit: 15)
        let model = OperatorCustomer(
            head: PageHead(user.email, lede: user.name == user.email ? nil : user.name, back: Link("Customers", "/operator/customers")),
            status: Self.pill(user, freeze), reason: freeze?.reason, tiles: Self.tiles(balance),
            projects: memberships.map { membership in
                let project = membership.project
                return OperatorCustomer.ProjectRow(
                    path: "/operator/projects/\(Hexadecimal.encode(project.publicID.bytes))", name: project.name,
                    role: membership.role.name, stored: .bytes(accounting.usage(of: project.id).storageBytes),
                    status: Self.pill(project, freezes.first { $0.subject == .project(project.id) }))
            }, hasProjects: !memberships.isEmpty,
            entries: entries.map {
                OperatorCustomer.Entry(
                    time: .ago($0.at, now: context.now), action: $0.action, detail: $0.detail, address: $0.address)
            }, hasEntries: !entries.isEmpty, freezePath: "/operator/customers/\(Self.text(user.id))",
            isFrozen: freeze != nil, asksForCode: try await accounts.signInState(of: user.id).asksForCode,
            codePath: "/operator/customers/\(Self.text(user.id))/codes/end", fields: [Self.reasonField(form)], errors: form.errors)
        return try page("operator-customer", user.email, visitor, context, status: status, model: model)
    }

    func freezeCustomer(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let user = try await found(context)
        var form = context.form
        let reason = form.text("reason", "Reason", 3...300)
        guard form.isValid else { return try await customer(form, visitor, context, status: .unprocessableContent) }
        try await note("customer.freeze", user.email, reason, visitor, context)
        _ = try await accounts.freeze(.user(user.id), .operatorDecision, reason: reason)
        return context.redirect(
            to: "/operator/customers/\(Self.text(user.id))", flash: .done("The customer may not upload and download now."))
    }

    func unfreezeCustomer(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let user = try await found(context)
        try await note("customer.unfreeze", user.email, visitor, context)
        let wasFrozen = try await accounts.unfreeze(.user(user.id))
        return context.redirect(
            to: "/operator/customers/\(Self.text(user.id))",
            flash: wasFrozen ? .done("The customer may upload and download again.") : .note("The customer was not frozen."))
    }

    /// For who lost his phone and his recovery codes too; the operator has made sure that it is he.
    func endCodes(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let user = try await found(context)
        try await note("customer.code-off", user.email, visitor, context)
        try await accounts.endCode(of: user.id)
        return context.redirect(
            to: "/operator/customers/\(Self.text(user.id))", flash: .done("The password alone signs this customer in now."))
    }

    private func note(_ action: String, _ subject: String, _ visitor: BackOfficeVisitor, _ context: WebContext) async throws {
        try await note(action, subject, "", visitor, context)
    }

    private func found(_ context: WebContext) async throws -> User {
        guard let bytes = context.parameters.get("id").flatMap({ Hexadecimal.decode($0) }), let id = UserID(bytes),
            let user = try await accounts.users().first(where: { $0.id == id })
        else { throw WebError.notFound }
        return user
    }

    private static func tiles(_ balance: CustomerBalance) -> [Tile] {
        [
            Tile("Credit", .money(microdollars: balance.credit.micro, how: "Paid in and not used, without bonus.")),
            Tile("Bonus", .money(microdollars: balance.bonus.micro, how: "Given on top of deposits in STORJ, not used yet.")),
            Tile(
                "Held back", .money(microdollars: balance.frozen.micro, how: "Deposits that wait for an operator's decision."),
                state: balance.frozen.micro > 0 ? .warning : nil),
            Tile(
                "Owing", .money(microdollars: balance.owing.micro, how: "Invoices that are issued and not paid yet."),
                state: balance.owing.micro > 0 ? .warning : nil),
        ]
    }

    static func reasonField(_ form: Form) -> Field {
        Field(.text, "reason", "Reason", form: form, hint: "The customer reads it, and it stays in the log of actions.")
    }

    static func text(_ id: UserID) -> String { Hexadecimal.encode(id.bytes) }

    static func pill(_ user: User, _ freeze: Freeze?) -> Pill {
        user.isDisabled ? Pill(.bad, "disabled") : freeze == nil ? Pill(.good, "active") : Pill(.bad, "frozen")
    }

    static func pill(_ project: Project, _ freeze: Freeze?) -> Pill {
        project.isDisabled ? Pill(.bad, "disabled") : freeze == nil ? Pill(.good, "active") : Pill(.bad, "frozen")
    }
}
