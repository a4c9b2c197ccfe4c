import DRPCWire
import Identity
import NIOCore
import NIOPosix
import NIOSSL
import StorageModel

/// A peer that sends what it likes: plain bytes, or bytes inside TLS.
final class RawPeer: Sendable {
    private let channel: any Channel
    private let received: AsyncStream<ByteBuffer>

    private init(channel: any Channel, received: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.received = received
    }

    /// Connects without TLS.
    static func plain(_ address: String) async throws -> RawPeer {
        try await connect(address) { _ in [] }
    }

    /// Connects with TLS, after the bytes of `header`. Without an identity no certificate is shown.
    static func tls(_ address: String, header: String = "DRPC!!!1", identity: NodeIdentity?) async throws -> RawPeer {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        if let identity {
            configuration.certificateChain = try identity.chain.certificates.map {
                .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: identity.keyDER, format: .der))
        }
        let context = try NIOSSLContext(configuration: configuration)
        return try await connect(address) { _ in
            let tls = try NIOSSLClientHandler(
                context: context, serverHostname: nil,
                customVerificationCallback: { $1.succeed(.certificateVerified) })
            return [HeaderWriter(header: header), tls]
        }
    }

    private static func connect(
        _ address: String, _ handlers: @escaping @Sendable (any Channel) throws -> [any ChannelHandler]
    ) async throws -> RawPeer {
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let parts = NodeURL(id: NodeID(), address: address).hostAndPort
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(handlers(channel) + [Collector(continuation)])
                }
            }
            .connect(host: parts?.host ?? "", port: parts?.port ?? 0).get()
        return RawPeer(channel: channel, received: stream)
    }

    /// Sends bytes; what cannot be sent any more is dropped.
    func send(_ bytes: some Collection<UInt8>) async {
        _ = try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Packets until `count` have come or the connection is closed.
    func packets(_ count: Int) async throws -> [Packet] {
        if count == 0 { return [] }
        var reader = PacketReader()
        var packets: [Packet] = []
        for await var buffer in received {
            while let packet = try reader.read(&buffer) { packets.append(packet) }
            if packets.count >= count { break }
        }
        return packets
    }

    /// Waits until the server has closed the connection.
    func waitForClose() async {
        for await _ in received {}
    }

    /// Drops the connection.
    func close() async {
        _ = try? await channel.close().get()
    }
}

/// Writes bytes before TLS.
private final class HeaderWriter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let header: String

    init(header: String) { self.header = header }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: header)), promise: nil)
        context.fireChannelActive()
    }
}

/// Hands what comes to a stream, which ends with the connection.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(unwrapInboundIn(data)) }

    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
