import HTTPTypes

/// Pages of satellites' consoles, which speak S3 from the browser for a customer who signed in to them.
///
/// They sign every request with keys that the page holds, and send no cookies: a page that may speak to the gateway
/// can do nothing without them.
/// - Source: WHATWG, "Fetch", CORS protocol.
enum ConsoleOrigins {
    /// What a page reads of an answer besides what any page may.
    private static let exposed = [
        "etag", "content-length", "content-range", "last-modified", "x-amz-version-id", "x-amz-delete-marker",
        "x-amz-request-id", "x-amz-mp-parts-count",
    ]
    /// Seconds that a browser remembers what a page may do.
    private static let memory = 600

    /// The headers for an answer to a page of a console; nil for any other page.
    static func headers(for request: HTTPRequest, _ settings: GatewaySettings) -> HTTPFields? {
        guard let origin = request.headerFields[.origin], settings.consoleOrigins.contains(origin) else { return nil }
        return [
            .accessControlAllowOrigin: origin, .accessControlExposeHeaders: exposed.joined(separator: ", "),
            .vary: "Origin",
        ]
    }

    /// The answer to the browser of a console's page that asks what the page may do; nil for any other page.
    static func preflight(_ request: HTTPRequest, _ settings: GatewaySettings) -> S3Response? {
        guard var headers = headers(for: request, settings),
            request.headerFields[.accessControlRequestMethod] != nil
        else { return nil }
        headers[.accessControlAllowMethods] = "GET, HEAD, PUT, POST, DELETE"
        headers[.accessControlAllowHeaders] = request.headerFields[.accessControlRequestHeaders]
        headers[.accessControlMaxAge] = "\(memory)"
        headers[.vary] = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
        return S3Response(status: .ok, headers: headers)
    }
}
