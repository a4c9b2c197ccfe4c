import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Posts messages to receivers over HTTP.
package final class WebhookSender: Sendable {
    private static let timeout = TimeAmount.seconds(10)
    private let client: HTTPClient

    /// A sender that follows no redirection: a POST that became a GET would look as if the message had been taken.
    package init() {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    }

    /// Closes its connections. To be called once, after the last message.
    package func close() async throws { try await client.shutdown() }

    /// Whether the receiver took the message: it did when it answers with a success.
    package func send(_ message: [UInt8], to webhook: Webhook) async -> Bool {
        var request = HTTPClientRequest(url: webhook.url.absoluteString)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        if let token = webhook.token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        request.body = .bytes(ByteBuffer(bytes: message))
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            return (200..<300).contains(response.status.code)
        } catch {
            // Whatever went wrong, the message stays in the outbox and is sent again: the reason changes nothing.
            return false
        }
    }
}
