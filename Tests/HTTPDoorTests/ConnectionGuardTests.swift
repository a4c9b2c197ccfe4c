import HTTPDoor
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@Suite struct ConnectionGuardTests {
    private let idleTime = TimeAmount.seconds(60)

    /// - Parameter encodes: whether answers become bytes; only bytes count as waiting for the client.
    private func connection(encodes: Bool = false) throws -> EmbeddedChannel {
        let handler = ConnectionGuard(idleTime: idleTime, refusal: RefusedRequest.sentence)
        let channel = EmbeddedChannel(handlers: encodes ? [HTTPResponseEncoder(), handler] : [handler])
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
        channel.read()
        return channel
    }

    private func head(_ length: Int) -> HTTPServerRequestPart {
        .head(HTTPRequestHead(version: .http1_1, method: .PUT, uri: "/b/k", headers: ["content-length": "\(length)"]))
    }

    private func wait(_ channel: EmbeddedChannel) {
        channel.embeddedEventLoop.advanceTime(by: idleTime)
    }

    @Test func `a connection without a request is closed after the idle time`() throws {
        let channel = try connection()
        wait(channel)
        #expect(!channel.isActive)
    }

    @Test func `a client that stops sending its body ends whoever reads it, and can still be answered`() throws {
        let channel = try connection()
        try channel.writeInbound(head(1_000_000))
        channel.read()
        wait(channel)
        try channel.throwIfErrorCaught()
        try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: "slowly")))
        channel.read()
        wait(channel)
        #expect(throws: SlowClient.self) { try channel.throwIfErrorCaught() }
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `a body that keeps coming may take as long as it likes`() throws {
        let channel = try connection()
        try channel.writeInbound(head(1_000_000))
        for _ in 0..<10 {
            try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(repeating: 1, count: 8192)))
            channel.read()
            wait(channel)
        }
        try channel.throwIfErrorCaught()
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `no time counts while the server itself makes the client wait`() throws {
        let channel = try connection()
        try channel.writeInbound(head(1_000_000))
        // Nobody asks for more: what was received is still being worked on.
        for _ in 0..<5 { wait(channel) }
        try channel.throwIfErrorCaught()
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `a request that is being answered keeps its connection`() throws {
        let channel = try connection()
        try channel.writeInbound(head(0))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.read()
        for _ in 0..<5 { wait(channel) }
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `oversized headers are refused`() throws {
        let channel = try connection()
        channel.pipeline.fireErrorCaught(HTTPParserError.headerOverflow)
        #expect(try refusal(channel, .requestHeaderFieldsTooLarge) == "The headers are too large.\n")
    }

    @Test func `what is no HTTP is refused`() throws {
        let channel = try connection()
        channel.pipeline.fireErrorCaught(HTTPParserError.invalidMethod)
        #expect(try refusal(channel, .badRequest) == "This is no HTTP request.\n")
    }

    @Test func `a body cut off in the middle is told to whoever reads it`() throws {
        let channel = try connection()
        try channel.writeInbound(head(1_000_000))
        channel.pipeline.fireErrorCaught(HTTPParserError.invalidEOFState)
        #expect(throws: HTTPParserError.self) { try channel.throwIfErrorCaught() }
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `a client that takes nothing of its answer is cut off`() throws {
        let channel = try connection(encodes: true)
        try channel.writeInbound(head(0))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.pipeline.write(start, promise: nil)
        // What is not flushed is what a client does not take.
        channel.pipeline.write(answer, promise: nil)
        wait(channel)
        #expect(channel.isActive)
        wait(channel)
        #expect(!channel.isActive)
    }

    @Test func `a client that takes its answer is left alone`() throws {
        let channel = try connection(encodes: true)
        try channel.writeInbound(head(0))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.pipeline.write(start, promise: nil)
        for _ in 0..<4 {
            channel.pipeline.write(answer, promise: nil)
            channel.pipeline.flush()
            wait(channel)
        }
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    private var start: HTTPServerResponsePart {
        .head(HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "1000000"]))
    }

    private var answer: HTTPServerResponsePart { .body(.byteBuffer(ByteBuffer(repeating: 0, count: 1 << 16))) }

    /// The document of an answer that nobody but the guard wrote.
    private func refusal(_ channel: EmbeddedChannel, _ status: HTTPResponseStatus) throws -> String {
        let head = try #require(try channel.readOutbound(as: HTTPServerResponsePart.self))
        guard case .head(let response) = head, response.status == status,
            case .body(.byteBuffer(let document))? = try channel.readOutbound(as: HTTPServerResponsePart.self)
        else { return "" }
        #expect(response.headers["connection"] == ["close"])
        return String(buffer: document)
    }
}
