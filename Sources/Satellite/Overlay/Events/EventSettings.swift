/// How events of nodes reach people.
package struct EventSettings: Sendable, Hashable {
    /// An `http://` address that events are posted to; empty for none. For TLS put a relay on the same machine.
    package var webhook = ""
    /// A program with its arguments, separated by spaces, that reads one mail from its standard input, recipients
    /// included, like `/usr/sbin/sendmail -t`; empty for none.
    package var mailCommand = ""
    /// Who those mails are from.
    package var mailSender = ""
    /// How long one delivery may take.
    package var timeout: Duration = .seconds(30)
    /// The pause after which the same recurring event of a node is worth another message.
    package var cooldown: Duration = .seconds(86400)
    /// The pause between two deliveries.
    package var interval: Duration = .seconds(60)
    /// The pause after which an event that did not reach all is sent again.
    package var retryInterval: Duration = .seconds(600)
    /// How often an event is sent at most, before it is given up.
    package var attempts = 10
    /// How long events are kept.
    package var lifetime: Duration = .seconds(90 * 86400)

    /// The defaults.
    package init() {}
}
