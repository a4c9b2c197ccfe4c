package import ConsoleKit
import Contracts
import DRPC
import Ethereum
import HTTPTypes
import Hummingbird
import Identity
package import Logging
import ServiceLifecycle
package import StorageModel
import StorageNode

/// The first run of a node in the browser: identity, place, satellites, price. It is over when the settings are written.
package final class SetupWizard: Service, Sendable {
    /// How long the last page has to reach the browser.
    private static let farewell = Duration.seconds(1)

    let settings: StorjShareSettings
    let hooks: SetupHooks
    let clock: WallClock
    let random: RandomSource
    let logger: Logger
    let state = SetupState()
    private let bound: @Sendable (_ port: Int) -> Void
    private let ended: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    /// A wizard for the folder of the hooks.
    package init(
        settings: StorjShareSettings, hooks: SetupHooks, clock: WallClock, random: RandomSource, logger: Logger,
        bound: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.settings = settings
        self.hooks = hooks
        self.clock = clock
        self.random = random
        self.logger = logger
        self.bound = bound
        (ended, end) = AsyncStream.makeStream()
    }

    /// Serves until the node is set up, graceful shutdown or cancellation.
    ///
    /// - Returns: whether the node is set up.
    /// - Throws: `StorjShareError` for settings that are not safe, or when the address cannot be used.
    package func serve() async throws -> Bool {
        if let problem = settings.problem { throw StorjShareError.settings(problem) }
        let app = try makeApp()
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await app.run()
                return false
            }
            group.addTask { [ended] in
                for await _ in ended.cancelOnGracefulShutdown() {
                    try await Task.sleep(for: Self.farewell)
                    return true
                }
                return false
            }
            let isSetUp = try await group.next() ?? false
            group.cancelAll()
            // The server ends because it was told to: how it says so does not matter.
            while await group.nextResult() != nil {}
            return isSetUp
        }
    }

    package func run() async throws { _ = try await serve() }

    /// The app; tests ask it without a socket.
    package func makeApp() throws -> WebApp {
        let frame = ShareFrame(
            name: "storj-setup", settings: settings, clock: clock, random: random, logger: logger, bound: bound)
        return try frame.makeApp { pages in
            pages.get("/") { _, context in context.redirect(to: "/setup") }
            addIdentity(to: pages)
            addPlace(to: pages)
            addSatellites(to: pages)
            addPrice(to: pages)
            addStart(to: pages)
        }
    }

    /// The node is set up: the wizard may go.
    func finish() { end.yield() }

    func show(_ page: SetupPage, _ context: WebContext, _ status: HTTPResponse.Status = .ok) throws -> Response {
        try context.page(
            "share-setup", title: page.title, shell: .plain(brand: ShareFrame.brand), model: page, status: status,
            scripts: page.isPrice ? ["share-prices.js"] : ["share-setup.js"], styles: ["share.css"])
    }

    /// Speaks as the node that is being set up.
    func probe() throws -> SetupProbe {
        guard let identity = try hooks.identity() else { throw WebError(.conflict, "The node needs its identity first.") }
        return SetupProbe(identity: identity, eventLoops: hooks.eventLoops, clock: clock, logger: logger)
    }
}
