import Accounts
import ConsoleKit
import Hummingbird
import StorageModel

/// Who is in a project, who was asked, and the page that an invitation leads to.
struct MemberPages: Sendable {
    let desk: ConsoleDesk
    private static let roles: [ProjectRole] = [.viewer, .member, .admin]
    private static let choices = [
        Field.Choice("viewer", "Viewer: looks"), Field.Choice("member", "Member: keys and buckets"),
        Field.Choice("admin", "Admin: members and settings too"),
    ]

    func add(to router: some RouterMethods<WebContext>) {
        router.get("projects/:id/members") { _, context in try await list(context) }
        router.post("projects/:id/members") { _, context in try await invite(context) }
        router.post("projects/:id/members/:user/role") { _, context in try await setRole(context) }
        router.post("projects/:id/members/:user/remove") { _, context in try await remove(context) }
        router.post("projects/:id/invitations/withdraw") { _, context in try await withdraw(context) }
        router.get("invitations/:secret") { _, context in try await invitation(context) }
        router.post("invitations/:secret") { _, context in try await accept(context) }
    }

    private func list(
        _ context: WebContext, form: Form = Form(), link: String? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let membership = try await desk.membership(context)
        let base = "/projects/\(membership.project.address)"
        let mayChange = membership.role >= .admin
        let members = try await desk.parts.accounts.members(of: membership.project.id)
        let invitations = mayChange ? try await desk.parts.accounts.invitations(to: membership.project.id) : []
        return try context.page(
            "console-members", title: "Members", shell: desk.shell(context, in: membership),
            model: MembersPage(
                head: PageHead("Members", lede: "Members share the project, not its passphrase: give that another way."),
                errors: form.errors, action: "\(base)/members", link: link, isMailed: desk.sendsMail, mayChange: mayChange,
                rows: members.map { MemberRow($0, base: base, mayChange: mayChange) },
                invitations: invitations.map {
                    InvitationRow(email: $0.email, role: $0.role.name, ends: .ago($0.expiresAt, now: context.now), path: "\(base)/invitations/withdraw")
                }, hasInvitations: !invitations.isEmpty,
                fields: [
                    Field(.email, "email", "E-mail", form: form, autocomplete: "off"),
                    Field(.select(Self.choices), "role", "May", form: form, value: "member"),
                ]), status: status, styles: ["console.css"])
    }

    private func invite(_ context: WebContext) async throws -> Response {
        let membership = try await desk.membership(context, atLeast: .admin)
        let visitor = try desk.visitor(context)
        var form = context.form
        let email = form.text("email", "E-mail", 3...254)
        let role = ProjectRole(name: form.choice("role", "May", Self.roles.map(\.name))) ?? .viewer
        guard form.isValid else { return try await list(context, form: form, status: .unprocessableContent) }
        do {
            let letters = desk.letters
            let mail: @Sendable (String, Project) -> OutgoingMail = { secret, project in
                letters.invitation(email, secret, to: project, as: role, by: visitor.user)
            }
            let secret = try await desk.parts.accounts.invite(
                email, as: role, to: membership.project.id, by: visitor.user.id, mail: desk.sendsMail ? mail : nil)
            desk.mailIsWaiting()
            try await desk.note("member.invite", membership.project.address, "\(email) as \(role.name)", context)
            return try await list(context, link: "\(desk.settings.origin)/invitations/\(secret)")
        } catch let error as AccountsError where error.code == .alreadyExists || error.code == .invalid {
            form.refuse("email", error.message)
            return try await list(context, form: form, status: .unprocessableContent)
        }
    }

    private func setRole(_ context: WebContext) async throws -> Response {
        let membership = try await desk.membership(context, atLeast: .admin)
        var form = context.form
        guard let role = ProjectRole(name: form.choice("role", "May", Self.roles.map(\.name))), form.isValid else {
            throw WebError(.unprocessableContent, "Choose one of the roles offered.")
        }
        let user = try user(context)
        try await desk.parts.accounts.setRole(role, of: user, in: membership.project.id)
        try await desk.note("member.role", membership.project.address, "\(user) \(role.name)", context)
        return context.redirect(to: "/projects/\(membership.project.address)/members", flash: .done("Changed."))
    }

    private func remove(_ context: WebContext) async throws -> Response {
        let user = try user(context)
        let isSelf = try desk.visitor(context).user.id == user
        // Everybody may leave.
        let membership = try await desk.membership(context, atLeast: isSelf ? .viewer : .admin)
        try await desk.parts.accounts.removeMember(user, from: membership.project.id)
        try await desk.note("member.remove", membership.project.address, "\(user)", context)
        return context.redirect(
            to: isSelf ? "/projects" : "/projects/\(membership.project.address)/members", flash: .done("Removed."))
    }

    private func withdraw(_ context: WebContext) async throws -> Response {
        let membership = try await desk.membership(context, atLeast: .admin)
        let email = context.form["email"] ?? ""
        try await desk.parts.accounts.withdraw(invitationOf: email, to: membership.project.id)
        try await desk.note("member.withdraw", membership.project.address, email, context)
        return context.redirect(to: "/projects/\(membership.project.address)/members", flash: .done("Taken back."))
    }

    private func user(_ context: WebContext) throws -> UserID {
        guard let bytes = Hexadecimal.decode(context.parameters.get("user") ?? ""), let id = UserID(bytes) else {
            throw WebError.notFound
        }
        return id
    }

    // MARK: Invitations

    private func invitation(_ context: WebContext) async throws -> Response {
        let secret = context.parameters.get("secret") ?? ""
        guard let found = try await desk.parts.accounts.invitation(secret) else {
            throw WebError(.notFound, "This invitation is over, or was taken already.")
        }
        return try context.page(
            "console-invitation", title: "Invitation", shell: desk.shell(context),
            model: InvitationPage(
                head: PageHead("Join \(found.project.name)"), by: found.invitedBy.email, role: found.role.name,
                email: found.email, action: "/invitations/\(secret)"))
    }

    private func accept(_ context: WebContext) async throws -> Response {
        let visitor = try desk.visitor(context)
        let taken = try await desk.parts.accounts.accept(context.parameters.get("secret") ?? "", as: visitor.user)
        try await desk.note("member.join", taken.project.address, taken.role.name, context)
        return context.redirect(to: "/projects/\(taken.project.address)", flash: .done("You are in."))
    }
}

private struct MemberRow: Sendable {
    let name: String
    let email: String
    let role: String
    let since: Figure
    let isChangeable: Bool
    let rolePath: String
    let removePath: String
    let choices: [RoleChoice]

    struct RoleChoice: Sendable {
        let value: String
        let isChosen: Bool
    }

    init(_ member: ProjectMember, base: String, mayChange: Bool) {
        let path = "\(base)/members/\(Hexadecimal.encode(member.user.id.bytes))"
        name = member.user.name
        email = member.user.email
        role = member.role.name
        since = .day(member.since)
        isChangeable = mayChange && member.role != .owner
        rolePath = "\(path)/role"
        removePath = "\(path)/remove"
        choices = ["viewer", "member", "admin"].map { RoleChoice(value: $0, isChosen: $0 == member.role.name) }
    }
}

private struct InvitationRow: Sendable {
    let email: String
    let role: String
    let ends: Figure
    let path: String
}

private struct MembersPage: Sendable {
    let head: PageHead
    let errors: [FormError]
    let action: String
    let link: String?
    let isMailed: Bool
    let mayChange: Bool
    let rows: [MemberRow]
    let invitations: [InvitationRow]
    let hasInvitations: Bool
    let fields: [Field]
}

private struct InvitationPage: Sendable {
    let head: PageHead
    let by: String
    let role: String
    let email: String
    let action: String
}
