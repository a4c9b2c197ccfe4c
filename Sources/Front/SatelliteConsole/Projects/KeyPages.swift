import Accounts
import ConsoleKit
import Hummingbird
import Macaroons
import StorageModel

/// The API keys of a project.
struct KeyPages: Sendable {
    let desk: ConsoleDesk
    private static let maximumKeys = 200

    func add(to router: some RouterMethods<WebContext>) {
        router.get("projects/:id/keys") { _, context in try await list(context) }
        router.post("projects/:id/keys") { _, context in try await create(context) }
        router.post("projects/:id/keys/:key/delete") { _, context in try await delete(context) }
        // For the script that makes accesses: the key comes to the browser, the passphrase never leaves it.
        router.post("projects/:id/keys.json") { _, context in try await createForScript(context) }
    }

    private func list(_ context: WebContext, form: Form = Form(), status: HTTPResponse.Status = .ok) async throws -> Response {
        let membership = try await desk.membership(context)
        let base = "/projects/\(membership.project.address)/keys"
        let keys = try await desk.parts.accounts.apiKeys(project: membership.project.id)
        return try context.page(
            "console-keys", title: "API keys", shell: desk.shell(context, in: membership),
            model: KeysPage(
                head: PageHead(
                    "API keys", lede: "A key opens the project at the satellite. It decrypts nothing: an access has the passphrase's key besides."),
                errors: form.errors, action: base, mayChange: membership.role >= .member,
                rows: keys.map { KeyRow(name: $0.name, since: .time($0.createdAt), path: "\(base)/\(Hexadecimal.encode($0.id.bytes))/delete") },
                hasRows: !keys.isEmpty, empty: keys.isEmpty ? EmptyState("No keys yet", "Making an access makes one too.") : nil,
                fields: [Field(.text, "name", "Name of a new key", form: form)]), status: status)
    }

    private func create(_ context: WebContext) async throws -> Response {
        let membership = try await desk.membership(context, atLeast: .member)
        var form = context.form
        let name = form.text("name", "Name", 1...100)
        guard form.isValid else { return try await list(context, form: form, status: .unprocessableContent) }
        do {
            let key = try await key(name, membership, context)
            return try context.page(
                "console-key", title: "New API key", shell: desk.shell(context, in: membership),
                model: KeyPage(
                    head: PageHead("New API key", back: Link("API keys", "/projects/\(membership.project.address)/keys")),
                    name: name, key: key), styles: ["console.css"])
        } catch let error as AccountsError where error.code == .alreadyExists || error.code == .invalid {
            form.refuse("name", error.code == .invalid ? error.message : "There is a key of this name already.")
            return try await list(context, form: form, status: .unprocessableContent)
        }
    }

    private func createForScript(_ context: WebContext) async throws -> Response {
        let membership = try await desk.membership(context, atLeast: .member)
        var form = context.form
        let name: String
        if form["purpose"] == "browser" {
            name = try await browserKeyName(membership, context)
        } else {
            name = form.text("name", "Name", 1...100)
            guard form.isValid else { throw WebError(.unprocessableContent, form.errors.first?.message ?? "") }
        }
        let key = try await key(name, membership, context)
        return try context.json(
            ScriptKey(apiKey: key, salt: Hexadecimal.encode(membership.project.salt), satellite: desk.parts.satellite))
    }

    /// The name for the key of a visitor's page of files, whose access ends within a day: his older ones are deleted.
    private func browserKeyName(_ membership: ProjectMembership, _ context: WebContext) async throws -> String {
        let accounts = desk.parts.accounts
        let now = desk.parts.clock.now()
        let prefix = "Files in the browser of \(try desk.visitor(context).user.email), "
        for key in try await accounts.apiKeys(project: membership.project.id)
        where key.name.hasPrefix(prefix) && now.duration(since: key.createdAt) > .seconds(86_400) {
            try await accounts.deleteAPIKey(key.id)
        }
        return prefix + Hexadecimal.encode(desk.parts.random.bytes(count: 4))
    }

    private func key(_ name: String, _ membership: ProjectMembership, _ context: WebContext) async throws -> String {
        guard try await desk.parts.accounts.apiKeys(project: membership.project.id).count < Self.maximumKeys else {
            throw WebError(.conflict, "A project has at most \(Self.maximumKeys) API keys: delete some first.")
        }
        let made = try await desk.parts.accounts.createAPIKey(project: membership.project.id, name: name)
        try await desk.note("key.create", membership.project.address, name, context)
        return made.key.text
    }

    private func delete(_ context: WebContext) async throws -> Response {
        let membership = try await desk.membership(context, atLeast: .member)
        let keys = try await desk.parts.accounts.apiKeys(project: membership.project.id)
        let id = context.parameters.get("key") ?? ""
        // Only a key of this very project: another's id in the address finds nothing.
        guard let key = keys.first(where: { Hexadecimal.encode($0.id.bytes) == id }) else { throw WebError.notFound }
        try await desk.parts.accounts.deleteAPIKey(key.id)
        try await desk.note("key.delete", membership.project.address, key.name, context)
        return context.redirect(
            to: "/projects/\(membership.project.address)/keys",
            flash: .done("The key is gone; what was made with it opens nothing any more."))
    }
}

private struct KeyRow: Sendable {
    let name: String
    let since: Figure
    let path: String
}

private struct KeysPage: Sendable {
    let head: PageHead
    let errors: [FormError]
    let action: String
    let mayChange: Bool
    let rows: [KeyRow]
    let hasRows: Bool
    let empty: EmptyState?
    let fields: [Field]
}

private struct KeyPage: Sendable {
    let head: PageHead
    let name: String
    let key: String
}

/// What a script needs to make an access.
private struct ScriptKey: Encodable {
    let apiKey: String
    /// 32 hexadecimal digits, mixed into keys that come from a passphrase.
    let salt: String
    let satellite: String
}
