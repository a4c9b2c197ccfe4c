import Database
import StorageModel

extension Accounts {
    /// Writes down what somebody did. Texts are cut at 512 bytes.
    ///
    /// - Throws: `DatabaseError`.
    package func note(
        _ action: String, subject: String, detail: String = "", by actor: User?, email: String = "", from address: String
    ) async throws {
        let now = clock.now()
        let email = actor?.email ?? email
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO audit_log (at, actor, actor_email, action, subject, detail, address)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                [
                    SQLValue(now), SQLValue(actor?.id), SQLValue(Self.cut(email)), SQLValue(action),
                    SQLValue(Self.cut(subject)), SQLValue(Self.cut(detail)), SQLValue(address),
                ])
        }
    }

    /// What was done, the newest first.
    ///
    /// - Parameters:
    ///   - number: only entries before it; nil begins with the newest.
    ///   - actor: only this account's; nil for everybody's.
    ///   - subject: only what was done to this; nil for everything.
    /// - Throws: `DatabaseError`.
    package func auditLog(
        before number: Int64? = nil, actor: UserID? = nil, subject: String? = nil, limit: Int
    ) async throws -> [AuditEntry] {
        var conditions = ["number < ?1"]
        var arguments = [SQLValue(number ?? .max), SQLValue(limit)]
        if let actor {
            arguments.append(SQLValue(actor))
            conditions.append("actor = ?\(arguments.count)")
        }
        if let subject {
            arguments.append(SQLValue(subject))
            conditions.append("subject = ?\(arguments.count)")
        }
        let sql = """
            SELECT number, at, actor, actor_email, action, subject, detail, address FROM audit_log
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?2
            """
        return try await database.read { [arguments] session in
            try session.query(sql, arguments) { row in
                AuditEntry(
                    number: row.integer(0), at: row.timestamp(1), actor: try row.optionalID(2), actorEmail: row.text(3),
                    action: row.text(4), subject: row.text(5), detail: row.text(6), address: row.text(7))
            }
        }
    }

    private static func cut(_ text: String) -> String {
        var text = text
        while text.utf8.count > 512 { text.removeLast() }
        return text
    }
}
