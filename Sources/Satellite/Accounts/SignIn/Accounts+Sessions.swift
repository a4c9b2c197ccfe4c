import Database
package import StorageModel

extension Accounts {
    private static let sessionColumns = """
        s.digest, s.created_at, s.seen_at, s.expires_at, s.address, s.agent, COALESCE(i.is_operator, 0),
        u.id, u.email, u.name, u.is_disabled, u.created_at
        """
    private static let sessionTables = """
        web_sessions s JOIN users u ON u.id = s.user_id LEFT JOIN sign_ins i ON i.user_id = s.user_id
        """

    /// Begins a session.
    ///
    /// - Parameter digest: SHA-256 of the browser's secret.
    /// - Throws: `DatabaseError`.
    package func beginSession(_ digest: Bytes32, of user: UserID, address: String, agent: String) async throws {
        let now = clock.now()
        let expires = now.advanced(by: settings.sessionLifetime)
        let idle = now.advanced(by: .zero - settings.sessionIdleTime)
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO web_sessions (digest, user_id, created_at, seen_at, expires_at, address, agent)
                VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6)
                """,
                [
                    SQLValue(digest.bytes), SQLValue(user), SQLValue(now), SQLValue(expires), SQLValue(address),
                    SQLValue(String(agent.prefix(256))),
                ])
            // Whoever signs in sweeps: what has ended needs no chore of its own.
            try session.execute(
                "DELETE FROM web_sessions WHERE expires_at < ?1 OR seen_at < ?2",
                [SQLValue(now), SQLValue(idle)])
        }
    }

    /// The session of a secret, touched; nil for one that is unknown, ended, idle for too long or of a disabled account.
    ///
    /// - Throws: `DatabaseError`.
    package func session(_ digest: Bytes32) async throws -> WebSessionRecord? {
        let now = clock.now()
        let found = try await database.read { session in
            try session.first(
                "SELECT \(Self.sessionColumns) FROM \(Self.sessionTables) WHERE s.digest = ?1", [SQLValue(digest.bytes)],
                Self.session)
        }
        guard let found, found.expiresAt > now, !found.user.isDisabled,
            now.duration(since: found.seenAt) < settings.sessionIdleTime
        else { return nil }
        // Once a minute is exact enough, and spares a write a page.
        if now.duration(since: found.seenAt) >= .seconds(60) {
            try await database.write { session in
                try session.execute(
                    "UPDATE web_sessions SET seen_at = ?2 WHERE digest = ?1", [SQLValue(digest.bytes), SQLValue(now)])
            }
        }
        return found
    }

    /// An account's sessions, the one seen last first.
    ///
    /// - Throws: `DatabaseError`.
    package func sessions(of user: UserID) async throws -> [WebSessionRecord] {
        try await database.read { session in
            try session.query(
                "SELECT \(Self.sessionColumns) FROM \(Self.sessionTables) WHERE s.user_id = ?1 ORDER BY s.seen_at DESC",
                [SQLValue(user)], Self.session)
        }
    }

    /// Ends a session of an account.
    ///
    /// - Returns: false when he has none of that name.
    /// - Throws: `DatabaseError`.
    @discardableResult
    package func endSession(_ digest: Bytes32, of user: UserID) async throws -> Bool {
        try await database.write { session in
            try session.execute(
                "DELETE FROM web_sessions WHERE digest = ?1 AND user_id = ?2", [SQLValue(digest.bytes), SQLValue(user)])
        } > 0
    }

    private static func session(_ row: SQLRow) throws -> WebSessionRecord {
        guard let digest = Bytes32(row.blob(0)) else { throw AccountsError(.invalid, "a session's hash has 32 bytes") }
        return WebSessionRecord(
            digest: digest,
            user: User(
                id: try row.id(7), email: row.text(8), name: row.text(9), isDisabled: row.bool(10),
                createdAt: row.timestamp(11)),
            isOperator: row.bool(6), createdAt: row.timestamp(1), seenAt: row.timestamp(2), expiresAt: row.timestamp(3),
            address: row.text(4), agent: row.text(5))
    }
}
