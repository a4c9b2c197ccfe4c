import Accounting
import Accounts
import ConsoleKit
import Hummingbird
import StorageModel

/// The projects of an account, and each one at a glance.
struct ProjectPages: Sendable {
    let desk: ConsoleDesk
    private static let maximumProjects = 50

    func add(to router: some RouterMethods<WebContext>) {
        router.get("projects") { _, context in try await list(context) }
        router.post("projects") { _, context in try await create(context) }
        router.get("projects/:id") { _, context in try await overview(context) }
        router.post("projects/:id/name") { _, context in try await rename(context) }
    }

    private func list(_ context: WebContext, form: Form = Form(), status: HTTPResponse.Status = .ok) async throws -> Response {
        let visitor = try desk.visitor(context)
        let memberships = try await desk.parts.accounts.memberships(of: visitor.user.id)
        let rows = memberships.map { membership in
            let usage = desk.parts.accounting.usage(of: membership.project.id)
            return ProjectRow(
                name: membership.project.name, path: "/projects/\(membership.project.address)",
                role: membership.role.name, stored: .bytes(usage.storageBytes),
                moved: .bytes(usage.bandwidthBytes), since: .day(membership.project.createdAt))
        }
        return try context.page(
            "console-projects", title: "Projects", shell: desk.shell(context),
            model: ProjectsPage(
                head: PageHead("Projects", lede: "A project has its own buckets, keys, members and bill."),
                errors: form.errors, rows: rows, hasRows: !rows.isEmpty,
                empty: rows.isEmpty
                    ? EmptyState("No project yet", "Name your first one below: it takes a second.") : nil,
                fields: [Field(.text, "name", "Name of a new project", form: form)]), status: status)
    }

    private func create(_ context: WebContext) async throws -> Response {
        let visitor = try desk.visitor(context)
        try await desk.demandConfirmedAddress(context)
        var form = context.form
        let name = form.text("name", "Name", 1...100)
        let count = try await desk.parts.accounts.memberships(of: visitor.user.id).filter { $0.role == .owner }.count
        if count >= Self.maximumProjects { form.refuse("name", "An account owns at most \(Self.maximumProjects) projects.") }
        guard form.isValid else { return try await list(context, form: form, status: .unprocessableContent) }
        let project = try await desk.parts.accounts.createProject(name: name, owner: visitor.user.id)
        try await desk.note("project.create", project.address, name, context)
        return context.redirect(to: "/projects/\(project.address)", flash: .done("The project is there."))
    }

    private func overview(_ context: WebContext, form: Form = Form(), status: HTTPResponse.Status = .ok) async throws -> Response {
        let membership = try await desk.membership(context)
        let project = membership.project
        let usage = desk.parts.accounting.usage(of: project.id)
        let limits = desk.parts.accounts.effectiveLimits(of: project)
        let base = "/projects/\(project.address)"
        return try context.page(
            "console-project", title: project.name, shell: desk.shell(context, in: membership),
            model: ProjectPage(
                head: PageHead(
                    project.name, lede: "You are \(membership.role == .owner ? "its owner" : "a \(membership.role.name)").",
                    back: Link("Projects", "/projects"), actions: [Link("Make an access", "\(base)/access", style: "primary")]),
                errors: form.errors,
                tiles: [
                    Tile(
                        "Stored", .bytes(usage.storageBytes, how: "Encrypted bytes of all objects, versions and open uploads, before redundancy: what is billed."),
                        note: "of \(Figure.bytes(limits.storageBytes).text)", state: Self.state(usage.storageBytes, limits.storageBytes)),
                    Tile(
                        "Downloaded this month", .bytes(usage.bandwidthBytes, how: "Bytes of downloads since the first of the month in UTC: those settled by nodes, and those allowed and not settled yet."),
                        note: "of \(Figure.bytes(limits.bandwidthBytes).text)", state: Self.state(usage.bandwidthBytes, limits.bandwidthBytes)),
                    Tile(
                        "Segments", .count(usage.segments, how: "Pieces of up to 64 MiB that objects are cut into; small objects have one."),
                        note: "of \(Figure.count(limits.segments).text)", state: Self.state(usage.segments, limits.segments)),
                ],
                satellite: desk.parts.satellite, gateway: desk.settings.gateway.isEmpty ? nil : desk.settings.gateway,
                mayChange: membership.role >= .admin, action: "\(base)/name",
                fields: [Field(.text, "name", "Name", form: form, value: project.name)]), status: status,
            styles: ["console.css"])
    }

    private func rename(_ context: WebContext) async throws -> Response {
        let membership = try await desk.membership(context, atLeast: .admin)
        var form = context.form
        let name = form.text("name", "Name", 1...100)
        guard form.isValid else { return try await overview(context, form: form, status: .unprocessableContent) }
        try await desk.parts.accounts.rename(name, project: membership.project.id)
        try await desk.note("project.rename", membership.project.address, name, context)
        return context.redirect(to: "/projects/\(membership.project.address)", flash: .done("The project has its new name."))
    }

    private static func state(_ used: Int64, _ limit: Int64) -> Pill.Kind? {
        guard limit > 0 else { return nil }
        let share = Double(used) / Double(limit)
        return share >= 1 ? .bad : share >= 0.8 ? .warning : nil
    }
}

private struct ProjectRow: Sendable {
    let name: String
    let path: String
    let role: String
    let stored: Figure
    let moved: Figure
    let since: Figure
}

private struct ProjectsPage: Sendable {
    let head: PageHead
    let errors: [FormError]
    let rows: [ProjectRow]
    let hasRows: Bool
    let empty: EmptyState?
    let fields: [Field]
}

private struct ProjectPage: Sendable {
    let head: PageHead
    let errors: [FormError]
    let tiles: [Tile]
    let satellite: String
    let gateway: String?
    let mayChange: Bool
    let action: String
    let fields: [Field]
}
