import HTTPTypes
import Hummingbird
import NIOCore

extension HTTPField.Name {
    // These are constants that parse.
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .server
    static let robots = HTTPField.Name("X-Robots-Tag") ?? .server
}

extension Response {
    /// A page of this service: nothing in it comes from elsewhere or runs.
    static func page(_ html: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-cache",
                .contentSecurityPolicy:
                    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// Whether a browser might run what is in it.
    var mayRun: Bool {
        let type = (headers[.contentType] ?? "").lowercased()
        if type.hasPrefix("image/svg") { return true }
        return !["image/", "video/", "audio/", "font/", "text/plain", "application/pdf", "application/octet-stream"]
            .contains(where: type.hasPrefix)
    }

    /// A few words for programs.
    static func text(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
