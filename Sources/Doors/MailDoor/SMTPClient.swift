package import Chores
import Foundation
import NIOCore
import NIOPosix
package import NIOSSL
package import StorageModel
import Synchronization

/// Hands a mail to a server.
/// - Source: RFC 5321, RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 8314 (TLS at once).
package struct SMTPClient: Sendable {
    private static let timeout = Duration.seconds(60)
    private let settings: MailSettings
    private let tls: TLSConfiguration
    private let sleeper: Sleeper

    /// - Parameter tls: whom to trust; tests trust a certificate of their own.
    package init(_ settings: MailSettings, tls: TLSConfiguration = .makeClientConfiguration(), sleeper: Sleeper) {
        self.settings = settings
        self.tls = tls
        self.sleeper = sleeper
    }

    /// What a server said instead of taking the mail.
    package struct Refused: Error, CustomStringConvertible {
        package let description: String
    }

    /// Sends one mail.
    ///
    /// - Parameter seconds: since 1970, what the mail is dated.
    /// - Throws: `Refused`, `SMTPReply.Malformed`, or what keeps the server from being reached.
    package func send(_ message: MailMessage, at seconds: Int64, random: RandomSource) async throws {
        let id = Hexadecimal.encode(random.bytes(count: 12))
        let mail = MailText.mail(message, from: settings, at: seconds, id: id)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await talk(mail, to: message.to) }
            group.addTask {
                try await sleeper.sleep(Self.timeout)
                throw Refused(description: "the server did not take the mail within a minute")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func talk(_ mail: String, to recipient: MailAddress) async throws {
        let server = settings.server
        let context = try NIOSSLContext(configuration: tls)
        let (replies, sink) = AsyncThrowingStream.makeStream(of: SMTPReply.self)
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(15))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if server.isSecure { try channel.pipeline.syncOperations.addHandler(Self.handler(context, server)) }
                    try channel.pipeline.syncOperations.addHandler(ReplyHandler(sink))
                }
            }
            .connect(host: server.host, port: server.port).get()
        let conversation = Conversation(channel: channel, replies: replies)
        do {
            try await withTaskCancellationHandler {
                try await talk(mail, to: recipient, conversation, context)
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            channel.close(promise: nil)
            throw error
        }
        channel.close(promise: nil)
    }

    private func talk(
        _ mail: String, to recipient: MailAddress, _ conversation: Conversation, _ context: NIOSSLContext
    ) async throws {
        let server = settings.server
        try await conversation.expect([220], "the greeting")
        var extensions = try await conversation.say("EHLO storj", expecting: [250])
        if !server.isSecure {
            if extensions.lines.contains(where: { $0.uppercased() == "STARTTLS" }) {
                try await conversation.say("STARTTLS", expecting: [220])
                let taken = conversation.taken
                try await conversation.channel.eventLoop.submit {
                    let handler = try conversation.channel.pipeline.syncOperations.handler(type: ReplyHandler.self)
                    // What came before TLS and was not asked for is nobody's word.
                    guard handler.given == taken, !handler.isMidway else { throw Refused(description: "the server talks past the start of TLS") }
                    try conversation.channel.pipeline.syncOperations.addHandler(Self.handler(context, server), position: .first)
                }.get()
                extensions = try await conversation.say("EHLO storj", expecting: [250])
            } else if !server.isLoopback {
                throw Refused(description: "the server offers no TLS (STARTTLS), and mail would travel for everybody to read")
            }
        }
        if !settings.user.isEmpty {
            guard extensions.lines.contains(where: { $0.uppercased().hasPrefix("AUTH") && $0.uppercased().contains("PLAIN") }) else {
                throw Refused(description: "the server does not sign anybody in with a password (AUTH PLAIN)")
            }
            let secret = Data("\0\(settings.user)\0\(settings.password)".utf8).base64EncodedString()
            try await conversation.say("AUTH PLAIN \(secret)", expecting: [235], shown: "AUTH PLAIN")
        }
        try await conversation.say("MAIL FROM:<\(settings.from)>", expecting: [250])
        try await conversation.say("RCPT TO:<\(recipient)>", expecting: [250, 251])
        try await conversation.say("DATA", expecting: [354])
        try await conversation.say(mail + ".", expecting: [250], shown: "the mail")
        // It has the mail: how it says good-bye changes nothing.
        _ = try? await conversation.say("QUIT", expecting: [221])
    }

    private static func handler(_ context: NIOSSLContext, _ server: SMTPServer) throws -> NIOSSLClientHandler {
        // Addresses are no names that a certificate could be asked for by this extension.
        let isAddress = (try? SocketAddress(ipAddress: server.host, port: server.port)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : server.host)
    }

    /// Commands and answers in turn.
    private final class Conversation: Sendable {
        let channel: any Channel
        private let replies: AsyncThrowingStream<SMTPReply, any Error>
        private let count = Atomic(0)

        /// Answers that were taken so far.
        var taken: Int { count.load(ordering: .relaxed) }

        init(channel: any Channel, replies: AsyncThrowingStream<SMTPReply, any Error>) {
            self.channel = channel
            self.replies = replies
        }

        @discardableResult
        func say(_ words: String, expecting codes: Set<Int>, shown: String? = nil) async throws -> SMTPReply {
            try await channel.writeAndFlush(ByteBuffer(string: words + "\r\n")).get()
            return try await expect(codes, shown ?? words)
        }

        @discardableResult
        func expect(_ codes: Set<Int>, _ what: String) async throws -> SMTPReply {
            for try await reply in replies {
                count.add(1, ordering: .relaxed)
                guard codes.contains(reply.code) else {
                    throw Refused(description: "\(what) was answered \(reply.code) \(reply.lines.joined(separator: " ").prefix(200))")
                }
                return reply
            }
            throw Refused(description: "the server hung up at \(what)")
        }
    }

    private final class ReplyHandler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private var parser = SMTPReply.Parser()
        private let sink: AsyncThrowingStream<SMTPReply, any Error>.Continuation

        init(_ sink: AsyncThrowingStream<SMTPReply, any Error>.Continuation) { self.sink = sink }

        var isMidway: Bool { parser.isMidway }
        /// Whole answers that came.
        private(set) var given = 0

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            do {
                for reply in try parser.take(unwrapInboundIn(data).readableBytesView) {
                    given += 1
                    sink.yield(reply)
                }
            } catch {
                sink.finish(throwing: error)
                context.close(promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            sink.finish(throwing: error)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { sink.finish() }
    }
}
