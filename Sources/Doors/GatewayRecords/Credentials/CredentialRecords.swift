import Database
package import StorageModel

/// The credentials of the gateway's customers: found by the hash of the access key id, opened by the id itself.
package struct CredentialRecords: Sendable {
    private let database: Database
    private let cache = RecordCache<CredentialID, Credential>()

    private static let columns =
        "id, account, is_public, created_at, expires_at, revoked_at, revocation_reason"

    init(database: Database) {
        self.database = database
    }

    /// Draws and keeps a credential. It is on disk when this returns.
    ///
    /// - Throws: `GatewayRecordsError.unusableCredential` and `.credentialExists` for an access key id chosen by hand.
    package func register(
        _ registration: CredentialRegistration, at time: Timestamp, random: RandomSource
    ) async throws -> Credential {
        if let chosen = registration.accessKeyID { try CredentialText.validate(accessKeyID: chosen) }
        if let chosen = registration.secretKey { try CredentialText.validate(secretKey: chosen) }
        let accessKeyID = registration.accessKeyID ?? CredentialText.accessKeyID(random)
        let credential = Credential(
            id: CredentialID(accessKeyID: accessKeyID), accessKeyID: accessKeyID,
            secretKey: registration.secretKey ?? CredentialText.secretKey(random), grant: registration.grant,
            accountID: registration.accountID, isPublic: registration.isPublic,
            createdAt: time.truncatedToMicroseconds, expiresAt: registration.expiresAt?.truncatedToMicroseconds)
        let sealed = try CredentialSeal(accessKeyID: accessKeyID).seal(credential)
        try await database.write { session in
            let added = try session.execute(
                """
                INSERT INTO credentials (id, account, is_public, sealed, created_at, expires_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING
                """,
                [
                    .blob(credential.id.bytes), .text(credential.accountID), SQLValue(credential.isPublic),
                    .blob(sealed), SQLValue(credential.createdAt), SQLValue(credential.expiresAt),
                ])
            guard added == 1 else { throw GatewayRecordsError.credentialExists }
        }
        return credential
    }

    /// What an access key id opens; nil when it is unknown, revoked or expired.
    ///
    /// - Throws: `GatewayRecordsError.damaged` when the record is not what was registered; `DatabaseError`.
    package func credential(accessKeyID: String, at time: Timestamp) async throws -> Credential? {
        let id = CredentialID(accessKeyID: accessKeyID)
        if let known = cache.value(id, at: time) { return known.isExpired(at: time) ? nil : known }
        let found = try await database.read { session in
            try session.first(
                "SELECT \(Self.columns), sealed FROM credentials WHERE id = ?1", [.blob(id.bytes)]
            ) { row in (try Self.summary(row), row.blob(7)) }
        }
        guard let (summary, sealed) = found, summary.revokedAt == nil else { return nil }
        let credential = try CredentialSeal(accessKeyID: accessKeyID).open(
            sealed, summary, accessKeyID: accessKeyID)
        guard !credential.isExpired(at: time) else { return nil }
        cache.insert(credential, for: id, readAt: time)
        return credential
    }

    /// Every credential, the newest first; revoked and expired ones too.
    package func summaries() async throws -> [CredentialSummary] {
        try await database.read { session in
            try session.query(
                "SELECT \(Self.columns) FROM credentials ORDER BY created_at DESC, id", [], Self.summary)
        }
    }

    /// Ends a credential for good.
    ///
    /// - Parameter reason: for whoever lists credentials later.
    /// - Returns: false when there is none or it was revoked before.
    @discardableResult
    package func revoke(_ id: CredentialID, reason: String, at time: Timestamp) async throws -> Bool {
        let changed = try await database.write { session in
            try session.execute(
                """
                UPDATE credentials SET revoked_at = ?2, revocation_reason = ?3 WHERE id = ?1 AND revoked_at IS NULL
                """,
                [.blob(id.bytes), SQLValue(time), .text(reason)])
        }
        cache.remove(id)
        return changed > 0
    }

    private static func summary(_ row: SQLRow) throws -> CredentialSummary {
        guard let id = CredentialID(bytes: row.blob(0)) else {
            throw GatewayRecordsError.damaged("a credential's id")
        }
        return CredentialSummary(
            id: id, accountID: row.text(1), isPublic: row.bool(2), createdAt: row.timestamp(3),
            expiresAt: row.optionalTimestamp(4), revokedAt: row.optionalTimestamp(5),
            revocationReason: row.optionalText(6))
    }
}

extension Credential {
    func isExpired(at time: Timestamp) -> Bool {
        expiresAt.map { $0 <= time } ?? false
    }
}
