internal import DRPCWire
internal import Identity
internal import NIOCore

/// The first handler of a client's connection: writes the eight bytes before TLS, in one segment with its first words.
///
/// - Source: protocol document 1 §1.8.
final class ClientHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        // Not flushed: the ClientHello that follows at once is.
        context.write(wrapOutboundOut(ByteBuffer(bytes: ConnectionHeaderHandler.header)), promise: nil)
        context.fireChannelActive()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}

/// Tells a dialer how the handshake ended, and passes packets on. Used on the connection's event loop only.
final class ClientHandshake: PacketSink {
    private let connection: ClientConnection
    private let peer: PeerVerification
    private let promise: EventLoopPromise<Void>

    init(connection: ClientConnection, peer: PeerVerification, promise: EventLoopPromise<Void>) {
        self.connection = connection
        self.peer = peer
        self.promise = promise
    }

    func connected() {
        switch peer.result {
        case .success(let identity):
            connection.setPeer(identity)
            promise.succeed()
        case .failure(let error): promise.fail(Self.error(error))
        case nil: promise.fail(RPCError.connectionLost)
        }
    }

    func received(_ packet: Packet) throws(ProtocolError) -> RPCStream.Flow {
        try connection.received(packet)
    }

    func disconnected(_ error: RPCError) {
        connection.disconnected(error)
        if case .failure(let refusal) = peer.result {
            promise.fail(Self.error(refusal))
        } else {
            // Without effect once the handshake is complete.
            promise.fail(error)
        }
    }

    private static func error(_ error: IdentityError) -> RPCError {
        if case .wrongNodeID(let expected, let actual) = error {
            return .wrongNodeID(expected: expected, actual: actual)
        }
        return .identityRefused(error)
    }
}
