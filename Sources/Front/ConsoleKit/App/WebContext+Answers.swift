package import HTTPTypes
package import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension WebContext {
    /// A page: a template filled with a model, in the frame that all pages have.
    ///
    /// - Parameters:
    ///   - model: a struct whose stored properties the template names.
    ///   - scripts: assets of the room, loaded as modules after the page.
    ///   - styles: assets of the room, after the kit's own.
    /// - Throws: `WebError` when there is no such template or asset, which a test of the page finds.
    package func page(
        _ template: String, title: String, shell: Shell, model: any Sendable, status: HTTPResponse.Status = .ok,
        scripts: [String] = [], styles: [String] = []
    ) throws -> Response {
        let parts = parts
        func address(_ name: String) throws -> String {
            guard let address = parts.assets.address(of: name) else { throw WebResourceError(name, "is no asset") }
            return address
        }
        let frame = Frame(
            title: title, shell: shell, path: path, csrf: csrf, theme: theme, flash: flash,
            styles: try ["kit.css"].map(address) + styles.map(address),
            scripts: try ["kit.js"].map(address) + scripts.map(address),
            icons: try address("icons.svg"), mark: try address("mark.svg"), template: template, model: model)
        guard parts.templates.contains(template), let text = parts.templates.render("kit-frame", frame) else {
            throw WebResourceError(template, "is no template")
        }
        var response = answer(text, type: "text/html; charset=utf-8", status: status)
        if flash != nil { response.setLine(parts.cookies.line(parts.cookies.flash, "", seconds: 0)) }
        return response
    }

    /// A piece of a page, for scripts that put it in place of an older one: the template without a frame.
    package func fragment(_ template: String, model: any Sendable) throws -> Response {
        guard let text = parts.templates.render(template, model) else {
            throw WebResourceError(template, "is no template")
        }
        return answer(text, type: "text/html; charset=utf-8", status: .ok)
    }

    /// A value as JSON, times in RFC 3339.
    package func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        return answer(text, type: "application/json", status: status)
    }

    /// Bytes as a file to keep.
    ///
    /// - Parameter fileName: of letters, digits, dots and hyphens; anything else becomes a hyphen.
    package func download(_ bytes: [UInt8], type: String, fileName: String) -> Response {
        let safe = fileName.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" }
        var response = answer(bytes, type: type, status: .ok)
        response.headers[.contentDisposition] = "attachment; filename=\"\(String(safe))\""
        return response
    }

    /// Leads to another page of this app, and says something there.
    ///
    /// - Parameter to: a path of this app; anything else leads to its first page.
    package func redirect(to path: String, flash: Flash? = nil) -> Response {
        var response = Response(status: .seeOther, headers: [.location: Self.ownPath(path)])
        if let flash {
            response.setLine(parts.cookies.line(parts.cookies.flash, flash.cookie, seconds: 60))
        }
        return response
    }

    /// A path that cannot lead a visitor to another site.
    package static func ownPath(_ path: String) -> String {
        guard path.hasPrefix("/"), !path.hasPrefix("//"), !path.hasPrefix("/\\"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") })
        else { return "/" }
        return path
    }

    private func answer(_ text: String, type: String, status: HTTPResponse.Status) -> Response {
        answer(Array(text.utf8), type: type, status: status)
    }

    private func answer(_ bytes: [UInt8], type: String, status: HTTPResponse.Status) -> Response {
        var headers: HTTPFields = [.contentType: type, .cacheControl: "private, no-store", .vary: "accept-encoding"]
        guard acceptsGzip, bytes.count >= Gzip.smallest, let small = Gzip.compress(bytes) else {
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        headers[.contentEncoding] = "gzip"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: small)))
    }
}

extension Response {
    /// The same answer, after which the browser is signed in.
    ///
    /// - Parameter lasting: how long the browser keeps the token; nil until it is closed.
    package func signingIn(_ token: SessionToken, lasting: Duration?, _ context: WebContext) -> Response {
        var response = self
        let cookies = context.parts.cookies
        response.setLine(cookies.line(cookies.session, token.text, seconds: lasting?.components.seconds))
        return response
    }

    /// The same answer, after which the browser is signed out.
    package func signingOut(_ context: WebContext) -> Response {
        var response = self
        let cookies = context.parts.cookies
        response.setLine(cookies.line(cookies.session, "", seconds: 0))
        return response
    }

    mutating func setLine(_ cookie: String) { headers.append(HTTPField(name: .setCookie, value: cookie)) }
}
