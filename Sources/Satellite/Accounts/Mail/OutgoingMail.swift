package import StorageModel

/// A mail to the holder of an account, kept until it is sent or of no use any more.
package struct OutgoingMail: Hashable, Sendable {
    /// An address as people gave it; what sends mail judges whether it is one.
    package var to: String
    package var subject: String
    package var text: String
    /// How long it is worth sending.
    package var lifetime: Duration

    package init(to: String, subject: String, text: String, lifetime: Duration) {
        self.to = to
        self.subject = subject
        self.text = text
        self.lifetime = lifetime
    }
}

/// A mail that waits.
package struct WaitingMail: Hashable, Sendable {
    /// Counted up.
    package let number: Int64
    package let to: String
    package let subject: String
    package let text: String
    /// How often it was tried.
    package let attempts: Int
    package let expiresAt: Timestamp
}
