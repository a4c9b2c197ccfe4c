import Chores
import Foundation
import MailDoor
import NIOCore
import NIOPosix
import StorageModel
import Synchronization
import Testing

@Suite struct SMTPClientTests {
    /// A server on this machine that answers as it is told, and remembers what it was told.
    private final class Server: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let greeting: String
        let answers: [String: String]
        let said: Mutex<[String]>

        init(_ greeting: String, _ answers: [String: String], said: [String] = []) {
            self.greeting = greeting
            self.answers = answers
            self.said = Mutex(said)
        }

        func channelActive(context: ChannelHandlerContext) { write(greeting, context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            for line in String(buffer: unwrapInboundIn(data)).components(separatedBy: "\r\n") where !line.isEmpty {
                said.withLock { $0.append(line) }
                if let answer = answers.first(where: { $0.key == "." ? line == "." : line.hasPrefix($0.key) })?.value { write(answer, context) }
            }
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(NIOAny(ByteBuffer(string: text + "\r\n")), promise: nil)
        }
    }

    private static let friendly = [
        "EHLO": "250-hello\r\n250 AUTH LOGIN PLAIN", "AUTH PLAIN": "235 you are", "MAIL": "250 from", "RCPT": "250 to", "DATA": "354 go",
        ".": "250 taken", "QUIT": "221 bye",
    ]

    /// Sends a mail to a server; what the server was told.
    private static func send(
        _ answers: [String: String], greeting: String = "220 here", user: String = ""
    ) async throws -> [String] {
        let server = Server(greeting, answers)
        let door = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(server) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(door.localAddress?.port)
        let settings = MailSettings(
            server: try #require(SMTPServer("smtp://127.0.0.1:\(port)")), user: user, password: "secret",
            from: try #require(MailAddress("node@example.org")), name: "A node")
        let message = MailMessage(to: try #require(MailAddress("me@example.org")), subject: "x", text: "y")
        let result: Result<Void, any Error>
        do {
            try await SMTPClient(settings, sleeper: .system).send(
                message, at: 1_800_000_000, random: .system)
            result = .success(())
        } catch { result = .failure(error) }
        try await door.close()
        try result.get()
        return server.said.withLock { $0 }
    }

    @Test func `a mail is handed in`() async throws {
        let said = try await Self.send(Self.friendly)
        #expect(said.prefix(4) == ["EHLO storj", "MAIL FROM:<node@example.org>", "RCPT TO:<me@example.org>", "DATA"])
        #expect(said.suffix(3) == [Data("y".utf8).base64EncodedString(), ".", "QUIT"])
    }

    @Test func `a user signs in before`() async throws {
        let said = try await Self.send(Self.friendly, user: "me")
        #expect(said[1] == "AUTH PLAIN " + Data("\0me\0secret".utf8).base64EncodedString())
    }

    @Test(arguments: [
        ["RCPT": "550 nobody of that name"], ["EHLO": "250 no signing in"], ["MAIL": "250-unfinished\r\n251 other"], ["DATA": "words"],
    ])
    func `a server that refuses or talks nonsense takes no mail`(answers: [String: String]) async {
        await #expect(throws: (any Error).self) {
            _ = try await Self.send(Self.friendly.merging(answers) { $1 }, user: "me")
        }
    }

    @Test(arguments: ["220 go\r\n250 slipped", "220 go\r\n250-slip"])
    func `an answer of somebody in between, slipped in before TLS begins, is nobody's word`(answer: String) async {
        do {
            _ = try await Self.send(["EHLO": "250 STARTTLS", "STARTTLS": answer])
            Issue.record("a mail was sent by a conversation that somebody else spoke in")
        } catch {
            #expect("\(error)" == "the server talks past the start of TLS")
        }
    }

    @Test func `a password is never in what is told of a refusal`() async {
        do {
            _ = try await Self.send(Self.friendly.merging(["AUTH PLAIN": "535 wrong"]) { $1 }, user: "me")
            Issue.record("a refused sign-in sent the mail")
        } catch {
            #expect("\(error)" == "AUTH PLAIN was answered 535 wrong")
        }
    }
}
