import ConsoleKit
import Hummingbird
import Logging
import StorageModel

/// What the farmer's apps (a node's, a farm's, the wizard) have in common: they listen where the settings say, and all but
/// the sign-in stands behind the token, when there is one.
struct ShareFrame {
    static let brand = "StorjShare"

    /// Names the app to cookies and logs.
    let name: String
    let settings: StorjShareSettings
    let clock: WallClock
    let random: RandomSource
    let logger: Logger
    let bound: @Sendable (_ port: Int) -> Void

    /// Whether people sign in.
    var asksForToken: Bool { !settings.token.isEmpty }

    /// The app around its pages.
    ///
    /// - Throws: `WebResourceError` for a template that cannot be used.
    func makeApp(
        refusal: @escaping @Sendable (any Error) -> WebError? = { _ in nil }, pages: (RouterGroup<WebContext>) -> Void
    ) throws -> WebApp {
        var web = WebSettings(port: settings.port)
        web.host = settings.host
        web.publicURL = settings.publicURL.isEmpty ? nil : settings.publicURL
        let sessions = TokenSessions(
            token: settings.token, lifetime: settings.sessionLifetime, random: random, logger: logger)
        return try WebApp(
            name: name, brand: Self.brand, settings: web, resources: [.storjShare], sessions: sessions, clock: clock,
            random: random, logger: logger, bound: bound, refusal: refusal
        ) { router in
            SignInPage(sessions: sessions, name: Self.brand).add(to: router)
            pages(router.group().add(middleware: SignInGuard(isNeeded: asksForToken)))
        }
    }
}
