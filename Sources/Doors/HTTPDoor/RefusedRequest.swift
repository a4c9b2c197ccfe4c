package import NIOHTTP1

/// The answer to what is no HTTP: a server of ours says it in the words of its own protocol.
package struct RefusedRequest: Sendable {
    package let status: HTTPResponseStatus
    package let headers: HTTPHeaders
    package let body: [UInt8]

    /// - Parameter headers: besides the length and the end of the connection.
    package init(status: HTTPResponseStatus, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A sentence in plain text.
    package static func sentence(_ error: HTTPParserError) -> RefusedRequest {
        let isTooLarge = error == .headerOverflow
        return RefusedRequest(
            status: isTooLarge ? .requestHeaderFieldsTooLarge : .badRequest,
            headers: ["content-type": "text/plain; charset=utf-8"],
            body: Array((isTooLarge ? "The headers are too large.\n" : "This is no HTTP request.\n").utf8))
    }
}
