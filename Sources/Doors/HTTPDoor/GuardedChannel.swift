package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1

/// HTTP connections with a `ConnectionGuard` each.
package struct GuardedChannel: ServerChildChannel {
    package typealias Value = AcceptedConnection

    /// Bytes that are read at once at most. Ten such buffers wait for whoever reads a body: many clients at the same time
    /// shall not take much memory.
    private static let longestRead = 32 << 10

    private let base: HTTP1Channel
    private let idleTime: TimeAmount
    private let refusal: ConnectionGuard.Refusal

    /// - Parameters:
    ///   - base: without an idle time of its own.
    ///   - idleTime: how long a client may do nothing.
    ///   - refusal: the answer to what is no HTTP.
    package init(
        _ base: HTTP1Channel, idleTime: TimeAmount,
        refusal: @escaping ConnectionGuard.Refusal = RefusedRequest.sentence
    ) {
        self.base = base
        self.idleTime = idleTime
        self.refusal = refusal
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let allocator = AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 8192, maximum: Self.longestRead)
        return channel.setOption(.recvAllocator, value: allocator).flatMap {
            base.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            let operations = channel.pipeline.syncOperations
            let decoder = try operations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try operations.addHandler(
                ConnectionGuard(idleTime: idleTime, refusal: refusal), position: .after(decoder))
            return AcceptedConnection(value)
        }
    }

    package func handle(value: Value, logger: Logger) async {
        await base.handle(value: value.take(), logger: logger)
    }
}

extension HTTPServerBuilder {
    /// HTTP/1.1 whose connections are guarded.
    ///
    /// - Parameters:
    ///   - idleTime: how long a client may do nothing.
    ///   - maximumHeaders: bytes of all headers of a request.
    package static func guarded(idleTime: Duration, maximumHeaders: Int = 80 << 10) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            let configuration = HTTP1Channel.Configuration(
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: maximumHeaders, maxHeaderListSize: maximumHeaders, maxHeaderFieldCount: 200))
            return GuardedChannel(
                HTTP1Channel(responder: responder, configuration: configuration),
                idleTime: .nanoseconds(Int64(idleTime / .nanoseconds(1))))
        }
    }
}
