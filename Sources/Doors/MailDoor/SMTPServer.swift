import Foundation

/// Where mail is handed in: `smtps://host:465` speaks TLS at once, `smtp://host:587` changes to TLS (STARTTLS), which only a
/// server on this machine may do without.
package struct SMTPServer: Hashable, Sendable {
    package var host: String
    package var port: Int
    /// TLS from the first byte.
    package var isSecure: Bool

    /// Nil for what names no server.
    package init?(_ text: String) {
        guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty, url.path.isEmpty || url.path == "/",
            url.scheme == "smtp" || url.scheme == "smtps", url.user == nil
        else { return nil }
        self.host = host
        isSecure = url.scheme == "smtps"
        port = url.port ?? (isSecure ? 465 : 587)
        guard (1...65535).contains(port) else { return nil }
    }

    /// Whether it is this machine.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
