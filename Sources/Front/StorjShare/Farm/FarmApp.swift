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
        var web = WebSettings(port: settings.port)
        web.host = settings.host
        web.publicURL = settings.publicURL.isEmpty ? nil : settings.publicURL
        let sessions = TokenSessions(
            token: settings.token, lifetime: settings.sessionLifetime, random: random, logger: logger)
        return try WebApp(
            name: "storj-farm", brand: "StorjShare", settings: web, resources: [.storjShare], sessions: sessions, clock: clock,
            random: random, logger: logger, bound: bound
        ) { router in
            SignInPage(sessions: sessions, name: "StorjShare").add(to: router)
            let pages = router.group().add(middleware: SignInGuard(isNeeded: !settings.token.isEmpty))
            let hasToken = !settings.token.isEmpty
            FarmPages(
                members: settings.farm, clock: clock,
                shell: { _ in
                    Shell(
                        brand: "StorjShare", items: [NavigationItem("Farm", "/", icon: "nodes")],
                        account: hasToken ? Account(name: "Farmer", signOut: "/sign-out") : nil)
                }, path: "/"
            ).add(to: pages)
        }
    }
}
