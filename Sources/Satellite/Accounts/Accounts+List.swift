import Database
package import StorageModel

extension Accounts {
    /// All users, oldest first.
    ///
    /// - Throws: `DatabaseError`.
    package func users() async throws -> [User] {
        try await database.read { session in
            try session.query("SELECT \(User.columns) FROM users ORDER BY created_at, id") { try User($0) }
        }
    }

    /// The user with an email address; nil when there is none.
    ///
    /// - Throws: `DatabaseError`.
    package func user(email: String) async throws -> User? {
        try await database.read { try User.fetch(email: email, in: $0) }
    }

    /// All projects, oldest first.
    ///
    /// - Throws: `DatabaseError`.
    package func projects() async throws -> [Project] {
        try await database.read { session in
            try session.query("SELECT \(Project.columns) FROM projects ORDER BY created_at, id") { try Project($0) }
        }
    }

    /// A project; nil when there is none.
    ///
    /// - Throws: `DatabaseError`.
    package func project(_ id: ProjectID) async throws -> Project? {
        try await database.read { try Project.fetch(id, in: $0) }
    }

    /// The API keys of a project, oldest first.
    ///
    /// - Throws: `DatabaseError`.
    package func apiKeys(project: ProjectID) async throws -> [APIKeyRecord] {
        try await database.read { session in
            try session.query(
                "SELECT \(APIKeyRecord.columns) FROM api_keys WHERE project_id = ?1 ORDER BY created_at, id",
                [SQLValue(project)]
            ) { try APIKeyRecord($0) }
        }
    }

    /// The limits that hold for a project.
    package func effectiveLimits(of project: Project) -> EffectiveLimits {
        settings.defaultLimits.overridden(by: project.limits)
    }
}
