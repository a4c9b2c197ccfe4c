import Installation
import MailDoor

extension MailSettings {
    /// The server that `PREFIX.smtp`, `PREFIX.smtp_user` and `PREFIX.smtp_password` name.
    ///
    /// - Parameters:
    ///   - sender: the setting that says whom mails come from.
    ///   - address: whom they come from when that is empty; nil when it may not be.
    /// - Throws: `SettingsError.badValue`.
    init(_ values: SettingsValues, prefix: String, from sender: String, else address: MailAddress?, name: String) throws {
        func refused(_ key: String, _ expected: String) -> SettingsError {
            .badValue(key: key, text: values.text(key), origin: values.origin(key), expected: expected)
        }
        let text = values.text(sender)
        guard let from = text.isEmpty ? address : MailAddress(text) else { throw refused(sender, "an address of mail") }
        guard let server = SMTPServer(values.text("\(prefix).smtp")) else {
            throw refused("\(prefix).smtp", "smtps://host:465 or smtp://host:587")
        }
        self.init(
            server: server, user: values.text("\(prefix).smtp_user"), password: values.text("\(prefix).smtp_password"),
            from: from, name: name)
    }
}
