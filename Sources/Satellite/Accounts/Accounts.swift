package import Database
package import Logging
package import StorageModel

/// Users, projects, API keys and revocations: who may use the satellite, and how much of it.
///
/// The authorizer's questions are answered from bounded caches; every change made through this object empties them,
/// so a revoked key is refused from the next request on.
package final class Accounts: Sendable {
    let database: Database
    let settings: AccountsSettings
    let clock: WallClock
    let random: RandomSource
    let logger: Logger
    let passwords: PasswordHasher
    private let lookups: AccountsCache<[UInt8], KeyLookup>
    private let revocations: AccountsCache<Bytes32, Bool>

    /// The accounts in a database; call `migrate()` before anything else.
    package init(
        database: Database, settings: AccountsSettings, clock: WallClock, random: RandomSource, logger: Logger
    ) {
        self.database = database
        self.settings = settings
        self.clock = clock
        self.random = random
        self.logger = logger
        passwords = PasswordHasher(random: random)
        lookups = AccountsCache(capacity: settings.cacheCapacity, lifetime: settings.cacheLifetime)
        revocations = AccountsCache(capacity: settings.cacheCapacity, lifetime: settings.cacheLifetime)
    }

    /// Brings the room's tables to today's form.
    ///
    /// - Throws: `DatabaseError`.
    package func migrate() async throws {
        try await database.migrate(room: "accounts", AccountsSchema.migrations)
    }

    /// The key with this head, its project and limits; nil for an unknown head.
    ///
    /// - Throws: `DatabaseError`.
    package func lookUp(head: [UInt8]) async throws -> KeyLookup? {
        let now = clock.now()
        let (cached, generation) = lookups.value(for: head, at: now)
        if let cached { return cached }
        let defaults = settings.defaultLimits
        let found = try await database.read { session -> KeyLookup? in
            guard let key = try APIKeyRecord.fetch(head: head, in: session),
                let project = try Project.fetch(key.projectID, in: session),
                let owner = try User.fetch(project.ownerID, in: session)
            else { return nil }
            return KeyLookup(
                key: key, project: project, limits: defaults.overridden(by: project.limits),
                isDisabled: project.isDisabled || owner.isDisabled,
                isFrozen: try Freeze.holds(project, in: session))
        }
        if let found { lookups.store(found, for: head, at: now, generation: generation) }
        return found
    }

    /// Whether one of a key's tails is revoked, which kills the key.
    ///
    /// - Parameter tails: all tails of one verified key, the last one last; at least one.
    /// - Throws: `DatabaseError`.
    package func isAnyRevoked(_ tails: [Bytes32]) async throws -> Bool {
        guard let last = tails.last else { return false }
        let now = clock.now()
        // A tail is the hash of all before it, so the last one stands for the whole chain.
        let (cached, generation) = revocations.value(for: last, at: now)
        if let cached { return cached }
        let isRevoked = try await database.read { session in
            for tail in tails {
                let found = try session.first("SELECT 1 FROM revocations WHERE tail = ?1", [SQLValue(tail.bytes)]) {
                    _ in true
                }
                if found != nil { return true }
            }
            return false
        }
        revocations.store(isRevoked, for: last, at: now, generation: generation)
        return isRevoked
    }

    /// Revokes a tail and with it all keys made from it; revoking again is no error. Effective on return.
    ///
    /// - Throws: `AccountsError.notFound` for an unknown key; `DatabaseError`.
    package func revoke(tail: Bytes32, keyID: APIKeyID) async throws {
        let now = clock.now()
        defer { revocations.invalidate() }
        try await database.write { session in
            guard try session.first("SELECT 1 FROM api_keys WHERE id = ?1", [SQLValue(keyID)], { _ in true }) != nil
            else { throw AccountsError(.notFound, "there is no API key \(keyID)") }
            try session.execute(
                """
                INSERT INTO revocations (tail, api_key_id, created_at) VALUES (?1, ?2, ?3)
                ON CONFLICT (tail) DO NOTHING
                """, [SQLValue(tail.bytes), SQLValue(keyID), SQLValue(now)])
        }
    }

    /// Empties the caches after a change.
    func invalidate() {
        lookups.invalidate()
        revocations.invalidate()
    }
}
