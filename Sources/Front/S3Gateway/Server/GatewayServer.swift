package import HTTPDoor
import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
package import NIOHTTP1
import NIOPosix
import NIOSSL
import S3Protocol
import ServiceLifecycle
package import StorageModel
import Uplink

/// The gateway as a service: listens until graceful shutdown, and closes its projects then.
package struct GatewayServer: Service {
    private let gateway: GatewayContext
    private let bound: @Sendable (_ port: Int) -> Void

    /// - Parameter bound: told the port once it listens; it differs from the settings' when that is 0.
    package init(_ gateway: GatewayContext, bound: @escaping @Sendable (_ port: Int) -> Void = { _ in }) {
        self.gateway = gateway
        self.bound = bound
    }

    /// Serves.
    ///
    /// - Throws: when the address or the certificate cannot be used.
    package func run() async throws {
        let settings = gateway.settings
        let responder = Responder(gateway)
        let base = HTTP1Channel(
            responder: { request, writer, channel in try await responder.respond(request, writer, channel) },
            configuration: .init(
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: settings.longestHeaders, maxHeaderListSize: settings.longestHeaders)))
        let (hostID, random) = (responder.hostID, gateway.random)
        let channel = GuardedChannel(
            base, idleTime: .nanoseconds(Int64(settings.idleTimeout / .nanoseconds(1)))
        ) { Self.refused($0, hostID: hostID, random: random) }
        do {
            if let certificate = settings.certificateFile, let key = settings.keyFile {
                let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
                let tls = TLSConfiguration.makeServerConfiguration(
                    certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
                try await serve(TLSChannel(channel, tlsConfiguration: tls))
            } else {
                try await serve(channel)
            }
        } catch {
            await gateway.projects.shutdown()
            throw error
        }
        await gateway.projects.shutdown()
    }

    /// The answer to what is no HTTP, in S3's words.
    package static func refused(_ error: HTTPParserError, hostID: String, random: RandomSource) -> RefusedRequest {
        let error = S3Error(error == .headerOverflow ? .requestHeaderSectionTooLarge : .badRequest)
        let id = Hexadecimal.encode(random.bytes(count: 8)).uppercased()
        return RefusedRequest(
            status: HTTPResponseStatus(statusCode: error.status.code),
            headers: ["x-amz-request-id": id, "x-amz-id-2": hostID, "content-type": "application/xml"],
            body: Array(error.xml(resource: "", requestID: id, hostID: hostID)))
    }

    private func serve(_ channel: some ServerChildChannel) async throws {
        var quiet = gateway.logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(gateway.settings.host, port: gateway.settings.port), serverName: nil),
            onServerRunning: { [bound] channel in
                if let port = channel.localAddress?.port { bound(port) }
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
        try await server.run()
    }
}
