package import Accounting
package import Accounts
package import Chores
import Hummingbird
package import Logging
import NIOCore
package import Overlay
import ServiceLifecycle

/// The operator's door to a satellite: nodes, projects, keys and chores, as JSON over HTTP.
///
/// | Request | Answer |
/// |---|---|
/// | `GET /health` | that the satellite runs; needs no token |
/// | `GET /nodes` | what the overlay knows of every node |
/// | `GET /projects`, `POST /projects` | all projects; a new one `{email, name}` |
/// | `GET /projects/ID/usage` | what it stores and moved this month, and its limits |
/// | `POST /projects/ID/keys` | a new API key `{name}`, shown this once |
/// | `GET /chores` | the recurring work |
/// | `POST /chores/NAME/trigger`, `/pause`, `/resume` | runs it once and waits; stops or continues its recurrence |
package struct AdminAPI: Service, Sendable {
    let settings: AdminSettings
    let accounts: Accounts
    let accounting: Accounting
    let overlay: Overlay
    let chores: [Cycle]
    let logger: Logger

    /// The API over a satellite's rooms.
    package init(
        settings: AdminSettings, accounts: Accounts, accounting: Accounting, overlay: Overlay, chores: [Cycle],
        logger: Logger
    ) {
        self.settings = settings
        self.accounts = accounts
        self.accounting = accounting
        self.overlay = overlay
        self.chores = chores
        self.logger = logger
    }

    /// Listens until graceful shutdown or cancellation.
    package func run() async throws {
        var configuration = ApplicationConfiguration(address: .hostname(settings.host, port: settings.port))
        configuration.serverName = "storj-admin"
        let milliseconds = settings.idleTimeout / .milliseconds(1)
        // The server announces itself at a level of its own; what it says is of no use to an operator.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            router: router(),
            server: .http1(configuration: .init(idleTimeout: .milliseconds(Int64(milliseconds)))),
            configuration: configuration, logger: quiet)
        try await application.run()
    }

    /// All routes; everything but `/health` stands behind the token.
    func router() -> Router<AdminContext> {
        let router = Router(context: AdminContext.self)
        router.add(middleware: AdminErrors(logger: logger))
        router.get("health") { _, _ in HealthAnswer(status: "ok") }
        let group = router.group().add(middleware: AdminToken(token: settings.token))
        addNodes(to: group)
        addProjects(to: group)
        addChores(to: group)
        return router
    }
}
