import AsyncHTTPClient
import Crypto
package import Foundation
import NIOCore
import NIOHTTP1
import StorageModel

/// Posts alerts as JSON. With a secret, `Storj-Signature: sha256=HEX` is the HMAC of the body.
package struct AlertWebhook: Sendable {
    private static let timeout = TimeAmount.seconds(10)
    private let url: URL
    private let secret: String

    package init(url: URL, secret: String) {
        self.url = url
        self.secret = secret
    }

    /// A receiver that did not take the message.
    package struct Refused: Error, CustomStringConvertible {
        package let description: String
    }

    /// Sends one message.
    ///
    /// - Throws: `Refused`, or what keeps the receiver from being reached.
    package func send(_ message: AlertMessage) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try encoder.encode(message)
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        if !secret.isEmpty {
            let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
            request.headers.add(name: "storj-signature", value: "sha256=" + Hexadecimal.encode(Array(code)))
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        let answer = try await HTTPClient.shared.execute(request, timeout: Self.timeout)
        guard (200..<300).contains(answer.status.code) else {
            throw Refused(description: "the receiver answered \(answer.status.code)")
        }
    }
}
