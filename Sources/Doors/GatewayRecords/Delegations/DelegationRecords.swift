import Database
package import StorageModel

/// Grants that owners left with the gateway for one bucket each, so that it can let strangers in as the owner wrote,
/// and do the owner's chores, while the owner is away.
///
/// They are sealed under the gateway's key: of all customers' data it opens exactly these buckets without them.
package struct DelegationRecords: Sendable {
    private let database: Database
    private let seal: RecordSeal

    init(database: Database, key: GatewayKey) {
        self.database = database
        seal = RecordSeal(key: key.symmetricKey, purpose: "delegation")
    }

    /// Keeps a grant in place of the one before. It is on disk when this returns.
    ///
    /// - Parameter grant: the serialized grant, already restricted to the bucket.
    package func keep(grant: String, of place: BucketPlace, at time: Timestamp) async throws {
        let sealed = try seal.seal([UInt8](grant.utf8), place: Self.name(place))
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO delegations (owner, bucket, sealed, created_at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (owner, bucket) DO UPDATE SET sealed = ?3, created_at = ?4
                """,
                [.text(place.owner), .text(place.bucket), .blob(sealed), SQLValue(time)])
        }
    }

    /// The grant that the owner of a bucket left; nil when there is none.
    ///
    /// - Throws: `GatewayRecordsError.damaged` when it does not open; `DatabaseError`.
    package func grant(of place: BucketPlace) async throws -> String? {
        let sealed = try await database.read { session in
            try session.first(
                "SELECT sealed FROM delegations WHERE owner = ?1 AND bucket = ?2",
                [.text(place.owner), .text(place.bucket)]
            ) { row in row.blob(0) }
        }
        guard let sealed else { return nil }
        do {
            return String(decoding: try seal.open(sealed, place: Self.name(place)), as: UTF8.self)
        } catch {
            throw GatewayRecordsError.damaged("a delegation")
        }
    }

    /// Forgets a grant; forgetting none is no error.
    package func drop(_ place: BucketPlace) async throws {
        try await database.write { session in
            try session.execute(
                "DELETE FROM delegations WHERE owner = ?1 AND bucket = ?2",
                [.text(place.owner), .text(place.bucket)])
        }
    }

    private static func name(_ place: BucketPlace) -> String { "\(place.owner)/\(place.bucket)" }
}
