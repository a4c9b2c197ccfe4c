import HTTPDoor
package import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
package import StorageModel

/// A web app of ours: its pages behind one door, with all that pages have in common.
package struct WebApp: Service {
    private let name: String
    private let settings: WebSettings
    private let bound: @Sendable (_ port: Int) -> Void
    private let logger: Logger
    /// Answers requests; a test asks it without a socket.
    private let responder: WebResponder

    /// - Parameters:
    ///   - name: of the server in its answers and its cookies: letters and hyphens.
    ///   - brand: as visitors read it.
    ///   - bound: told the port once the door is open; it differs from the settings' when that is 0.
    ///   - refusal: what is answered to a room's error; nil for one that nobody foresaw, which is logged and not told.
    ///   - routes: adds the pages.
    /// - Throws: `WebResourceError` for a template or asset that cannot be used.
    package init(
        name: String, brand: String = "Storj", settings: WebSettings, resources: [WebResources],
        sessions: any SessionStore, clock: WallClock, random: RandomSource, logger: Logger,
        bound: @escaping @Sendable (_ port: Int) -> Void = { _ in },
        refusal: @escaping @Sendable (any Error) -> WebError? = { _ in nil },
        routes: (Router<WebContext>) throws -> Void
    ) throws {
        let all = [.kit] + resources
        let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: WebErrors())
        try routes(router)
        self.name = name
        self.settings = settings
        self.bound = bound
        self.logger = logger
        let parts = WebParts(
            brand: brand, settings: settings, templates: try Templates(all), assets: try AssetShelf(all),
            sessions: sessions, cookies: WebCookies(name: name, settings: settings),
            forgery: ForgeryGuard(secret: random.bytes(count: 32)), policy: Self.policy(settings), clock: clock,
            random: random, logger: logger)
        responder = WebResponder(
            parts: parts, hosts: HostCheck(settings), pages: router.buildResponder(), refusal: refusal,
            slots: WebSlots(settings.maximumRequests))
    }

    /// Answers one request without a socket.
    package func answer(_ request: Request, context: WebContext) async throws -> Response {
        try await responder.respond(to: request, context: context)
    }

    /// Listens until graceful shutdown or cancellation.
    ///
    /// - Throws: when the address or the certificate cannot be used.
    package func run() async throws {
        var configuration = ApplicationConfiguration(address: .hostname(settings.host, port: settings.port))
        configuration.serverName = name
        // The server announces itself at a level of its own; what it says is of no use to an operator.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: responder, server: try server(), configuration: configuration,
            onServerRunning: { [bound] channel in
                if let port = channel.localAddress?.port { bound(port) }
            }, logger: quiet)
        try await application.run()
    }

    private func server() throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.guarded(
            idleTime: settings.idleTimeout, maximumHeaders: settings.maximumHeaders)
        guard let certificate = settings.certificateFile, let key = settings.keyFile else { return plain }
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        return try .tls(
            plain,
            tlsConfiguration: .makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))))
    }

    /// What pages may load and speak to: this app, and nobody else who is not in the settings.
    private static func policy(_ settings: WebSettings) -> String {
        let connect = ["'self'"] + settings.connectSources
        let images = ["'self'", "data:", "blob:"] + settings.imageSources
        return """
            default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; font-src 'self'; \
            img-src \(images.joined(separator: " ")); media-src 'self' blob:; \
            connect-src \(connect.joined(separator: " ")); form-action 'self'; frame-ancestors 'none'; base-uri 'none'
            """
    }
}
