package import Crypto
package import Database

/// Whose buckets are and what their owners wrote about them.
package struct BucketRecords: Sendable {
    let database: Database
    let seal: RecordSeal

    /// - Parameter key: the gateway's own key; documents hold names of objects, so they are sealed under it.
    package init(database: Database, key: SymmetricKey) {
        self.database = database
        seal = RecordSeal(key: key, purpose: "bucket documents")
    }

    /// Makes or updates the tables. To be called once at start.
    package static func migrate(_ database: Database) async throws {
        try await database.migrate(room: "gateway-buckets", BucketRecordsSchema.migrations)
    }

    /// Whose a bucket is; nil for one that was not made through this gateway.
    package func owner(of bucket: String) async throws -> BucketOwner? {
        try await database.read { session in
            try session.first(
                "SELECT bucket, owner, location, created_at FROM bucket_owners WHERE bucket = ?1", [.text(bucket)],
                Self.owner)
        }
    }

    /// Records whose a bucket is, unless somebody's it is already.
    ///
    /// - Returns: whose it is now.
    package func claim(_ claim: BucketOwner) async throws -> BucketOwner {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO bucket_owners (bucket, owner, location, created_at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (bucket) DO NOTHING
                """,
                [.text(claim.bucket), .text(claim.owner), .text(claim.location), SQLValue(claim.createdAt)])
            return try session.first(
                "SELECT bucket, owner, location, created_at FROM bucket_owners WHERE bucket = ?1",
                [.text(claim.bucket)], Self.owner) ?? claim
        }
    }

    /// Forgets a bucket and all that was written about it.
    package func forget(_ place: BucketPlace) async throws {
        try await database.write { session in
            let bucket = [SQLValue.text(place.owner), .text(place.bucket)]
            try session.execute("DELETE FROM bucket_owners WHERE owner = ?1 AND bucket = ?2", bucket)
            try session.execute("DELETE FROM bucket_documents WHERE owner = ?1 AND bucket = ?2", bucket)
            try session.execute("DELETE FROM event_outbox WHERE owner = ?1 AND bucket = ?2", bucket)
        }
    }

    private static func owner(_ row: SQLRow) -> BucketOwner {
        BucketOwner(
            bucket: row.text(0), owner: row.text(1), location: row.text(2),
            createdAt: row.timestamp(3))
    }
}
