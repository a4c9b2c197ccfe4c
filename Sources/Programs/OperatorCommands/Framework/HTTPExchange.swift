import ClientCommands
import NIOCore
import NIOHTTP1
import NIOPosix

/// One request and its answer over a connection of its own: enough for an operator's questions on the same machine.
struct HTTPExchange: Sendable {
    enum Method: Sendable {
        case get, post
    }

    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
    }

    /// The most bytes of an answer: a line a node and more.
    static let maximumSize = 64 << 20
    /// How long a connection may take to come up.
    static let connectTimeout = TimeAmount.seconds(10)
    /// How long the server may be silent over a question, and over something that is to be done.
    static let answerTimeouts = (get: TimeAmount.minutes(1), post: TimeAmount.minutes(10))

    let host: String
    let port: Int

    /// Sends a request and reads the whole answer.
    ///
    /// - Throws: `CommandFailure` when the server cannot be reached or breaks off; `CancellationError`.
    func send(_ method: Method, _ path: String, token: String, body: [UInt8]?) async throws -> Answer {
        do {
            let channel = try await connect(
                silence: method == .get ? Self.answerTimeouts.get : Self.answerTimeouts.post)
            return try await channel.executeThenClose { inbound, outbound in
                let content = body.map { [HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: $0)))] } ?? []
                // All at once: a quick server answers a request without content, and closes, before its end is written.
                try await outbound.write(
                    contentsOf: [.head(head(method, path, token: token, length: body?.count ?? 0))] + content + [.end(nil)])
                return try await Self.read(inbound)
            }
        } catch let error as CommandFailure {
            throw error
        } catch {
            try Task.checkCancellation()
            throw CommandFailure(
                .unreachable, "the server at \(host):\(port) does not answer: \(Self.plain(error))",
                advice: "Check that it runs")
        }
    }

    private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private func connect(silence: TimeAmount) async throws -> Connection {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(Self.connectTimeout)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(readTimeout: silence))
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(SilenceHandler())
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
    }

    private func head(_ method: Method, _ path: String, token: String, length: Int) -> HTTPRequestHead {
        var headers: HTTPHeaders = [
            "Host": host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)", "Connection": "close",
            "Authorization": "Bearer \(token)", "Accept": "application/json",
        ]
        if method == .post {
            headers.add(name: "Content-Length", value: "\(length)")
            headers.add(name: "Content-Type", value: "application/json")
        }
        return HTTPRequestHead(version: .http1_1, method: method == .get ? .GET : .POST, uri: path, headers: headers)
    }

    private static func read(_ parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>) async throws -> Answer {
        var status = 0
        var body: [UInt8] = []
        for try await part in parts {
            switch part {
            case .head(let head): status = Int(head.status.code)
            case .body(let buffer):
                guard body.count + buffer.readableBytes <= maximumSize else {
                    throw CommandFailure(.failure, "the server's answer is too long")
                }
                body += Array(buffer.readableBytesView)
            case .end: return Answer(status: status, body: body)
            }
        }
        throw ChannelError.inputClosed
    }

    private static func plain(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError where !error.connectionErrors.isEmpty: "nobody listens there"
        case is NIOConnectionError: "its name is not known"
        case ChannelError.inputClosed, ChannelError.ioOnClosedChannel: "it broke off"
        default: "\(error)"
        }
    }
}

/// Ends a connection on which nothing came for too long.
private final class SilenceHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
        context.fireErrorCaught(CommandFailure(.unreachable, "the server takes too long to answer"))
        context.close(promise: nil)
    }
}
