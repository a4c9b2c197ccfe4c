internal import NIOCore
internal import NIOSSL

/// The first handler of a server's connection: consumes the eight bytes before TLS, then makes way for TLS.
///
/// A connection whose first byte is already TLS's is let through, as clients behind some proxies leave the header out.
/// - Source: protocol document 1 §1.8.
final class ConnectionHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What precedes TLS.
    static let header = Array("DRPC!!!1".utf8)
    /// The type of a TLS handshake record.
    private static let tlsHandshake: UInt8 = 0x16

    /// The handlers that follow, in order.
    private let makeHandlers: () throws -> (NIOSSLServerHandler, ConnectionHandler)
    private var received = ByteBuffer()
    private var isDone = false

    init(makeHandlers: @escaping () throws -> (NIOSSLServerHandler, ConnectionHandler)) {
        self.makeHandlers = makeHandlers
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return context.fireChannelRead(data) }
        var buffer = unwrapInboundIn(data)
        if received.readableBytes == 0 {
            received = buffer
        } else {
            received.writeBuffer(&buffer)
        }
        let head = received.readableBytesView.prefix(Self.header.count)
        if head.first == Self.tlsHandshake {
            proceed(context)
        } else if !Self.header.starts(with: head) {
            isDone = true
            context.close(promise: nil)
        } else if head.count == Self.header.count {
            received.moveReaderIndex(forwardBy: Self.header.count)
            proceed(context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A connection dropped before its first word, such as an abandoned twin, is routine.
        context.close(promise: nil)
    }

    private func proceed(_ context: ChannelHandlerContext) {
        isDone = true
        let rest = received
        received = ByteBuffer()
        do {
            let (tls, connection) = try makeHandlers()
            try context.pipeline.syncOperations.addHandler(tls, position: .last)
            try context.pipeline.syncOperations.addHandler(connection, position: .last)
        } catch {
            return context.close(promise: nil)
        }
        if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
