/// A mail to one address, in plain text.
package struct MailMessage: Hashable, Sendable {
    package var to: MailAddress
    /// One line; ends of lines in it become blanks.
    package var subject: String
    package var text: String

    package init(to: MailAddress, subject: String, text: String) {
        self.to = to
        self.subject = subject
        self.text = text
    }
}
