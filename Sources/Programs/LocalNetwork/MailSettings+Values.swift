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
        let text = values.text(sender)
        guard let from = text.isEmpty ? address : MailAddress(text) else { throw values.refusal(of: sender, expected: "an address of mail") }
        guard let server = SMTPServer(values.text("\(prefix).smtp")) else {
            throw values.refusal(of: "\(prefix).smtp", expected: "smtps://host:465 or smtp://host:587")
        }
        self.init(
            server: server, user: values.text("\(prefix).smtp_user"), password: values.text("\(prefix).smtp_password"),
            from: from, name: name)
    }
}
