import HTTPDoor
import HTTPTypes
import HummingbirdCore
import NIOCore
import S3Protocol
import StorageModel

/// One request and how its answer is written.
struct Exchange: Sendable {
    /// Unread bytes of a body up to which the connection is kept: reading them away is cheaper than a new one.
    private static let drainLimit: Int64 = 1 << 20

    let id: String
    private let hostID: String
    private let request: Request

    private let now: Timestamp

    init(_ request: Request, id: String, hostID: String, at now: Timestamp) {
        self.now = now
        self.request = request
        self.id = id
        self.hostID = hostID
    }

    /// Whether the client waits for permission to send the body.
    var expectsContinue: Bool {
        request.headers[.expect]?.lowercased() == "100-continue"
    }

    /// A refusal as an answer.
    func response(to error: S3Error) -> S3Response {
        let path = (request.head.path ?? "/").prefix { $0 != "?" }
        var response = S3Response.xml(
            error.xml(resource: String(path), requestID: id, hostID: hostID), status: error.status,
            headers: error.headers)
        if error.status == .notModified || request.method == .head { response.body = .none }
        return response
    }

    /// Writes an answer.
    ///
    /// - Parameter isBodyUnread: whether a body was announced of which nothing comes: the connection cannot go on.
    /// - Throws: when the client is gone, or to close the connection.
    @concurrent func send(
        _ response: S3Response, _ writer: consuming ResponseWriter, isBodyUnread: Bool, _ channel: any Channel
    ) async throws {
        let length = request.headers[.contentLength].flatMap { Int64($0) } ?? 0
        let closes = isBodyUnread || (response.status.code >= 400 && length > Self.drainLimit)
        let head = HTTPResponse(status: response.status, headerFields: headers(of: response, closes: closes))
        switch response.body {
        case .none:
            try await writer.writeResponse(head)
        case .bytes(let bytes):
            let isHead = request.method == .head
            try await writer.write(response: head, body: isHead ? ResponseBody() : ResponseBody(byteBuffer: bytes))
        case .stream(_, let write):
            var out: any ResponseBodyWriter = try await writer.writeHead(head)
            try await Self.stream(write, &out)
        }
        if closes {
            try await sayFarewell(channel)
            throw ConnectionClosing()
        }
    }

    /// Lets the client read the answer before the connection is torn down: closed while it still sends, TCP would reset
    /// the connection and the answer be lost.
    private func sayFarewell(_ channel: any Channel) async throws {
        channel.pipeline.fireUserInboundEventTriggered(Farewell())
        try await channel.closeFuture.get()
    }

    @concurrent private static func stream(
        _ write: @concurrent @Sendable (inout S3Response.Writer) async throws -> Void, _ out: inout any ResponseBodyWriter
    ) async throws {
        var writer = S3Response.Writer(out)
        try await write(&writer)
        try await writer.finish()
    }

    private func headers(of response: S3Response, closes: Bool) -> HTTPFields {
        var headers = response.headers
        headers[.requestID] = id
        headers[.hostID] = hostID
        headers[.date] = S3Date.http(now)
        if headers[.server] == nil { headers[.server] = "storj-gateway" }
        if headers[.acceptRanges] == nil, request.method == .get || request.method == .head {
            headers[.acceptRanges] = "bytes"
        }
        switch response.body {
        case .none:
            if headers[.contentLength] == nil, response.status != .notModified, response.status != .noContent {
                headers[.contentLength] = "0"
            }
        case .bytes(let bytes): headers[.contentLength] = "\(bytes.readableBytes)"
        case .stream(let length?, _): headers[.contentLength] = "\(length)"
        case .stream(nil, _): break
        }
        if closes { headers[.connection] = "close" }
        return headers
    }
}

/// Ends a connection on which the next request could not be found.
private struct ConnectionClosing: Error {}

extension HTTPField.Name {
    fileprivate static let requestID = HTTPField.Name("x-amz-request-id") ?? .server
    fileprivate static let hostID = HTTPField.Name("x-amz-id-2") ?? .server
}
