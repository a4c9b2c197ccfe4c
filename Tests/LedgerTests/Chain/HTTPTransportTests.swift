import Chores
import Ledger
import NIOCore
import NIOHTTP1
import NIOPosix
import StorageModel
import Testing

@Suite struct HTTPTransportTests {
    @Test func `an answer comes back whole`() async throws {
        try await HTTPStub.with { url in
            let bytes = try await HTTPTransport(url: url + "/echo").exchange(Array("{\"a\":1}".utf8), maximumSize: 100)
            #expect(bytes == Array("{\"a\":1}".utf8))
        }
    }

    @Test func `an answer above the limit is refused while it arrives, with and without a length`() async throws {
        try await HTTPStub.with { url in
            for path in ["/large", "/endless"] {
                await #expect(throws: LedgerError.malformed("answer: more than 5000 bytes")) {
                    try await HTTPTransport(url: url + path).exchange([], maximumSize: 5000)
                }
            }
        }
    }

    @Test func `a server that reports a failure, and one that is not there, cannot be reached`() async throws {
        try await HTTPStub.with { url in
            await #expect(throws: LedgerError.unreachable("HTTP status 503")) {
                try await HTTPTransport(url: url + "/busy").exchange([], maximumSize: 5000)
            }
        }
        // Nobody listens at port 1.
        let error = await #expect(throws: LedgerError.self) {
            try await HTTPTransport(url: "http://127.0.0.1:1").exchange([], maximumSize: 5000)
        }
        if case .unreachable? = error {} else { Issue.record("\(String(describing: error))") }
    }

    @Test func `a server that accepts and stays silent is given up`() async throws {
        try await HTTPStub.with { url in
            // The time-out is over once the question is on its way: no test waits for a clock.
            let endpoint = RPCEndpoint(
                name: "silent", transport: HTTPTransport(url: url + "/silent"), sleeper: Sleeper { _ in await Task.yield() })
            let error = await #expect(throws: LedgerError.self) { try await endpoint.ask([RPCCall("eth_chainId")]) }
            if case .unreachable? = error {} else { Issue.record("\(String(describing: error))") }
        }
    }
}

/// A server whose paths name its faults.
private enum HTTPStub {
    static func with(_ body: (String) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(StubHandler())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        do { try await body("http://127.0.0.1:\(port)") } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }
}

private final class StubHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var path = ""
    private var content = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): path = head.uri
        case .body(var part): content.writeBuffer(&part)
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        switch path {
        case "/echo": send(context, .ok, [content])
        case "/busy": send(context, .serviceUnavailable, [])
        case "/large": send(context, .ok, [ByteBuffer(repeating: 0x20, count: 100_000)], withLength: true)
        case "/endless": send(context, .ok, [ByteBuffer](repeating: ByteBuffer(repeating: 0x20, count: 1000), count: 100))
        default: break
        }
        content.clear()
    }

    private func send(
        _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ parts: [ByteBuffer], withLength: Bool = false
    ) {
        var headers = HTTPHeaders()
        if withLength { headers.add(name: "content-length", value: "\(parts.reduce(0) { $0 + $1.readableBytes })") }
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        for part in parts { context.write(wrapOutboundOut(.body(.byteBuffer(part))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
