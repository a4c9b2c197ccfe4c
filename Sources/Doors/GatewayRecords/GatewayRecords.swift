package import Database
package import Foundation
package import StorageModel

/// All that a gateway remembers: one database file, and the key beside it that opens what is not its customers' alone.
///
/// Credentials are sealed under their access key ids, which are nowhere in the file; accounts, delegations, documents
/// of buckets and messages are sealed under the gateway's key. Several processes may have a folder open: a credential
/// can be registered or revoked while the gateway runs.
package struct GatewayRecords: Sendable {
    package let database: Database
    package let key: GatewayKey
    package let accounts: AccountRecords
    package let credentials: CredentialRecords
    package let delegations: DelegationRecords
    package let buckets: BucketRecords
    package let outbox: EventOutbox

    /// Opens `gateway.db` and `gateway.key` in a folder and makes what is missing, for its owner's eyes only.
    ///
    /// - Throws: `GatewayRecordsError.key`, `DatabaseError`, file errors.
    package static func open(folder: URL, random: RandomSource) async throws -> GatewayRecords {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let key = try GatewayKey.load(orMakeAt: folder.appendingPathComponent("gateway.key"), random: random)
        let path = folder.appendingPathComponent("gateway.db").path
        return try await GatewayRecords(database: Database.open(.file(path: path)), key: key)
    }

    /// Records that last as long as this value: for tests.
    package static func inMemory(key: GatewayKey) async throws -> GatewayRecords {
        try await GatewayRecords(database: Database.open(.memory), key: key)
    }

    private init(database: Database, key: GatewayKey) async throws {
        try await database.migrate(room: "gateway", GatewaySchema.migrations)
        try await BucketRecords.migrate(database)
        self.database = database
        self.key = key
        accounts = AccountRecords(database: database, key: key)
        credentials = CredentialRecords(database: database)
        delegations = DelegationRecords(database: database, key: key)
        buckets = BucketRecords(database: database, key: key.symmetricKey)
        outbox = EventOutbox(database: database, key: key.symmetricKey)
    }

    /// Closes the file; everything that was acknowledged is in it.
    package func close() throws {
        try database.close()
    }
}
