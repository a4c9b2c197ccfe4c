package import Foundation
package import MailDoor

/// Where a farmer wants to hear of his node.
package struct AlertSettings: Hashable, Sendable {
    /// A URL that messages are posted to as JSON; nil for none.
    package var webhook: URL?
    /// Signs what is posted; empty for no signature.
    package var webhookSecret = ""
    /// How mail is sent; nil for none.
    package var mail: MailSettings?
    /// Whom to.
    package var mailTo: MailAddress?

    package init() {}

    /// The ways that are set.
    package var ways: [AlertWay] {
        (webhook == nil ? [] : [.webhook]) + (mail == nil || mailTo == nil ? [] : [.mail])
    }
}

/// How a message travels.
package enum AlertWay: String, Hashable, Sendable, CaseIterable {
    case webhook, mail
}
