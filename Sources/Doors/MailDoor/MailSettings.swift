/// A server that takes mail, and whom mail comes from.
package struct MailSettings: Hashable, Sendable {
    package var server: SMTPServer
    /// Who hands mail in; empty for nobody.
    package var user: String
    package var password: String
    package var from: MailAddress
    /// Whom programs show as the sender.
    package var name: String

    package init(server: SMTPServer, user: String = "", password: String = "", from: MailAddress, name: String) {
        self.server = server
        self.user = user
        self.password = password
        self.from = from
        self.name = name
    }
}
