import HTTPDoor
package import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// A server's door for those who run it: JSON over plain HTTP, for holders of a token.
///
/// A room that has such a door adds its routes to `routes`, and runs it:
///
///     let door = OperatorDoor(name: "storj-node", settings: settings, logger: logger) { error in … }
///     let router = door.router { group in group.get("status") { _, _ in Answer(status) } }
///     try await door.run(router)
package struct OperatorDoor: Sendable {
    /// What the server calls itself in its answers.
    private let name: String
    private let settings: OperatorDoorSettings
    private let logger: Logger
    private let refusal: @Sendable (any Error) -> HTTPError?
    private let bound: @Sendable (_ port: Int) -> Void

    /// A door.
    ///
    /// - Parameters:
    ///   - bound: told the port once the door is open; it differs from the settings' when that is 0.
    ///   - refusal: what is answered to a room's error; nil for one that nobody foresaw, which is logged and not told.
    package init(
        name: String, settings: OperatorDoorSettings, logger: Logger,
        bound: @escaping @Sendable (_ port: Int) -> Void = { _ in },
        refusal: @escaping @Sendable (any Error) -> HTTPError?
    ) {
        self.name = name
        self.settings = settings
        self.logger = logger
        self.bound = bound
        self.refusal = refusal
    }

    /// All routes: `/health`, which needs no token, and those of a room, which do.
    package func router(_ add: (RouterGroup<DoorContext>) -> Void) -> Router<DoorContext> {
        let router = Router(context: DoorContext.self)
        router.add(middleware: DoorErrors(logger: logger, refusal: refusal))
        router.get("health") { _, _ in Answer(["status": "ok"]) }
        add(router.group().add(middleware: DoorToken(token: settings.token)))
        return router
    }

    /// Listens until graceful shutdown or cancellation.
    ///
    /// - Throws: when the address cannot be used.
    package func run(_ router: Router<DoorContext>) async throws {
        var configuration = ApplicationConfiguration(address: .hostname(settings.host, port: settings.port))
        configuration.serverName = name
        // The server announces itself at a level of its own; what it says is of no use to an operator.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            router: router,
            server: .guarded(idleTime: settings.idleTimeout),
            configuration: configuration,
            onServerRunning: { [bound] channel in
                if let port = channel.localAddress?.port { bound(port) }
            }, logger: quiet)
        try await application.run()
    }
}
