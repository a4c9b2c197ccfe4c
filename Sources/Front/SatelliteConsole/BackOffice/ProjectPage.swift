import Accounting
import Accounts
import ConsoleKit
import Hummingbird
import StorageModel

/// One customer's project, its use and its limits.
struct OperatorProject: Sendable {
    let head: PageHead
    let status: Pill
    let reason: String?
    let tiles: [Tile]
    let path: String
    let isFrozen: Bool
    let limits: [Field]
    let fields: [Field]
    let errors: [FormError]
}

extension BackOffice {
    /// Limits of storage and traffic are typed in units of this many bytes.
    private static let gigabyte: Int64 = 1_000_000_000

    func project(_ context: WebContext) async throws -> Response {
        try await project(Form(), try await visitor(context), context, status: .ok)
    }

    private func project(
        _ form: Form, _ visitor: BackOfficeVisitor, _ context: WebContext, status: HTTPResponse.Status
    ) async throws -> Response {
        let project = try await foundProject(context)
        let usage = accounting.usage(of: project.id)
        let limits = accounts.effectiveLimits(of: project)
        let freeze = try await accounts.freezes().first { $0.subject == .project(project.id) }
        let isLimits = form["storage"] != nil
        let model = OperatorProject(
            head: PageHead(project.name, back: Link("Customers", "/operator/customers")),
            status: Self.pill(project, freeze), reason: freeze?.reason,
            tiles: [
                Tile(
                    "Stored",
                    .bytes(
                        usage.storageBytes,
                        how: "Encrypted bytes of all objects before redundancy, at the newest count and with what changed since."),
                    note: "of \(Scaled.bytes(limits.storageBytes))"),
                Tile(
                    "Downloaded this month",
                    .bytes(usage.bandwidthBytes, how: "Bytes that order limits allowed in this calendar month, UTC."),
                    note: "of \(Scaled.bytes(limits.bandwidthBytes))"),
                Tile(
                    "Segments", .count(usage.segments, how: "Parts of objects, each at most 64 MiB."),
                    note: "of \(Figure.count(limits.segments).text)"),
            ], path: "/operator/projects/\(Hexadecimal.encode(project.publicID.bytes))", isFrozen: freeze != nil,
            limits: Self.limitFields(isLimits ? form : Form(), limits),
            fields: [Self.reasonField(isLimits ? Form() : form)], errors: form.errors)
        return try page("operator-project", project.name, visitor, context, status: status, model: model)
    }

    private static func limitFields(_ form: Form, _ limits: EffectiveLimits) -> [Field] {
        [
            Field(
                .number, "storage", "Storage", form: form, value: "\(limits.storageBytes / gigabyte)", minimum: "0",
                unit: "GB"),
            Field(
                .number, "bandwidth", "Downloads in a month", form: form, value: "\(limits.bandwidthBytes / gigabyte)",
                minimum: "0", unit: "GB"),
            Field(.number, "segments", "Segments", form: form, value: "\(limits.segments)", minimum: "0"),
            Field(.number, "buckets", "Buckets", form: form, value: "\(limits.buckets)", minimum: "0"),
            Field(
                .number, "rate", "Requests a second", form: form, value: "\(limits.ratePerSecond)",
                hint: "Of each class: getting, putting, listing, deleting.", minimum: "0"),
        ]
    }

    func setLimits(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let project = try await foundProject(context)
        var form = context.form
        var limits = project.limits
        limits.storageBytes = Int64(form.integer("storage", "Storage", 0...1_000_000_000)) * Self.gigabyte
        limits.bandwidthBytes = Int64(form.integer("bandwidth", "Downloads", 0...1_000_000_000)) * Self.gigabyte
        limits.segments = Int64(form.integer("segments", "Segments", 0...1_000_000_000_000))
        limits.buckets = form.integer("buckets", "Buckets", 0...1_000_000)
        limits.ratePerSecond = form.integer("rate", "Requests", 0...1_000_000)
        guard form.isValid else { return try await self.project(form, visitor, context, status: .unprocessableContent) }
        let detail = """
            storage \(Scaled.bytes(limits.storageBytes ?? 0)), downloads \(Scaled.bytes(limits.bandwidthBytes ?? 0)), \
            segments \(limits.segments ?? 0), buckets \(limits.buckets ?? 0), \(limits.ratePerSecond ?? 0) requests a second
            """
        try await note("project.limits", Self.name(project), detail, visitor, context)
        try await accounts.setLimits(limits, project: project.id)
        return context.redirect(to: Self.path(project), flash: .done("The limits hold within a minute."))
    }

    func freezeProject(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let project = try await foundProject(context)
        var form = context.form
        let reason = form.text("reason", "Reason", 3...300)
        guard form.isValid else { return try await self.project(form, visitor, context, status: .unprocessableContent) }
        try await note("project.freeze", Self.name(project), reason, visitor, context)
        _ = try await accounts.freeze(.project(project.id), .operatorDecision, reason: reason)
        return context.redirect(to: Self.path(project), flash: .done("The project is frozen."))
    }

    func unfreezeProject(_ context: WebContext) async throws -> Response {
        let visitor = try await visitor(context)
        let project = try await foundProject(context)
        try await note("project.unfreeze", Self.name(project), "", visitor, context)
        _ = try await accounts.unfreeze(.project(project.id))
        return context.redirect(to: Self.path(project), flash: .done("The project may be used again."))
    }

    private static func path(_ project: Project) -> String {
        "/operator/projects/\(Hexadecimal.encode(project.publicID.bytes))"
    }

    private static func name(_ project: Project) -> String { Hexadecimal.encode(project.publicID.bytes) }

    private func foundProject(_ context: WebContext) async throws -> Project {
        guard let bytes = context.parameters.get("id").flatMap({ Hexadecimal.decode($0) }), let id = ProjectID(bytes),
            let project = try await accounts.projects().first(where: { $0.publicID == id })
        else { throw WebError.notFound }
        return project
    }
}
