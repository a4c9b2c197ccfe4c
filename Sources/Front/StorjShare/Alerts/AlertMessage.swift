package import MailDoor
package import StorageModel

/// What a farmer is told of his node, by whatever way.
package struct AlertMessage: Hashable, Sendable, Codable {
    /// Why it is told now.
    package enum Occasion: String, Hashable, Sendable, Codable {
        case began, lasts, ended, test
    }

    package var occasion: Occasion
    /// What it is about, the same for as long as it lasts: `disk/full`.
    package var kind: String
    /// `warning` or `broken`.
    package var severity: String
    package var sentence: String
    package var advice: String
    /// The node's id.
    package var node: String
    /// Seconds since 1970 when it began.
    package var since: Int64
    /// Seconds since 1970 when this was written.
    package var time: Int64

    /// - Parameters:
    ///   - since: seconds since 1970 when it began.
    ///   - time: seconds since 1970 when this was written.
    package init(
        occasion: Occasion, kind: String, severity: String, sentence: String, advice: String, node: String, since: Int64,
        time: Int64
    ) {
        self.occasion = occasion
        self.kind = kind
        self.severity = severity
        self.sentence = sentence
        self.advice = advice
        self.node = node
        self.since = since
        self.time = time
    }

    /// One line for subjects and logs.
    package var subject: String {
        switch occasion {
        case .began: sentence
        case .lasts: "Still: \(sentence)"
        case .ended: "Over: \(sentence)"
        case .test: "A test alert of your storage node"
        }
    }

    /// It as mail.
    package func mail(to address: MailAddress) -> MailMessage {
        MailMessage(
            to: address, subject: "[storj] \(subject)",
            text: """
                \(subject)

                \(advice)

                Node: \(node)
                Since: \(MailText.date(since))
                About: \(kind) (\(severity))

                """)
    }

    /// A message that tries the ways.
    package static func test(node: NodeID, at now: Timestamp) -> AlertMessage {
        AlertMessage(
            occasion: .test, kind: "test", severity: "notice", sentence: "Alerts of this node arrive here.",
            advice: "Somebody pressed the button on the page of alerts.", node: "\(node)", since: now.seconds, time: now.seconds)
    }
}
