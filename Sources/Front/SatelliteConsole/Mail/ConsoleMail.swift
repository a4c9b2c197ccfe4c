import Accounts
import MailDoor
import StorageModel

/// What the console writes to people.
struct ConsoleMail: Sendable {
    private static let noticeLifetime = Duration.seconds(3 * 86_400)
    let brand: String
    /// The console's address, without a slash at its end.
    let origin: String

    func confirmation(of user: User, _ secret: String) -> OutgoingMail {
        OutgoingMail(
            to: user.email, subject: "Confirm your address for \(brand)",
            text: """
                Hello \(user.name),

                an account of \(brand) was opened with this address. If that was you, say so here within three days:

                \(origin)/confirm/\(secret)

                If it was not, do nothing.

                """, lifetime: MailProof.address.lifetime)
    }

    func newPassword(for user: User, _ secret: String) -> OutgoingMail {
        OutgoingMail(
            to: user.email, subject: "A new password for \(brand)",
            text: """
                Hello \(user.name),

                somebody asked for a new password of your account. If that was you, choose one here within an hour:

                \(origin)/reset/\(secret)

                If it was not, do nothing: your password is as it was.

                Your files are encrypted with a passphrase of their own, which nobody can send you.

                """, lifetime: MailProof.password.lifetime)
    }

    func passwordChanged(of user: User) -> OutgoingMail {
        OutgoingMail(
            to: user.email, subject: "Your password for \(brand) is a new one",
            text: """
                Hello \(user.name),

                your account has a new password, and all browsers are signed out. If that was not you, ask for another one at
                once: \(origin)/forgot

                """, lifetime: Self.noticeLifetime)
    }

    func invitation(_ email: String, _ secret: String, to project: Project, as role: ProjectRole, by inviter: User) -> OutgoingMail {
        OutgoingMail(
            to: email, subject: "\(inviter.email) asks you to join \(project.name)",
            text: """
                Hello,

                \(inviter.name) (\(inviter.email)) asks you to join the project \(project.name) on \(brand) as \(role.name). The
                invitation holds for a week and for this address:

                \(origin)/invitations/\(secret)

                The files' passphrase is not in it; ask for it.

                """, lifetime: Accounts.invitationLifetime)
    }
}
