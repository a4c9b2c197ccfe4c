import Accounts
import Chores
import Logging
import MailDoor

/// Hands waiting mail to a server, again and again until it is taken or of no use any more.
struct Postman: Sendable {
    /// Hands one mail to a server.
    typealias Sending = @Sendable (MailMessage) async throws -> Void
    private static let batchSize = 50
    /// Mails that fail in a row before the rest waits for the next round: the server is away.
    private static let patience = 3
    let parts: ConsoleParts
    let send: Sending

    /// The recurring work; whoever posts a mail triggers it.
    func cycle() -> Cycle {
        Cycle(
            name: "console-mail", interval: .seconds(15), startsImmediately: true, sleeper: parts.sleeper, clock: parts.clock,
            logger: parts.logger
        ) { try await work() }
    }

    func work() async throws {
        var failures = 0
        for mail in try await parts.accounts.dueMail(limit: Self.batchSize) {
            guard let to = MailAddress(mail.to) else {
                parts.logger.warning("a mail cannot be sent to what is no address", metadata: ["mail": "\(mail.number)"])
                try await parts.accounts.forgetMail(mail.number)
                continue
            }
            do {
                try await send(MailMessage(to: to, subject: mail.subject, text: mail.text))
                failures = 0
            } catch {
                try Task.checkCancellation()
                parts.logger.warning("a mail was not taken", metadata: ["mail": "\(mail.number)", "reason": "\(error)"])
                try await parts.accounts.postpone(mail, because: "\(error)")
                failures += 1
                if failures == Self.patience { return }
                continue
            }
            try await parts.accounts.forgetMail(mail.number)
        }
    }
}
