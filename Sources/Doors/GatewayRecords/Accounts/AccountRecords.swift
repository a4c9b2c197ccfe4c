import Crypto
import Database
import Foundation
package import StorageModel

/// The customers of the gateway. Names and addresses are people's, so they are sealed under the gateway's key.
package struct AccountRecords: Sendable {
    private let database: Database
    private let seal: RecordSeal
    private let emailKey: SymmetricKey
    private let cache = RecordCache<String, GatewayAccount>()

    init(database: Database, key: GatewayKey) {
        self.database = database
        seal = RecordSeal(key: key.symmetricKey, purpose: "account")
        emailKey = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key.symmetricKey, info: Data("storj gateway account by email".utf8),
            outputByteCount: 32)
    }

    /// Takes an account in, or in place of what was known of it. An address that was another's is this one's now.
    package func put(_ account: GatewayAccount, at time: Timestamp) async throws {
        let sealed = try seal.seal([UInt8](JSONEncoder().encode(account)), place: account.id)
        let digest = account.email.map(digest)
        try await database.write { session in
            if let digest {
                try session.execute(
                    "UPDATE accounts SET email_digest = NULL WHERE email_digest = ?1 AND id <> ?2",
                    [.blob(digest), .text(account.id)])
            }
            try session.execute(
                """
                INSERT INTO accounts (id, email_digest, sealed, changed_at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (id) DO UPDATE SET email_digest = ?2, sealed = ?3, changed_at = ?4
                """,
                [.text(account.id), digest.map(SQLValue.blob) ?? .null, .blob(sealed), SQLValue(time)])
        }
        cache.remove(account.id)
    }

    /// The account with an id, as it was known at most three seconds before `time`; nil for one that never had a
    /// credential here.
    package func account(_ id: String, at time: Timestamp) async throws -> GatewayAccount? {
        if let known = cache.value(id, at: time) { return known }
        let found = try await account(id)
        if let found { cache.insert(found, for: id, readAt: time) }
        return found
    }

    /// The account with an id; nil for one that never had a credential here.
    package func account(_ id: String) async throws -> GatewayAccount? {
        let found = try await database.read { session in
            try session.first("SELECT id, sealed FROM accounts WHERE id = ?1", [.text(id)], Self.row)
        }
        return try found.map(open)
    }

    /// The account with an address, written in whatever case.
    package func account(email: String) async throws -> GatewayAccount? {
        let digest = digest(email)
        let found = try await database.read { session in
            try session.first("SELECT id, sealed FROM accounts WHERE email_digest = ?1", [.blob(digest)], Self.row)
        }
        return try found.map(open)
    }

    /// Every account, by id.
    package func all() async throws -> [GatewayAccount] {
        try await database.read { session in
            try session.query("SELECT id, sealed FROM accounts ORDER BY id", [], Self.row)
        }.map(open)
    }

    private static func row(_ row: SQLRow) -> (String, [UInt8]) { (row.text(0), row.blob(1)) }

    private func open(_ id: String, _ sealed: [UInt8]) throws -> GatewayAccount {
        do {
            return try JSONDecoder().decode(GatewayAccount.self, from: Data(seal.open(sealed, place: id)))
        } catch {
            throw GatewayRecordsError.damaged("account \(id)")
        }
    }

    private func digest(_ email: String) -> [UInt8] {
        [UInt8](HMAC<SHA256>.authenticationCode(for: Data(email.lowercased().utf8), using: emailKey))
    }
}
