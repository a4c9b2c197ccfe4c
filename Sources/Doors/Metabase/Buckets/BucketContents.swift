import Database
import StorageModel

/// Questions about everything in a bucket.
struct BucketContents {
    let transaction: Transaction
    let bucket: Bucket

    private var session: SQLSession { transaction.session }
    private var id: SQLValue { .integer(bucket.id.rawValue) }

    /// Whether an unexpired object, marker or upload is there.
    func isOccupied() throws -> Bool {
        try exists("SELECT 1 FROM objects WHERE bucket = ?1 AND (expires_at IS NULL OR expires_at > ?2) LIMIT 1")
            || exists("SELECT 1 FROM uploads WHERE bucket = ?1 AND (expires_at IS NULL OR expires_at > ?2) LIMIT 1")
    }

    /// Whether retention or legal hold protects an object there.
    func isLocked(bypassingGovernance: Bool) throws -> Bool {
        let strongest = bypassingGovernance ? RetentionMode.compliance : RetentionMode.governance
        let found = try session.first(
            """
            SELECT 1 FROM objects WHERE bucket = ?1
                AND (legal_hold <> 0 OR (lock_mode BETWEEN 1 AND ?3 AND retain_until > ?2)) LIMIT 1
            """,
            [id, SQLValue(transaction.now), SQLValue(strongest.rawValue)]
        ) { _ in true }
        return found != nil
    }

    /// How many versions, markers and uploads are there, expired ones included.
    func count() throws -> Int {
        let objects = try session.first("SELECT COUNT(*) FROM objects WHERE bucket = ?1", [id]) { $0.int(0) }
        let uploads = try session.first("SELECT COUNT(*) FROM uploads WHERE bucket = ?1", [id]) { $0.int(0) }
        return (objects ?? 0) + (uploads ?? 0)
    }

    private func exists(_ sql: String) throws -> Bool {
        try session.first(sql, [id, SQLValue(transaction.now)]) { _ in true } != nil
    }
}
