import Database
package import Macaroons
package import StorageModel

extension Accounts {
    /// Creates a user.
    ///
    /// - Parameter email: unique, 3 to 254 bytes with an `@`.
    /// - Throws: `AccountsError` `.invalid`, `.alreadyExists`; `DatabaseError`.
    package func createUser(email: String, name: String) async throws -> User {
        guard (3...254).contains(email.utf8.count), email.contains("@") else {
            throw AccountsError(.invalid, "an email address has 3 to 254 bytes and an @")
        }
        try validate(name: name)
        let user = User(
            id: .random(using: random), email: email, name: name, isDisabled: false,
            createdAt: clock.now().truncatedToMicroseconds)
        try await database.write { session in
            guard try User.fetch(email: email, in: session) == nil else {
                throw AccountsError(.alreadyExists, "a user with this email address exists")
            }
            try user.insert(in: session)
        }
        return user
    }

    /// Creates a project with a random salt.
    ///
    /// - Throws: `AccountsError` `.invalid`, `.notFound` for an unknown owner; `DatabaseError`.
    package func createProject(
        name: String, owner: UserID, limits: ProjectLimits = ProjectLimits(), userAgent: [UInt8] = []
    ) async throws -> Project {
        try validate(name: name)
        try validate(limits)
        let project = Project(
            id: .random(using: random), publicID: .random(using: random), ownerID: owner, name: name,
            salt: random.bytes(count: 16), limits: limits, isDisabled: false, userAgent: userAgent,
            createdAt: clock.now().truncatedToMicroseconds)
        try await database.write { session in
            guard try User.fetch(owner, in: session) != nil else {
                throw AccountsError(.notFound, "there is no user \(owner)")
            }
            try project.insert(in: session)
        }
        return project
    }

    /// Mints an API key for a project.
    ///
    /// - Parameter name: unique in the project.
    /// - Returns: the record, and the unrestricted key to hand to its user; it can be made again from the record.
    /// - Throws: `AccountsError` `.invalid`, `.notFound`, `.alreadyExists`; `DatabaseError`.
    package func createAPIKey(
        project: ProjectID, name: String, features: APIKeyFeatures = [.objectLock], userAgent: [UInt8] = []
    ) async throws -> (record: APIKeyRecord, key: APIKey) {
        let (key, secret) = APIKey.mint(using: random)
        let record = try await importAPIKey(
            project: project, name: name, head: key.head, secret: secret, features: features, userAgent: userAgent)
        return (record, key)
    }

    /// Takes in an API key made elsewhere.
    ///
    /// - Parameters:
    ///   - head: unique, 1 to 64 bytes.
    ///   - secret: 1 to 64 bytes.
    /// - Throws: `AccountsError` `.invalid`, `.notFound`, `.alreadyExists`; `DatabaseError`.
    package func importAPIKey(
        project: ProjectID, name: String, head: [UInt8], secret: [UInt8], features: APIKeyFeatures = [.objectLock],
        userAgent: [UInt8] = []
    ) async throws -> APIKeyRecord {
        try validate(name: name)
        guard (1...64).contains(head.count), (1...64).contains(secret.count) else {
            throw AccountsError(.invalid, "head and secret of an API key have 1 to 64 bytes each")
        }
        let record = APIKeyRecord(
            id: .random(using: random), projectID: project, head: head, secret: secret, features: features,
            name: name, userAgent: userAgent, createdAt: clock.now().truncatedToMicroseconds)
        try await database.write { session in
            guard try Project.fetch(project, in: session) != nil else {
                throw AccountsError(.notFound, "there is no project \(project)")
            }
            guard try APIKeyRecord.fetch(head: head, in: session) == nil else {
                throw AccountsError(.alreadyExists, "an API key with this head exists")
            }
            guard try APIKeyRecord.fetch(project: project, name: name, in: session) == nil else {
                throw AccountsError(.alreadyExists, "an API key with this name exists in the project")
            }
            try record.insert(in: session)
        }
        return record
    }

    /// Replaces a project's own limits.
    ///
    /// - Throws: `AccountsError` `.invalid`, `.notFound`; `DatabaseError`.
    package func setLimits(_ limits: ProjectLimits, project: ProjectID) async throws {
        try validate(limits)
        try await change("project", project) { session in
            try session.execute(
                """
                UPDATE projects SET storage_limit = ?2, bandwidth_limit = ?3, segment_limit = ?4, bucket_limit = ?5,
                    rate_limit = ?6, burst_limit = ?7 WHERE id = ?1
                """, [SQLValue(project)] + limits.values)
        }
    }

    /// Disables a project, whose keys are then refused, or enables it again.
    ///
    /// - Throws: `AccountsError.notFound`; `DatabaseError`.
    package func setDisabled(_ isDisabled: Bool, project: ProjectID) async throws {
        try await change("project", project) { session in
            try session.execute(
                "UPDATE projects SET is_disabled = ?2 WHERE id = ?1", [SQLValue(project), SQLValue(isDisabled)])
        }
    }

    /// Disables a user, and with it all keys of the user's projects, or enables the user again.
    ///
    /// - Throws: `AccountsError.notFound`; `DatabaseError`.
    package func setDisabled(_ isDisabled: Bool, user: UserID) async throws {
        try await change("user", user) { session in
            try session.execute(
                "UPDATE users SET is_disabled = ?2 WHERE id = ?1", [SQLValue(user), SQLValue(isDisabled)])
        }
    }

    /// Deletes an API key: it and all keys restricted from it are unknown from now on.
    ///
    /// - Throws: `AccountsError.notFound`; `DatabaseError`.
    package func deleteAPIKey(_ id: APIKeyID) async throws {
        try await change("API key", id) { session in
            try session.execute("DELETE FROM revocations WHERE api_key_id = ?1", [SQLValue(id)])
            return try session.execute("DELETE FROM api_keys WHERE id = ?1", [SQLValue(id)])
        }
    }

    private func change<ID: FixedBytesID>(
        _ kind: String, _ id: ID, _ body: @escaping @Sendable (SQLSession) throws -> Int
    ) async throws {
        // Also after a failure: a commit whose answer was lost may have happened.
        defer { invalidate() }
        try await database.write { session in
            guard try body(session) > 0 else { throw AccountsError(.notFound, "there is no \(kind) \(id)") }
        }
    }

    private func validate(name: String) throws {
        guard (1...256).contains(name.utf8.count) else {
            throw AccountsError(.invalid, "a name has 1 to 256 bytes")
        }
    }

    private func validate(_ limits: ProjectLimits) throws {
        guard limits.isValid else { throw AccountsError(.invalid, "limits are not negative") }
    }
}
