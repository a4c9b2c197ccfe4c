import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle
import StorageModel
package import StorageNode

/// The farmer's door to a node: how it is, and what it is told to do, as JSON over HTTP.
///
/// | Request | Answer |
/// |---|---|
/// | `GET /health` | that the node runs; needs no token |
/// | `GET /status` | everything at a glance |
/// | `POST /drain`, `POST /undrain` | no new pieces, or new pieces again; the status |
/// | `GET /scrub`, `POST /scrub/start`, `POST /scrub/pause` | the reading of all that is stored; `{rate}` in bytes a second |
/// | `GET /exits`, `POST /exits` | satellites that are being left; a new one `{satellite}` |
/// | `GET /trash`, `POST /trash/restore` | what waits to be deleted; all of it, or `{satellite}`'s, back |
/// | `GET /chores` | the recurring work |
package struct NodeAPI: Service, Sendable {
    let settings: NodeAPISettings
    let node: StorageNode
    let logger: Logger

    /// The API over a node.
    package init(settings: NodeAPISettings, node: StorageNode, logger: Logger) {
        self.settings = settings
        self.node = node
        self.logger = logger
    }

    /// Listens until graceful shutdown or cancellation.
    package func run() async throws {
        var configuration = ApplicationConfiguration(address: .hostname(settings.host, port: settings.port))
        configuration.serverName = "storj-node"
        let milliseconds = settings.idleTimeout / .milliseconds(1)
        // The server announces itself at a level of its own; what it says is of no use to a farmer.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            router: router(),
            server: .http1(configuration: .init(idleTimeout: .milliseconds(Int64(milliseconds)))),
            configuration: configuration, logger: quiet)
        do { try await application.run() } catch {
            // A node serves also without its farmer's door.
            logger.error(
                "the node cannot be asked or told anything, its admin.address cannot be used",
                metadata: ["address": "\(settings.host):\(settings.port)", "error": "\(error)"])
            try await gracefulShutdown()
        }
    }

    /// All routes; everything but `/health` stands behind the token.
    func router() -> Router<NodeAPIContext> {
        let router = Router(context: NodeAPIContext.self)
        router.add(middleware: NodeAPIErrors(logger: logger))
        router.get("health") { _, _ in Answer(["status": "ok"]) }
        let group = router.group().add(middleware: NodeAPIToken(token: settings.token))
        addStatus(to: group)
        addScrub(to: group)
        addExits(to: group)
        addTrash(to: group)
        return router
    }
}
