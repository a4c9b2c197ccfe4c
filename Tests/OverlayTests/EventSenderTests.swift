import Chores
import DRPC
import Foundation
import Identity
import NIOCore
import NIOPosix
import Overlay
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct EventSenderTests {
    /// Sleeps until cancelled: no delivery here takes long.
    private let sleeper = Sleeper { _ in
        let (stream, _) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        throw CancellationError()
    }

    private func events(_ email: String = "op@example.test") async throws -> [NodeEvent] {
        var settings = SmallNetwork.localSettings
        settings.checkInBurst = 10
        let net = try await SmallNetwork(settings)
        let node = net.startNode(port: 1001)
        var request = SmallNetwork.request(port: 1001)
        request.operator.email = email
        try await net.checkIn(node, request)
        for _ in 0..<5 { try await net.overlay.recordAudits([(node.id, .unknown)]) }
        try await net.overlay.disqualify(node.id, reason: .suspension)
        return try await net.overlay.nodeEvents().reversed()
    }

    /// Answers one connection and returns what it was sent.
    private func serveOnce(
        answer: String, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> String {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let port = try #require(server.channel.localAddress?.port)
        return try await server.executeThenClose { connections in
            async let sending: Void = body(port)
            var received = ""
            for try await connection in connections {
                received = try await connection.executeThenClose { inbound, outbound in
                    var text = ""
                    for try await part in inbound {
                        text += String(buffer: part)
                        if text.contains("]}") { break }
                    }
                    try await outbound.write(ByteBuffer(string: answer))
                    return text
                }
                break
            }
            try await sending
            return received
        }
    }

    @Test func `a webhook gets all events as JSON`() async throws {
        let events = try await events()
        let sleeper = sleeper
        let request = try await serveOnce(answer: "HTTP/1.1 204 No Content\r\n\r\n") { port in
            let sender = try WebhookEventSender(
                url: "http://127.0.0.1:\(port)/hooks/nodes?key=1", timeout: .seconds(30), sleeper: sleeper)
            try await sender.send(events)
        }
        #expect(request.hasPrefix("POST /hooks/nodes?key=1 HTTP/1.1\r\nHost: 127.0.0.1:"))
        let body = try #require(request.range(of: "\r\n\r\n").map { String(request[$0.upperBound...]) })
        #expect(request.contains("Content-Length: \(body.utf8.count)\r\n"))
        #expect(
            body.hasPrefix(
                #"{"events":[{"at":1767225600,"email":"op@example.test","event":"suspended-for-errors","id":1,"#))
        #expect(body.contains(#""event":"disqualified","id":2"#))
    }

    @Test(arguments: ["HTTP/1.1 500 Oops\r\n\r\n", "HTTP/1.1 302 Found\r\n\r\n", "SSH-2.0-hello\r\n", "\n"])
    func `a webhook that does not say yes has not got them`(answer: String) async throws {
        let events = try await events()
        let sleeper = sleeper
        _ = try await serveOnce(answer: answer) { port in
            let sender = try WebhookEventSender(
                url: "http://127.0.0.1:\(port)", timeout: .seconds(30), sleeper: sleeper)
            await #expect(throws: OverlayError.self) { try await sender.send(events) }
        }
    }

    @Test(arguments: ["", "https://example.test/", "ftp://example.test", "http://", "http://user:pass@host/", "text"])
    func `an address that is no plain webhook is refused at the start`(url: String) async throws {
        #expect(throws: OverlayError.self) {
            try WebhookEventSender(url: url, timeout: .seconds(1), sleeper: sleeper)
        }
        guard !url.isEmpty else { return }
        var settings = SmallNetwork.localSettings
        settings.events.webhook = url
        await #expect(throws: OverlayError.self) { try await SmallNetwork(settings) }
    }

    @Test func `mails go to the program, one for each operator and event`() async throws {
        let events = try await events()
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "mails")
            let sender = try MailEventSender(
                command: "/usr/bin/tee -a \(file.path)", sender: "satellite@example.test", timeout: .seconds(30),
                sleeper: sleeper)
            try await sender.send(events)
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.components(separatedBy: "From: satellite@example.test\nTo: op@example.test\n").count == 3)
            #expect(text.contains("Subject: Storage node: suspended-for-errors\n"))
            #expect(text.contains("Subject: Storage node: disqualified\n"))
            #expect(text.contains("\(events[0].nodeID)  since 2026-01-01T00:00:00Z"))
        }
    }

    @Test func `a mail program that fails has not got them, and one that is not there neither`() async throws {
        let events = try await events()
        for command in ["/bin/false", "/nonexistent/program"] {
            let sender = try MailEventSender(
                command: command, sender: "satellite@example.test", timeout: .seconds(30), sleeper: sleeper)
            await #expect(throws: (any Error).self) { try await sender.send(events) }
        }
    }

    @Test(arguments: [
        "", "nobody", "a@b@c", "a@b\nBcc: all@example.test", "a b@example.test", "a@b, c@d", "-t@example.test", "<a@b>",
        "a@", "@b", "ä@example.test",
    ])
    func `bad input: what a node calls its operator's address cannot write other lines of a mail`(
        address: String
    ) async throws {
        #expect(!MailEventSender.isAddress(address))
        let events = try await events(address)
        let sender = try MailEventSender(
            command: "/bin/false", sender: "satellite@example.test", timeout: .seconds(30), sleeper: sleeper)
        try await sender.send(events)
    }
}
