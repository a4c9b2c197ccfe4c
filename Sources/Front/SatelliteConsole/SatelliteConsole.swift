import Accounts
import Chores
package import ConsoleKit
package import Hummingbird
package import MailDoor
import ServiceLifecycle
import StorageModel

/// The satellite's pages: for customers, and for those who run it.
package struct SatelliteConsole: Service {
    private let app: WebApp
    /// Sends mail; nil when the console sends none.
    private let post: Cycle?

    /// - Parameters:
    ///   - bound: told the port once the pages are served.
    ///   - sending: hands a mail to a server; nil for the one that the settings name.
    /// - Throws: `WebResourceError` for a template or asset that cannot be used.
    package init(
        parts: ConsoleParts, settings: ConsoleSettings, bound: @escaping @Sendable (_ port: Int) -> Void = { _ in },
        sending: (@Sendable (MailMessage) async throws -> Void)? = nil
    ) throws {
        var settings = settings
        if !settings.gateway.isEmpty {
            settings.web.connectSources.append(settings.gateway)
            settings.web.imageSources.append(settings.gateway)
        }
        if !settings.links.isEmpty {
            settings.web.connectSources.append(settings.links)
            settings.web.imageSources.append(settings.links)
        }
        post = (sending ?? Self.sending(settings, parts)).map { Postman(parts: parts, send: $0).cycle() }
        var parts = parts
        if let post { parts.chores.append(post) }
        let desk = ConsoleDesk(parts: parts, settings: settings, post: post)
        app = try WebApp(
            name: "storj-console", brand: settings.brand, settings: settings.web, resources: [.console, .billing, .backOffice],
            sessions: AccountSessions(accounts: parts.accounts), clock: parts.clock, random: parts.random,
            logger: parts.logger, bound: bound, refusal: Self.refusal
        ) { [parts] router in
            router.get("/") { _, context in context.redirect(to: context.visitor == nil ? "/sign-in" : "/projects") }
            SignInPages(desk: desk).add(to: router)
            MailProofPages(desk: desk).add(to: router)
            let inside = router.group().add(middleware: SignedInOnly(isForOperators: false))
            AccountPages(desk: desk).add(to: inside)
            ProjectPages(desk: desk).add(to: inside)
            UsagePages(desk: desk).add(to: inside)
            KeyPages(desk: desk).add(to: inside)
            AccessPages(desk: desk).add(to: inside)
            FilesPages(desk: desk).add(to: inside)
            MemberPages(desk: desk).add(to: inside)
            BillingPages(
                billing: parts.billing, random: parts.random, origin: settings.origin,
                visitor: { try await desk.billingVisitor($0) }
            ).add(to: inside)
            Self.backOffice(parts, desk).add(to: router.group().add(middleware: SignedInOnly(isForOperators: true)))
        }
    }

    private static func sending(_ settings: ConsoleSettings, _ parts: ConsoleParts) -> Postman.Sending? {
        guard let mail = settings.mail else { return nil }
        let client = SMTPClient(mail, sleeper: parts.sleeper)
        return { try await client.send($0, at: parts.clock.now().seconds, random: parts.random) }
    }

    private static func backOffice(_ parts: ConsoleParts, _ desk: ConsoleDesk) -> BackOffice {
        BackOffice(
            accounts: parts.accounts, accounting: parts.accounting, overlay: parts.overlay, upkeep: parts.upkeep,
            market: parts.market, billing: parts.billing, admin: parts.admin, chores: parts.chores
        ) { context in
            let visitor = try desk.visitor(context)
            // The routes' middleware has asked already; whoever moves the routes shall not open the door.
            guard visitor.isOperator else { throw WebError.notFound }
            return BackOfficeVisitor(user: visitor.user, shell: try desk.shell(context))
        }
    }

    /// Serves until graceful shutdown.
    package func run() async throws {
        guard let post else { return try await app.run() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            group.addTask { try await post.run() }
            defer { group.cancelAll() }
            try await group.next()
            try await group.next()
        }
    }

    /// Sends what waits, for tests.
    package func sendMail() async throws { try await post?.triggerAndWait() }

    /// Answers one request without a socket.
    package func answer(_ request: Request, context: WebContext) async throws -> Response {
        try await app.answer(request, context: context)
    }

    /// What visitors are told of the rooms' errors.
    private static func refusal(_ error: any Error) -> WebError? {
        guard let error = error as? AccountsError else { return BillingPages.refusal(error) }
        return switch error.code {
        case .notFound: WebError(.notFound, "That does not exist, or no longer.")
        case .alreadyExists: WebError(.conflict, error.message)
        case .invalid: WebError(.unprocessableContent, error.message)
        case .busy: WebError.busy
        }
    }
}
