package import ConsoleKit
package import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import StorageModel

/// A visitor of a web app, without a socket: keeps cookies and follows forms as a browser does.
package final class WebVisitor {
    /// What answers a request.
    package typealias Answering = (Request, WebContext) async throws -> Response
    private let answering: Answering
    /// By name.
    package private(set) var cookies: [String: String] = [:]
    /// What the browser says of itself with each request; a test may lie here.
    package var headers: HTTPFields = [:]
    /// The name the app is asked for.
    package var host = "localhost"

    package init(_ app: WebApp) { answering = app.answer }

    /// A visitor of what answers requests so.
    package init(_ answering: @escaping Answering) { self.answering = answering }

    /// An answer, read to its end.
    package struct Answer: Sendable {
        package let status: Int
        package let headers: HTTPFields
        package let text: String

        /// The token that forms on this page bring back; "" where there is none.
        package var csrf: String { between("<meta name=\"csrf\" content=\"", "\"") ?? "" }
        /// Where a redirect leads.
        package var location: String? { headers[.location] }

        /// What stands between two texts of the page.
        package func between(_ start: String, _ end: String) -> String? {
            guard let from = text.firstRange(of: start),
                let to = text[from.upperBound...].firstRange(of: end)
            else { return nil }
            return String(text[from.upperBound..<to.lowerBound])
        }
    }

    /// Asks for a page.
    package func get(_ path: String) async throws -> Answer { try await send(.get, path, body: nil, type: nil) }

    /// Loads a page, fills in the form on it and sends it.
    ///
    /// - Parameter page: where the form stands; nil for where it is sent to.
    package func submit(_ path: String, page: String? = nil, _ fields: [(String, String)]) async throws -> Answer {
        let csrf = try await get(page ?? path).csrf
        return try await post(path, fields + [("csrf", csrf)])
    }

    /// Sends fields as they are.
    package func post(_ path: String, _ fields: [(String, String)]) async throws -> Answer {
        let body = fields.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
        return try await send(.post, path, body: Array(body.utf8), type: "application/x-www-form-urlencoded")
    }

    /// Sends any request.
    package func send(_ method: HTTPRequest.Method, _ path: String, body: [UInt8]?, type: String?) async throws -> Answer {
        var fields = headers
        if !cookies.isEmpty {
            fields[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        }
        if let type { fields[.contentType] = type }
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: fields),
            body: RequestBody(buffer: ByteBuffer(bytes: body ?? [])))
        let context = WebContext(source: .init(channel: EmbeddedChannel(), logger: Logger(label: "test")))
        let response = try await answering(request, context)
        keep(response.headers[values: .setCookie])
        return Answer(
            status: response.status.code, headers: response.headers, text: try await Self.text(response.body))
    }

    private func keep(_ lines: [String]) {
        for line in lines {
            let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            cookies[String(pair[0])] = line.contains("Max-Age=0") ? nil : String(pair[1])
        }
    }

    /// Sets a cookie as a thief or a forger would.
    package func setCookie(_ name: String, _ value: String?) { cookies[name] = value }

    private static func text(_ body: ResponseBody) async throws -> String {
        let sink = Sink()
        try await body.write(sink)
        return String(buffer: sink.bytes)
    }

    private final class Sink: ResponseBodyWriter {
        var bytes = ByteBuffer()
        func write(_ buffer: ByteBuffer) async throws { bytes.writeImmutableBuffer(buffer) }
        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
