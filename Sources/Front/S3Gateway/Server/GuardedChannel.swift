import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import StorageModel

/// HTTP connections with a `ConnectionGuard` each.
struct GuardedChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    let idleTime: TimeAmount
    let hostID: String
    let random: RandomSource

    /// Bytes that are read at once at most. Ten such buffers wait for whoever reads a body: many clients at the same time
    /// shall not take much memory.
    private static let longestRead = 32 << 10

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let allocator = AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 8192, maximum: Self.longestRead)
        return channel.setOption(.recvAllocator, value: allocator).flatMap {
            base.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            let operations = channel.pipeline.syncOperations
            let decoder = try operations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let handler = ConnectionGuard(idleTime: idleTime, hostID: hostID, random: random)
            try operations.addHandler(handler, position: .after(decoder))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
