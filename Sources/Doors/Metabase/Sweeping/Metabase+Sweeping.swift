import Database
import StorageModel

extension Metabase {
    /// Removes objects whose expiry has passed.
    ///
    /// - Parameter limit: objects of one batch.
    /// - Returns: how many were removed; 0 when none is left.
    package func deleteExpiredObjects(limit: Int) async throws -> Int {
        try await write { transaction in
            let expired = try transaction.session.query(
                """
                SELECT \(ObjectColumns.system) FROM objects WHERE expires_at IS NOT NULL AND expires_at <= ?1
                ORDER BY expires_at LIMIT ?2
                """, [SQLValue(transaction.now), SQLValue(limit)]
            ) { try ObjectColumns.read($0, includesMetadata: false) }
            for object in expired { try transaction.remove(object) }
            return expired.count
        }
    }

    /// Removes uploads whose deadline or expiry has passed, with their segments.
    ///
    /// - Parameter limit: uploads of one batch.
    /// - Returns: how many were removed; 0 when none is left.
    package func deleteStaleUploads(limit: Int) async throws -> Int {
        try await write { transaction in
            let stale = try transaction.session.query(
                """
                SELECT \(UploadTable.systemColumns) FROM uploads
                WHERE deadline <= ?1 OR (expires_at IS NOT NULL AND expires_at <= ?1) LIMIT ?2
                """, [SQLValue(transaction.now), SQLValue(limit)]
            ) { try UploadTable.read($0, includesMetadata: false) }
            for upload in stale { try transaction.remove(upload) }
            return stale.count
        }
    }

    /// Removes rows of deleted buckets, and the bucket itself when nothing is left of it.
    ///
    /// - Parameter limit: objects and uploads of one batch.
    /// - Returns: how many rows were removed; 0 when none is left.
    package func purgeBuckets(limit: Int) async throws -> Int {
        try await write { transaction in
            guard let bucket = try transaction.bucketTable.firstPurging() else { return 0 }
            let id = SQLValue.integer(bucket.rawValue)
            let objects = try transaction.session.query(
                "SELECT \(ObjectColumns.system) FROM objects WHERE bucket = ?1 LIMIT ?2", [id, SQLValue(limit)]
            ) { try ObjectColumns.read($0, includesMetadata: false) }
            for object in objects { try transaction.remove(object) }
            let uploads = try transaction.session.query(
                "SELECT \(UploadTable.systemColumns) FROM uploads WHERE bucket = ?1 LIMIT ?2",
                [id, SQLValue(max(0, limit - objects.count))]
            ) { try UploadTable.read($0, includesMetadata: false) }
            for upload in uploads { try transaction.remove(upload) }
            if objects.count + uploads.count < limit { try transaction.bucketTable.delete(bucket) }
            return objects.count + uploads.count + 1
        }
    }
}

extension Transaction {
    /// Removes an upload and its segments.
    func remove(_ upload: Upload) throws {
        try uploadTable.delete(upload.reference)
        try segmentTable.delete(upload.reference.stream)
    }
}
