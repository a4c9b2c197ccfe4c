package import Accounts
import Chores
package import ConsoleKit
import Hummingbird
import StorageModel

/// What all pages of the console do alike: say who is there, frame a page, find the project of an address, write down
/// what was done.
package struct ConsoleDesk: Sendable {
    package let parts: ConsoleParts
    package let settings: ConsoleSettings
    /// What sends the console's mail; nil when it sends none.
    var post: Cycle?

    /// Whether the console can write to people.
    var sendsMail: Bool { post != nil }
    var letters: ConsoleMail { ConsoleMail(brand: settings.brand, origin: settings.origin) }

    /// Who is signed in.
    ///
    /// - Throws: `WebError` when nobody is.
    package func visitor(_ context: WebContext) throws -> ConsoleSession {
        guard let visitor = context.visitor else { throw WebError(.unauthorized, "Sign in first.") }
        return visitor
    }

    /// The frame of a visitor's page.
    ///
    /// - Parameter membership: the project whose places are offered too; nil for pages of no project.
    package func shell(_ context: WebContext, in membership: ProjectMembership? = nil) throws -> Shell {
        let visitor = try visitor(context)
        var sections: [NavigationSection] = []
        if let membership {
            let base = "/projects/\(membership.project.address)"
            var items = [
                NavigationItem("Overview", base, icon: "overview"),
                NavigationItem("Access", "\(base)/access", icon: "share"),
                NavigationItem("Usage", "\(base)/usage", icon: "chart"),
                NavigationItem("API keys", "\(base)/keys", icon: "key"),
                NavigationItem("Members", "\(base)/members", icon: "people"),
            ]
            if !settings.gateway.isEmpty, membership.role >= .member {
                items.insert(NavigationItem("Files", "\(base)/files", icon: "bucket"), at: 1)
            }
            sections.append(NavigationSection(membership.project.name, items))
        }
        sections.append(
            NavigationSection(
                membership == nil ? nil : "You",
                [
                    NavigationItem("Projects", "/projects", icon: "bucket"),
                    NavigationItem("Billing", "/billing", icon: "wallet"),
                    NavigationItem("Account", "/account", icon: "settings"),
                ]))
        if visitor.isOperator {
            sections.append(NavigationSection("Satellite", [NavigationItem("Back office", "/operator", icon: "satellite")]))
        }
        return Shell(
            brand: settings.brand, home: "/projects", sections: sections,
            account: Account(name: visitor.user.email, path: "/account", signOut: "/sign-out"),
            footer: "Satellite \(parts.satellite)")
    }

    /// The project of an address, if the visitor is in it and may do what is asked.
    ///
    /// - Throws: `WebError.notFound` for strangers: what is not theirs does not exist for them; `.forbidden` for members
    ///   who may not.
    package func membership(_ context: WebContext, atLeast role: ProjectRole = .viewer) async throws -> ProjectMembership {
        let visitor = try visitor(context)
        guard let text = context.parameters.get("id"), let bytes = Hexadecimal.decode(text), let id = ProjectID(bytes),
            let membership = try await parts.accounts.membership(of: visitor.user.id, in: id)
        else { throw WebError.notFound }
        guard membership.role >= role else {
            throw WebError(.forbidden, "A \(membership.role.name) of this project may not do that; ask its owner.")
        }
        return membership
    }

    /// Who is on a page of billing: it bills the account, for all its projects.
    func billingVisitor(_ context: WebContext) async throws -> BillingVisitor {
        let visitor = try visitor(context)
        let owned = try await parts.accounts.memberships(of: visitor.user.id).filter { $0.role == .owner }
        return BillingVisitor(
            user: visitor.user.id, shell: try shell(context),
            projects: Dictionary(
                owned.map { ($0.project.publicID.storage, $0.project.name) }, uniquingKeysWith: { first, _ in first }))
    }

    /// Mails an account a link; nothing when the console sends no mail, or there was one a moment ago.
    func mail(_ proof: MailProof, to user: User) async throws {
        guard sendsMail else { return }
        let letters = letters
        try await parts.accounts.mail(proof, to: user) { secret in
            switch proof {
            case .address: letters.confirmation(of: user, secret)
            case .password: letters.newPassword(for: user, secret)
            }
        }
        mailIsWaiting()
    }

    /// Sends what waits soon.
    func mailIsWaiting() { post?.trigger() }

    /// Refuses who has not confirmed his address, where that is asked for.
    ///
    /// - Throws: `WebError.forbidden`; `DatabaseError`.
    func demandConfirmedAddress(_ context: WebContext) async throws {
        guard settings.demandsConfirmedAddress, sendsMail else { return }
        let user = try visitor(context).user
        guard try await !parts.accounts.signInState(of: user.id).isAddressConfirmed else { return }
        throw WebError(
            .forbidden, "Confirm your address first: a link was mailed to \(user.email). The page of your account sends it again.")
    }

    /// Writes down what the visitor did.
    package func note(_ action: String, _ subject: String, _ context: WebContext) async throws {
        try await note(action, subject, "", context)
    }

    /// Writes down what the visitor did, with more about it.
    package func note(_ action: String, _ subject: String, _ detail: String, _ context: WebContext) async throws {
        try await parts.accounts.note(
            action, subject: subject, detail: detail, by: context.visitor?.user, from: context.remoteAddress)
    }
}

extension Project {
    /// The project in addresses of pages: 32 hexadecimal digits that tell nothing.
    package var address: String { Hexadecimal.encode(publicID.bytes) }
}
