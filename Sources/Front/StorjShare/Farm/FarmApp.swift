package import ConsoleKit
import Hummingbird
package import Logging
import ServiceLifecycle
package import StorageModel

/// A farm's view without a node of its own: on the farmer's own machine, for instance.
package struct FarmApp: Service, Sendable {
    let settings: StorjShareSettings
    let clock: WallClock
    let random: RandomSource
    let logger: Logger
    let bound: @Sendable (_ port: Int) -> Void

    /// The app over the members in the settings.
    package init(
        settings: StorjShareSettings, clock: WallClock, random: RandomSource, logger: Logger,
        bound: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.settings = settings
        self.clock = clock
        self.random = random
        self.logger = logger
        self.bound = bound
    }

    /// Listens until graceful shutdown or cancellation.
    ///
    /// - Throws: `StorjShareError` for settings that are not safe, or when the address cannot be used.
    package func run() async throws {
        if let problem = settings.problem { throw StorjShareError.settings(problem) }
        try await makeApp().run()
    }

    /// The app; tests ask it without a socket.
    package func makeApp() throws -> WebApp {
        let frame = ShareFrame(
            name: "storj-farm", settings: settings, clock: clock, random: random, logger: logger, bound: bound)
        let shell = Shell(
            brand: ShareFrame.brand, items: [NavigationItem("Farm", "/", icon: "nodes")],
            account: frame.asksForToken ? Account(name: "Farmer", signOut: "/sign-out") : nil)
        return try frame.makeApp { pages in
            FarmPages(members: settings.farm, clock: clock, shell: { _ in shell }, path: "/").add(to: pages)
        }
    }
}
