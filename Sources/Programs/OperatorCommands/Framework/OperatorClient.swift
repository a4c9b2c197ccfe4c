import ClientCommands
import Foundation

/// Asks a running server on behalf of its operator: JSON over HTTP with a bearer token.
package struct OperatorClient: Sendable {
    private let endpoint: OperatorEndpoint
    private let exchange: HTTPExchange

    /// A client of a server.
    package init(_ endpoint: OperatorEndpoint) {
        self.endpoint = endpoint
        exchange = HTTPExchange(host: endpoint.host, port: endpoint.port)
    }

    /// Asks for what is at a path, for instance `nodes`.
    ///
    /// - Throws: `CommandFailure`, `CancellationError`.
    package func get<Answer: Decodable & Sendable>(_ path: String, as type: Answer.Type = Answer.self) async throws -> Answer {
        try decode(try await send(.get, path, body: nil))
    }

    /// Asks for something to be done.
    ///
    /// - Parameter body: travels as JSON; nil for none.
    /// - Throws: `CommandFailure`, `CancellationError`.
    package func post<Answer: Decodable & Sendable>(
        _ path: String, body: (any Encodable & Sendable)? = nil, as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        return try decode(try await send(.post, path, body: try body.map { Array(try encoder.encode($0)) }))
    }

    /// Asks for a text.
    ///
    /// - Throws: `CommandFailure`, `CancellationError`.
    package func text(_ path: String) async throws -> String {
        String(decoding: try await send(.get, path, body: nil), as: UTF8.self)
    }

    /// A part of a path made of any text.
    package static func component(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._~"))) ?? ""
    }

    private func decode<Answer: Decodable>(_ bytes: [UInt8]) throws -> Answer {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do { return try decoder.decode(Answer.self, from: Data(bytes)) } catch {
            throw CommandFailure(
                .failure, "the server's answer makes no sense: \(error)",
                advice: "Server and program may be of different versions")
        }
    }

    private func send(_ method: HTTPExchange.Method, _ path: String, body: [UInt8]?) async throws -> [UInt8] {
        let answer = try await exchange.send(method, "/\(path)", token: endpoint.token, body: body)
        switch answer.status {
        case 200..<300: return answer.body
        case 401, 403:
            throw CommandFailure(
                .denied, "the server refuses the token of its settings",
                advice: "Its settings changed since it started, or it was started with others")
        case 404: throw CommandFailure(.notFound, Self.message(answer) ?? "the server knows no such thing")
        case 400: throw CommandFailure(.usage, Self.message(answer) ?? "the server refuses the request")
        default:
            throw CommandFailure(
                .failure, "the server answered with status \(answer.status)"
                    + (Self.message(answer).map { ": \($0)" } ?? ""))
        }
    }

    /// What the server says about a refusal.
    private static func message(_ answer: HTTPExchange.Answer) -> String? {
        struct Refusal: Decodable {
            struct Reason: Decodable { let message: String }
            let error: Reason
        }
        // A body of another form says nothing that a person could use; the status does.
        return try? JSONDecoder().decode(Refusal.self, from: Data(answer.body)).error.message
    }
}
