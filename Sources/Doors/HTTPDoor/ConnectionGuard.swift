package import NIOCore
package import NIOHTTP1

/// A client that sent too little for too long while its request's body was waited for.
package struct SlowClient: Error {}

/// Told to a connection after its last answer: what the client still sends is of no use.
package struct Farewell: Sendable {
    package init() {}
}

/// Looks after one connection: ends it when the client does nothing with it, and answers what is no HTTP.
///
/// - A connection without a request, or with headers that never end, is closed.
/// - A body that stops coming ends with `SlowClient` for whoever reads it, who can still answer.
/// - An answer that is not taken is cut off.
///
/// While the server itself makes the client wait, no time counts.
package final class ConnectionGuard: ChannelDuplexHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias InboundOut = HTTPServerRequestPart
    package typealias OutboundIn = HTTPServerResponsePart
    package typealias OutboundOut = HTTPServerResponsePart

    /// The answer to what is no HTTP.
    package typealias Refusal = @Sendable (HTTPParserError) -> RefusedRequest

    /// What a client must move in a period at least, a second.
    private static let slowestRate = 64
    /// How long a client may go on sending what was refused before the connection is torn down.
    private static let farewell = TimeAmount.seconds(5)

    private let idleTime: TimeAmount
    private let refusal: Refusal
    private var task: RepeatedTask?
    private var requests = 0
    private var isReadingRequest = false
    private var isAskedToRead = false
    private var sawHead = false
    private var received = 0
    private var written = 0
    private var pending = 0
    private var isRefused = false

    /// - Parameter idleTime: how long a client may do nothing; it is cut off within twice that.
    package init(idleTime: TimeAmount, refusal: @escaping Refusal) {
        self.idleTime = idleTime
        self.refusal = refusal
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        task = context.eventLoop.scheduleRepeatedTask(initialDelay: idleTime, delay: idleTime) { _ in
            let (handler, context) = bound.value
            handler.look(context)
        }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        task?.cancel()
        task = nil
    }

    package func channelInactive(context: ChannelHandlerContext) {
        task?.cancel()
        task = nil
        context.fireChannelInactive()
    }

    package func read(context: ChannelHandlerContext) {
        isAskedToRead = true
        context.read()
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        isAskedToRead = false
        context.fireChannelReadComplete()
        // Nobody behind this handler asks for what is thrown away.
        if isRefused { context.read() }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head:
            requests += 1
            isReadingRequest = true
            sawHead = true
        case .body(let bytes): received += bytes.readableBytes
        case .end: isReadingRequest = false
        }
        context.fireChannelRead(data)
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written += 1
        if case .end = unwrapOutboundIn(data) { requests -= 1 }
        context.write(data, promise: promise)
    }

    /// After each period: whether the client did its part.
    private func look(_ context: ChannelHandlerContext) {
        let buffered = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let least = Self.slowestRate * Int(idleTime.nanoseconds / 1_000_000_000)
        defer { (sawHead, received, written, pending) = (false, 0, 0, buffered) }
        if buffered > 0, written == 0, pending - buffered < least { return context.close(promise: nil) }
        guard isAskedToRead, !sawHead else { return }
        if requests <= 0 {
            context.close(promise: nil)
        } else if isReadingRequest, received < least {
            isReadingRequest = false
            context.fireErrorCaught(SlowClient())
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isRefused { return context.close(promise: nil) }
        guard let error = error as? HTTPParserError, requests == 0 else { return context.fireErrorCaught(error) }
        // The end of the connection between two requests is no error of anybody's.
        guard error != .invalidEOFState else { return context.close(promise: nil) }
        answer(refusal(error), context)
    }

    /// Answers in place of those who answer requests, and says farewell.
    private func answer(_ refused: RefusedRequest, _ context: ChannelHandlerContext) {
        var headers = refused.headers
        headers.replaceOrAdd(name: "content-length", value: "\(refused.body.count)")
        headers.replaceOrAdd(name: "connection", value: "close")
        let head = HTTPResponseHead(version: .http1_1, status: refused.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: refused.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        sayFarewell(context)
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is Farewell: sayFarewell(context)
        case let event as ChannelEvent where event == .inputClosed && isRefused: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// Lets the client read the answer before the connection is torn down: closed while it still sends, TCP would reset
    /// the connection, and the answer be lost.
    private func sayFarewell(_ context: ChannelHandlerContext) {
        guard !isRefused else { return }
        isRefused = true
        task?.cancel()
        context.close(mode: .output, promise: nil)
        context.read()
        let channel = context.channel
        context.eventLoop.scheduleTask(in: Self.farewell) { channel.close(promise: nil) }
    }
}
