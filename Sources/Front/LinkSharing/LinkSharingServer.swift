package import Chores
package import GatewayRecords
import HTTPDoor
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
package import StorageModel
package import Uplink

/// The HTTP service behind shared links.
package struct LinkSharingServer: Service {
    /// Opens a project for a grant.
    package typealias Opening = @Sendable (Access) async throws -> Project

    private let settings: LinkSharingSettings
    private let projects: OpenProjects
    private let responder: LinkResponder
    private let sweep: Cycle
    private let bound: @Sendable (_ port: Int) -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - records: of the gateway whose public credentials make short links; nil for none.
    ///   - bound: told the port once the door is open; it differs from the settings' when that is 0.
    ///   - open: opens a project; nil does it over the network.
    package init(
        settings: LinkSharingSettings, records: GatewayRecords?, clock: WallClock, sleeper: Sleeper, logger: Logger,
        bound: @escaping @Sendable (_ port: Int) -> Void = { _ in }, open: Opening? = nil
    ) {
        let projects = OpenProjects(
            capacity: settings.maximumProjects, idleTime: settings.projectIdleTime, clock: clock,
            open: open ?? Self.opening(settings, logger))
        self.settings = settings
        self.projects = projects
        self.bound = bound
        self.logger = logger
        responder = LinkResponder(
            settings: settings, access: LinkAccess(records: records, satellites: settings.satellites, clock: clock),
            projects: projects, slots: RequestSlots(settings.maximumRequests), logger: logger)
        sweep = Cycle(
            name: "idle projects of links", interval: settings.projectIdleTime, sleeper: sleeper, clock: clock,
            logger: logger
        ) { await projects.sweep() }
    }

    /// Listens until graceful shutdown or cancellation.
    ///
    /// - Throws: when the address or the certificate cannot be used.
    package func run() async throws {
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { try await sweep.run() }
                group.addTask { try await listen() }
                // Either ends by graceful shutdown only; a failure of one ends the other.
                try await group.waitForAll()
            }
            await projects.shutdown()
        } catch {
            await projects.shutdown()
            throw error
        }
    }

    private func listen() async throws {
        var configuration = ApplicationConfiguration(address: .hostname(settings.host, port: settings.port))
        configuration.serverName = "storj-links"
        // The server announces itself at a level of its own; what it says is of no use to an operator.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: responder, server: try server(),
            configuration: configuration,
            onServerRunning: { [bound] channel in
                if let port = channel.localAddress?.port { bound(port) }
            }, logger: quiet)
        try await application.run()
    }

    private func server() throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.guarded(idleTime: settings.connectionIdleTime)
        guard let certificate = settings.certificateFile, let key = settings.keyFile else { return plain }
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        return try .tls(
            plain,
            tlsConfiguration: .makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))))
    }

    private static func opening(_ settings: LinkSharingSettings, _ logger: Logger) -> Opening {
        var configuration = Configuration()
        configuration.userAgent = "storj-links/1.0"
        configuration.networkThreads = 1
        configuration.memoryBudget = settings.memoryPerProject
        configuration.segmentsInFlight = 2
        // Readers bring grants of others: asking again whether a passphrase is theirs helps nobody.
        configuration.passphraseCheck = .off
        configuration.logger = logger
        return { [configuration] access in try await Project.open(access, configuration: configuration) }
    }
}
