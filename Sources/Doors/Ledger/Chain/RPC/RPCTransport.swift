import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// How a question reaches an endpoint: over HTTP, or inside a test.
package protocol RPCTransport: Sendable {
    /// Hands over one request and returns the whole answer.
    ///
    /// - Throws: `LedgerError.unreachable`, or `.malformed` for an answer of more than `maximumSize` bytes.
    func exchange(_ request: [UInt8], maximumSize: Int) async throws -> [UInt8]
}

/// Endpoints over HTTP.
package struct HTTPTransport: RPCTransport {
    private let url: String
    /// One for the process. It says at once when nobody listens: whoever asks has other endpoints, and a time-out.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// An endpoint by its URL; it may hold a key, so it is never logged.
    package init(url: String) { self.url = url }

    package func exchange(_ request: [UInt8], maximumSize: Int) async throws -> [UInt8] {
        var message = HTTPClientRequest(url: url)
        message.method = .POST
        message.headers.add(name: "content-type", value: "application/json")
        message.body = .bytes(ByteBuffer(bytes: request))
        do {
            // The caller bounds the time in all; this one only ends what nobody waits for any more.
            let response = try await Self.client.execute(message, timeout: .minutes(5))
            guard response.status == .ok else { throw LedgerError.unreachable("HTTP status \(response.status.code)") }
            let body = try await response.body.collect(upTo: maximumSize)
            return Array(body.readableBytesView)
        } catch let error as LedgerError {
            throw error
        } catch is NIOTooManyBytesError {
            throw LedgerError.malformed("answer: more than \(maximumSize) bytes")
        } catch let error as CancellationError {
            throw error
        } catch {
            throw LedgerError.unreachable("\(error)")
        }
    }
}
