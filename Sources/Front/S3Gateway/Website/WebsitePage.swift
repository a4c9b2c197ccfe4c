import HTTPTypes
import NIOCore
import S3Protocol

/// What a website answers without an object.
enum WebsitePage {
    /// A refusal for people to read.
    static func refusal(_ error: S3Error) -> S3Response {
        guard error.status != .notModified else { return S3Response(status: error.status, headers: error.headers) }
        let title = "\(error.status.code) \(error.status.reasonPhrase)"
        let page = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(title)</title></head>
            <body><h1>\(title)</h1><ul><li>Code: \(error.code.rawValue)</li><li>Message: \(escaped(error.message))</li></ul></body></html>

            """
        var headers = error.headers
        headers[.contentType] = "text/html; charset=utf-8"
        return S3Response(status: error.status, headers: headers, body: .bytes(ByteBuffer(string: page)))
    }

    /// Sends a browser elsewhere.
    ///
    /// - Parameter key: what it asks for there.
    static func redirection(
        _ redirect: WebsiteConfiguration.Redirect, key: String, _ arrival: Door.Arrival
    ) -> S3Response {
        let scheme = redirect.scheme ?? (arrival.isSecure ? "https" : "http")
        let location = "\(scheme)://\(redirect.host ?? arrival.host)/\(PercentCode.encode(key, keepingSlashes: true))"
        return S3Response(
            status: HTTPResponse.Status(code: redirect.status), headers: [.location: location])
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
