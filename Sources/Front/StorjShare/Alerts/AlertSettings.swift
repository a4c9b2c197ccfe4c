package import Foundation

/// Where a farmer wants to hear of his node.
package struct AlertSettings: Hashable, Sendable {
    /// A URL that messages are posted to as JSON; nil for none.
    package var webhook: URL?
    /// Signs what is posted; empty for no signature.
    package var webhookSecret = ""
    /// How mail is sent; nil for none.
    package var mail: MailSettings?

    package init() {}

    /// The ways that are set.
    package var ways: [AlertWay] {
        (webhook == nil ? [] : [.webhook]) + (mail == nil ? [] : [.mail])
    }
}

/// How a message travels.
package enum AlertWay: String, Hashable, Sendable, CaseIterable {
    case webhook, mail
}

/// A server that takes mail, and from whom to whom.
package struct MailSettings: Hashable, Sendable {
    package var server: SMTPServer
    package var user: String
    package var password: String
    package var from: MailAddress
    package var to: MailAddress

    package init(server: SMTPServer, user: String = "", password: String = "", from: MailAddress, to: MailAddress) {
        self.server = server
        self.user = user
        self.password = password
        self.from = from
        self.to = to
    }
}

/// An address of mail that can stand in a command: no blanks, no brackets, no control characters.
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Nil for what is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let allowed = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !#"<>()[]\,;:""#.utf8.contains($0) }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, text.utf8.count <= 254, allowed else { return nil }
        description = text
    }
}

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
