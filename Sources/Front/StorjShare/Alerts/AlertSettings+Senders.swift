package import Chores
import MailDoor
package import NIOSSL
package import StorageModel

extension AlertSettings {
    /// How each way that is set sends.
    ///
    /// - Parameter tls: whom mail servers' certificates must be signed by.
    package func senders(
        random: RandomSource, sleeper: Sleeper, tls: TLSConfiguration = .makeClientConfiguration()
    ) -> [AlertWay: AlertKeeper.Sending] {
        var senders: [AlertWay: AlertKeeper.Sending] = [:]
        if let webhook {
            let hook = AlertWebhook(url: webhook, secret: webhookSecret)
            senders[.webhook] = { try await hook.send($0) }
        }
        if let mail, let mailTo {
            let client = SMTPClient(mail, tls: tls, sleeper: sleeper)
            senders[.mail] = { message in
                try await client.send(message.mail(to: mailTo), at: message.time, random: random)
            }
        }
        return senders
    }
}
