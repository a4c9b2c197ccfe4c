package import Chores
package import ConsoleKit
package import DRPC
import Hummingbird
package import Logging
import ServiceLifecycle
package import StorageModel
package import StorageNode

/// The farmer's web app of a node: how it is, what it earns, what it is told to do.
///
/// Composition only: each page is a file with its route, its view model and the name of its template.
package struct StorjShare: Service, Sendable {
    let node: StorageNode
    let settings: StorjShareSettings
    let clock: WallClock
    let random: RandomSource
    let logger: Logger
    let bound: @Sendable (_ port: Int) -> Void
    let desk: NodeDesk
    let market: MarketDesk?
    let alerts: AlertKeeper?
    private let sleeper: Sleeper

    /// The app over a node.
    ///
    /// - Parameters:
    ///   - alerts: keeps what is told to the farmer; nil tells nothing.
    ///   - dialer: how satellites are asked for their markets; nil asks none.
    ///   - bound: told the port once the app listens.
    package init(
        node: StorageNode, settings: StorjShareSettings, alerts book: AlertBook? = nil, dialer: (any RPCDialer)? = nil, clock: WallClock,
        sleeper: Sleeper = .system, random: RandomSource, logger: Logger,
        bound: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.node = node
        self.settings = settings
        self.clock = clock
        self.random = random
        self.logger = logger
        self.bound = bound
        let desk = NodeDesk(node: node, clock: clock)
        self.desk = desk
        self.sleeper = sleeper
        alerts = book.map { book in
            AlertKeeper(
                book: book, node: node.id, ways: settings.alerts.senders(random: random, sleeper: sleeper), clock: clock,
                logger: logger
            ) { HealthJudge.findings(of: try await desk.snapshot()) }
        }
        market = dialer.map { MarketDesk(node: node, dialer: $0, clock: clock, sleeper: sleeper, logger: logger) }
    }

    /// The look at the node that alerts come from; it goes on without the app too. Nil without a book of alerts.
    package var alertChore: Cycle? {
        alerts.map { keeper in
            Cycle(
                name: "alerts", interval: AlertKeeper.interval, sleeper: sleeper, clock: clock, logger: logger,
                work: { try await keeper.run() })
        }
    }

    /// Listens until graceful shutdown or cancellation. A node serves also without its app: what keeps the app from
    /// opening is logged.
    package func run() async throws {
        do {
            if let problem = settings.problem { throw StorjShareError.settings(problem) }
            try await makeApp().run()
        } catch {
            logger.error(
                "the node has no web app, its app.address cannot be used",
                metadata: ["address": "\(settings.host):\(settings.port)", "error": "\(error)"])
            try await gracefulShutdown()
        }
    }

    /// The app; tests ask it without a socket.
    ///
    /// - Throws: `WebResourceError` for a template that cannot be used.
    package func makeApp() throws -> WebApp {
        let frame = ShareFrame(
            name: "storj-share", settings: settings, clock: clock, random: random, logger: logger, bound: bound)
        return try frame.makeApp(refusal: Self.refusal, pages: addPages)
    }
}

/// Why the app does not open.
package enum StorjShareError: Error, Hashable, CustomStringConvertible {
    /// The settings do not allow it.
    case settings(String)

    package var description: String {
        switch self {
        case .settings(let problem): problem
        }
    }
}
