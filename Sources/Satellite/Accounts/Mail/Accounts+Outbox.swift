import Database
import StorageModel

extension Accounts {
    /// The pause after the first failure; each later one is twice as long.
    private static let firstPause = Duration.seconds(30)
    private static let longestPause = Duration.seconds(3600)
    /// Mails that wait at most: who makes more than a server takes is no reason to fill the disk.
    private static let outboxCapacity = 10_000

    /// Keeps a mail to be sent.
    ///
    /// - Throws: `AccountsError.busy` when too many wait; `DatabaseError`.
    package func post(_ mail: OutgoingMail) async throws {
        let now = clock.now()
        try await database.write { try Self.post(mail, at: now, in: $0) }
    }

    /// Keeps a mail together with what it tells of.
    static func post(_ mail: OutgoingMail, at now: Timestamp, in session: SQLSession) throws {
        let waiting = try session.first("SELECT COUNT(*) FROM outgoing_mail") { $0.int(0) } ?? 0
        guard waiting < outboxCapacity else { throw AccountsError(.busy, "too many mails wait to be sent") }
        try session.execute(
            """
            INSERT INTO outgoing_mail (recipient, subject, body, created_at, expires_at, attempts, next_attempt)
            VALUES (?1, ?2, ?3, ?4, ?5, 0, ?4)
            """,
            [
                SQLValue(mail.to), SQLValue(mail.subject), SQLValue(mail.text), SQLValue(now),
                SQLValue(now.advanced(by: mail.lifetime)),
            ])
    }

    /// The mails that are to be tried now, the oldest first; those that are of no use any more are forgotten.
    ///
    /// - Throws: `DatabaseError`.
    package func dueMail(limit: Int) async throws -> [WaitingMail] {
        let now = clock.now()
        let due = try await database.read { session in
            try session.query(
                """
                SELECT number, recipient, subject, body, attempts, expires_at FROM outgoing_mail
                WHERE next_attempt <= ?1 ORDER BY number LIMIT ?2
                """, [SQLValue(now), SQLValue(limit)]
            ) { row in
                WaitingMail(
                    number: row.integer(0), to: row.text(1), subject: row.text(2), text: row.text(3), attempts: row.int(4),
                    expiresAt: row.timestamp(5))
            }
        }
        guard due.contains(where: { $0.expiresAt <= now }) else { return due }
        try await database.write { session in
            try session.execute("DELETE FROM outgoing_mail WHERE expires_at <= ?1", [SQLValue(now)])
        }
        return due.filter { $0.expiresAt > now }
    }

    /// Forgets a mail: its server has it, or it can never be sent.
    ///
    /// - Throws: `DatabaseError`.
    package func forgetMail(_ number: Int64) async throws {
        try await database.write { session in
            try session.execute("DELETE FROM outgoing_mail WHERE number = ?1", [.integer(number)])
        }
    }

    /// Notes that a mail could not be sent; it is tried again after a pause.
    ///
    /// - Throws: `DatabaseError`.
    package func postpone(_ mail: WaitingMail, because reason: String) async throws {
        let pause = min(Self.firstPause * (1 << min(mail.attempts, 20)), Self.longestPause)
        let next = clock.now().advanced(by: pause)
        try await database.write { session in
            try session.execute(
                "UPDATE outgoing_mail SET attempts = attempts + 1, next_attempt = ?2, last_error = ?3 WHERE number = ?1",
                [.integer(mail.number), SQLValue(next), SQLValue(String(reason.prefix(500)))])
        }
    }

    /// How many mails wait, and why the newest that failed did.
    ///
    /// - Throws: `DatabaseError`.
    package func waitingMail() async throws -> (count: Int, problem: String?) {
        try await database.read { session in
            let count = try session.first("SELECT COUNT(*) FROM outgoing_mail") { $0.int(0) }
            let problem = try session.first(
                "SELECT last_error FROM outgoing_mail WHERE last_error IS NOT NULL ORDER BY number DESC LIMIT 1"
            ) { $0.text(0) }
            return (count ?? 0, problem)
        }
    }
}
