package import NIOCore

/// Ends a connection whose client asked for something and does not take it, so that it holds no place for ever.
package final class StalledReaderGuard: ChannelOutboundHandler, RemovableChannelHandler {
    package typealias OutboundIn = NIOAny
    package typealias OutboundOut = NIOAny

    /// Bytes a client must take in a second at least.
    private static let slowestRate = 64

    private let period: TimeAmount
    private var task: RepeatedTask?
    private var written = 0
    private var waiting = 0

    /// - Parameter period: how long a client may take nothing; it is cut off within twice that.
    package init(period: TimeAmount) {
        self.period = period
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        task = context.eventLoop.scheduleRepeatedTask(initialDelay: period, delay: period) { _ in
            let (handler, context) = bound.value
            handler.look(context)
        }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        task?.cancel()
        task = nil
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written += 1
        context.write(data, promise: promise)
    }

    /// After each period: whether what waited for the client became less, or there was room for more.
    private func look(_ context: ChannelHandlerContext) {
        // A channel without this option is none of a socket's, and never stalls.
        let buffered = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let least = Self.slowestRate * Int(period.nanoseconds / 1_000_000_000)
        defer { (written, waiting) = (0, buffered) }
        if buffered > 0, written == 0, waiting > 0, waiting - buffered < least { context.close(promise: nil) }
    }
}
