package import StorageModel
import Database

extension BucketRecords {
    /// All documents of a bucket.
    package func documents(of place: BucketPlace) async throws -> [BucketDocumentKind: [UInt8]] {
        let rows = try await database.read { session in
            try session.query(
                "SELECT kind, document FROM bucket_documents WHERE owner = ?1 AND bucket = ?2",
                [.text(place.owner), .text(place.bucket)]
            ) { row in (row.text(0), row.blob(1)) }
        }
        var documents: [BucketDocumentKind: [UInt8]] = [:]
        for (name, sealed) in rows {
            guard let kind = BucketDocumentKind(rawValue: name) else { continue }
            documents[kind] = try seal.open(sealed, place: Self.sealPlace(place, kind))
        }
        return documents
    }

    /// Writes a document in place of the one before.
    package func setDocument(
        _ document: [UInt8], _ kind: BucketDocumentKind, of place: BucketPlace, at time: Timestamp
    ) async throws {
        let sealed = try seal.seal(document, place: Self.sealPlace(place, kind))
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO bucket_documents (owner, bucket, kind, document, changed_at) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (owner, bucket, kind) DO UPDATE SET document = ?4, changed_at = ?5
                """,
                [
                    .text(place.owner), .text(place.bucket), .text(kind.rawValue), .blob(sealed), SQLValue(time),
                ])
        }
    }

    /// Removes a document; removing none is no error.
    package func removeDocument(_ kind: BucketDocumentKind, of place: BucketPlace) async throws {
        try await database.write { session in
            try session.execute(
                "DELETE FROM bucket_documents WHERE owner = ?1 AND bucket = ?2 AND kind = ?3",
                [.text(place.owner), .text(place.bucket), .text(kind.rawValue)])
        }
    }

    /// The buckets that have a document of a kind, in order, after a place: at most `limit` of them.
    package func places(
        with kind: BucketDocumentKind, after place: BucketPlace? = nil, limit: Int
    ) async throws -> [BucketPlace] {
        try await database.read { session in
            try session.query(
                """
                SELECT owner, bucket FROM bucket_documents
                WHERE kind = ?1 AND (owner > ?2 OR (owner = ?2 AND bucket > ?3)) ORDER BY owner, bucket LIMIT ?4
                """,
                [.text(kind.rawValue), .text(place?.owner ?? ""), .text(place?.bucket ?? ""), SQLValue(limit)]
            ) { row in BucketPlace(owner: row.text(0), bucket: row.text(1)) }
        }
    }

    private static func sealPlace(_ place: BucketPlace, _ kind: BucketDocumentKind) -> String {
        "\(kind.rawValue)/\(place.owner)/\(place.bucket)"
    }
}
