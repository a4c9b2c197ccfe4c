import HTTPTypes
import Hummingbird

/// The names of an app's cookies, and their text.
///
/// Over TLS they carry `__Host-`, which browsers tie to the one host. Over plain HTTP the port is in the name: cookies
/// know no ports, and several apps on one machine would take each other's.
struct WebCookies: Sendable {
    let session: String
    let visitor: String
    let flash: String
    let isSecure: Bool

    init(name: String, settings: WebSettings) {
        isSecure = settings.isSecure
        let base = isSecure ? "__Host-\(name)" : "\(name)-\(settings.port)"
        session = "\(base)-session"
        visitor = "\(base)-visitor"
        flash = "\(base)-flash"
    }

    /// A `Set-Cookie` line; without seconds it ends with the browser, with 0 it ends now.
    func line(_ name: String, _ value: String, seconds: Int64? = nil) -> String {
        var line = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax"
        if isSecure { line += "; Secure" }
        if let seconds { line += "; Max-Age=\(seconds)" }
        return line
    }

    /// The cookies of a request by name; of two with the same name, the first counts.
    static func parse(_ headers: HTTPFields) -> [String: Substring] {
        var cookies: [String: Substring] = [:]
        for pair in headers[values: .cookie].flatMap({ $0.split(separator: ";") }).prefix(50) {
            guard let equals = pair.firstIndex(of: "=") else { continue }
            let name = String(pair[..<equals].drop { $0 == " " })
            if cookies[name] == nil { cookies[name] = pair[equals...].dropFirst() }
        }
        return cookies
    }
}
