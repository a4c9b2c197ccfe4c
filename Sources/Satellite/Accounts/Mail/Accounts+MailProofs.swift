import Crypto
import Database
import Foundation
import StorageModel

/// What somebody may do who can read an account's mail.
package enum MailProof: Int, Hashable, Sendable, CaseIterable {
    /// Say that the address is his.
    case address = 1
    /// Set a new password.
    case password = 2

    /// How long a link of it holds.
    package var lifetime: Duration {
        switch self {
        case .address: .seconds(3 * 86_400)
        case .password: .seconds(3600)
        }
    }
}

extension Accounts {
    /// Two mails of a kind to one address are at least this far apart: nobody's mailbox is filled by others.
    private static let mailPause = Duration.seconds(120)

    /// Mails a secret to an account's address; earlier ones of the kind hold no longer.
    ///
    /// - Parameter mail: the mail for a secret, which is kept as a hash only.
    /// - Returns: false when there was one a moment ago, and nothing is sent.
    /// - Throws: `AccountsError.busy` when too many mails wait; `DatabaseError`.
    @discardableResult
    package func mail(
        _ proof: MailProof, to user: User, _ mail: @escaping @Sendable (_ secret: String) -> OutgoingMail
    ) async throws -> Bool {
        let now = clock.now()
        let secret = Base32.encode(random.bytes(count: 20)).lowercased()
        return try await database.write { session in
            try session.execute("DELETE FROM mail_proofs WHERE expires_at <= ?1", [SQLValue(now)])
            let last = try session.first(
                "SELECT created_at FROM mail_proofs WHERE user_id = ?1 AND purpose = ?2",
                [SQLValue(user.id), SQLValue(proof.rawValue)]) { $0.timestamp(0) }
            if let last, last <= now, now.duration(since: last) < Self.mailPause { return false }
            try session.execute(
                "DELETE FROM mail_proofs WHERE user_id = ?1 AND purpose = ?2", [SQLValue(user.id), SQLValue(proof.rawValue)])
            try session.execute(
                "INSERT INTO mail_proofs (digest, user_id, purpose, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                [
                    .blob(Self.digest(of: secret, proof)), SQLValue(user.id), SQLValue(proof.rawValue), SQLValue(now),
                    SQLValue(now.advanced(by: proof.lifetime)),
                ])
            try Self.post(mail(secret), at: now, in: session)
            return true
        }
    }

    /// Whose secret that is; nil when it is unknown, used or over.
    ///
    /// - Throws: `DatabaseError`.
    package func holder(of secret: String, _ proof: MailProof) async throws -> User? {
        let now = clock.now()
        return try await database.read { try Self.holder(of: secret, proof, at: now, in: $0) }
    }

    /// Believes that an address is its account's.
    ///
    /// - Throws: `AccountsError.notFound` when the secret is over; `DatabaseError`.
    package func confirmAddress(_ secret: String) async throws -> User {
        let now = clock.now()
        return try await database.write { session in
            guard let user = try Self.holder(of: secret, .address, at: now, in: session) else { throw Self.isOver }
            try Self.confirm(user.id, at: now, in: session)
            return user
        }
    }

    /// Gives an account a new password, which ends its sessions and its lock. Codes of the phone are asked for as before.
    ///
    /// - Parameter notice: a mail that tells of it; nil for none.
    /// - Throws: `AccountsError` `.invalid`, `.notFound` when the secret is over, `.busy`; `DatabaseError`.
    package func resetPassword(
        _ secret: String, to password: String, notice: (@Sendable (User) -> OutgoingMail)? = nil
    ) async throws -> User {
        // Hashing is dear: not for who guesses secrets.
        guard try await holder(of: secret, .password) != nil else { throw Self.isOver }
        try Self.validate(password: password)
        let encoded = try await passwords.hash(password)
        let now = clock.now()
        return try await database.write { session in
            guard let user = try Self.holder(of: secret, .password, at: now, in: session) else { throw Self.isOver }
            var row = try SignInRow.fetch(user.id, in: session) ?? SignInRow()
            (row.password, row.failures, row.lockedUntil) = (encoded, 0, nil)
            try row.write(user.id, in: session)
            try session.execute("DELETE FROM web_sessions WHERE user_id = ?1", [SQLValue(user.id)])
            try session.execute("DELETE FROM mail_proofs WHERE user_id = ?1", [SQLValue(user.id)])
            // Who has read the mail has shown whose the address is.
            try Self.confirm(user.id, at: now, in: session)
            if let notice { try Self.post(notice(user), at: now, in: session) }
            return user
        }
    }

    private static let isOver = AccountsError(.notFound, "this link is over, or was used already")

    private static func holder(
        of secret: String, _ proof: MailProof, at now: Timestamp, in session: SQLSession
    ) throws -> User? {
        let id = try session.first(
            "SELECT user_id FROM mail_proofs WHERE digest = ?1 AND purpose = ?2 AND expires_at > ?3",
            [.blob(digest(of: secret, proof)), SQLValue(proof.rawValue), SQLValue(now)]) { try $0.id(0, as: UserID.self) }
        guard let id, let user = try User.fetch(id, in: session), !user.isDisabled else { return nil }
        return user
    }

    private static func confirm(_ user: UserID, at now: Timestamp, in session: SQLSession) throws {
        try session.execute(
            "UPDATE sign_ins SET confirmed_at = COALESCE(confirmed_at, ?2) WHERE user_id = ?1", [SQLValue(user), SQLValue(now)])
        try session.execute(
            "DELETE FROM mail_proofs WHERE user_id = ?1 AND purpose = ?2",
            [SQLValue(user), SQLValue(MailProof.address.rawValue)])
    }

    private static func digest(of secret: String, _ proof: MailProof) -> [UInt8] {
        Array(SHA256.hash(data: Data("storj mail proof \(proof.rawValue) \(secret)".utf8)))
    }
}
