package import Chores
import Foundation
import NIOCore
import NIOPosix

/// Posts events as JSON to an address.
package struct WebhookEventSender: NodeEventSender {
    /// Bytes of an answer that are read at most: only its first line matters.
    private static let maximumAnswer = 4096

    package let name = "webhook"
    private let host: String
    private let port: Int
    private let target: String
    private let timeout: Duration
    private let sleeper: Sleeper

    /// A sender to `http://host[:port][/path][?query]`.
    ///
    /// - Throws: `OverlayError.badRequest` for anything else.
    package init(url: String, timeout: Duration, sleeper: Sleeper) throws(OverlayError) {
        guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host, !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.fragment == nil,
            (1...65535).contains(parts.port ?? 80)
        else { throw .badRequest("a webhook is http://host[:port][/path]") }
        self.host = host
        port = parts.port ?? 80
        let path = parts.percentEncodedPath
        target = (path.isEmpty ? "/" : path) + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
        self.timeout = timeout
        self.sleeper = sleeper
    }

    package func send(_ events: [NodeEvent]) async throws {
        let request = request(try EventMessage(events).json())
        let status = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await self.post(request) }
            group.addTask {
                try await sleeper.sleep(timeout)
                throw OverlayError.noAnswer(within: timeout)
            }
            defer { group.cancelAll() }
            guard let status = try await group.next() else { throw CancellationError() }
            return status
        }
        guard (200..<300).contains(status) else { throw OverlayError.unreachable("the webhook answered \(status)") }
    }

    private func request(_ body: [UInt8]) -> ByteBuffer {
        var request = ByteBuffer()
        request.writeString(
            "POST \(target) HTTP/1.1\r\nHost: \(host):\(port)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n")
        request.writeBytes(body)
        return request
    }

    /// - Returns: the status of the answer.
    private func post(_ request: ByteBuffer) async throws -> Int {
        // A name in brackets is an IPv6 address, which the resolver wants bare.
        let bareHost = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: bareHost, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(request)
            var answer = ByteBuffer()
            for try await part in inbound {
                answer.writeImmutableBuffer(part)
                if answer.readableBytes >= Self.maximumAnswer || answer.readableBytesView.contains(10) { break }
            }
            return try Self.status(of: answer)
        }
    }

    /// The number in `HTTP/1.x 200 …`.
    private static func status(of answer: ByteBuffer) throws -> Int {
        let words = String(buffer: answer).prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw OverlayError.unreachable("the webhook did not answer in HTTP")
        }
        return status
    }
}
