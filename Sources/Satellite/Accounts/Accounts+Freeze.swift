import Database
import StorageModel

extension Accounts {
    /// Freezes an account or project, for one cause; doing it again changes nothing.
    ///
    /// - Returns: whether it was not frozen for this cause before.
    /// - Throws: `AccountsError.notFound`; `DatabaseError`.
    @discardableResult
    package func freeze(_ subject: Freeze.Subject, _ kind: Freeze.Kind, reason: String) async throws -> Bool {
        let now = clock.now()
        defer { invalidate() }
        return try await database.write { session in
            let isKnown =
                switch subject {
                case .user(let id): try User.fetch(id, in: session) != nil
                case .project(let id): try Project.fetch(id, in: session) != nil
                }
            guard isKnown else { throw AccountsError(.notFound, "there is nothing to freeze by that id") }
            return try session.execute(
                """
                INSERT INTO freezes (subject, is_project, kind, reason, since) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (subject, kind) DO NOTHING
                """,
                [
                    .blob(subject.id.bytes), SQLValue(subject.isProject), .text(kind.rawValue), .text(reason),
                    SQLValue(now),
                ]) > 0
        }
    }

    /// Lifts a freeze for one cause, or for all.
    ///
    /// - Returns: whether there was one.
    /// - Throws: `DatabaseError`.
    @discardableResult
    package func unfreeze(_ subject: Freeze.Subject, _ kind: Freeze.Kind? = nil) async throws -> Bool {
        defer { invalidate() }
        return try await database.write { session in
            try session.execute(
                "DELETE FROM freezes WHERE subject = ?1 AND (?2 IS NULL OR kind = ?2)",
                [.blob(subject.id.bytes), SQLValue(kind?.rawValue)]) > 0
        }
    }

    /// All freezes, the oldest first.
    ///
    /// - Throws: `DatabaseError`.
    package func freezes() async throws -> [Freeze] {
        try await database.read { session in
            try session.query("SELECT subject, is_project, kind, reason, since FROM freezes ORDER BY since, subject") {
                row in
                guard let kind = Freeze.Kind(rawValue: row.text(2)) else {
                    throw DatabaseError(.corrupt, "a freeze has no known cause")
                }
                let subject: Freeze.Subject =
                    row.bool(1) ? .project(try row.id(0, as: ProjectID.self)) : .user(try row.id(0, as: UserID.self))
                return Freeze(subject: subject, kind: kind, reason: row.text(3), since: row.timestamp(4))
            }
        }
    }
}

extension Freeze.Subject {
    var isProject: Bool {
        if case .project = self { true } else { false }
    }
}

extension Freeze {
    /// Whether a project or its owner is frozen for any cause.
    static func holds(_ project: Project, in session: SQLSession) throws -> Bool {
        try session.first(
            "SELECT 1 FROM freezes WHERE subject = ?1 OR subject = ?2 LIMIT 1",
            [SQLValue(project.id), SQLValue(project.ownerID)]
        ) { _ in true } ?? false
    }
}
