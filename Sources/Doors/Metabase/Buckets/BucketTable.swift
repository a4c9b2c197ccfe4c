import Database
import StorageModel

/// The rows of `buckets`.
struct BucketTable {
    let session: SQLSession
    let cache: BucketCache
    let isWriter: Bool

    private static let columns = """
        id, project, name, created_at, placement, versioning, lock_enabled, retention_mode, retention_days, \
        retention_years, user_agent, tags, notifications
        """
    private static let byLocation =
        "SELECT \(columns) FROM buckets WHERE project = ?1 AND name = ?2 AND purging = 0"
    private static let byID = "SELECT \(columns) FROM buckets WHERE id = ?1 AND purging = 0"
    private static let after =
        "SELECT \(columns) FROM buckets WHERE project = ?1 AND name > ?2 AND purging = 0 ORDER BY name LIMIT ?3"
    private static let from =
        "SELECT \(columns) FROM buckets WHERE project = ?1 AND name >= ?2 AND purging = 0 ORDER BY name LIMIT ?3"

    /// The active bucket there.
    ///
    /// - Throws: `MetabaseError.bucketNotFound`.
    func get(_ location: BucketLocation) throws -> Bucket {
        guard let bucket = try find(location) else { throw MetabaseError.bucketNotFound(location.name) }
        return bucket
    }

    /// The active bucket there, or nil.
    func find(_ location: BucketLocation) throws -> Bucket? {
        if let bucket = cache.find(location) { return bucket }
        let bucket = try session.first(
            Self.byLocation, [SQLValue(location.project), .blob(Array(location.name.utf8))]
        ) { try Bucket($0) }
        return remember(bucket)
    }

    /// The active bucket of this id, or nil.
    func find(_ id: BucketID) throws -> Bucket? {
        if let bucket = cache.find(id) { return bucket }
        return remember(try session.first(Self.byID, [.integer(id.rawValue)]) { try Bucket($0) })
    }

    private func remember(_ bucket: Bucket?) -> Bucket? {
        // A reader's snapshot may be older than the newest write.
        if let bucket, isWriter { cache.insert(bucket) }
        return bucket
    }

    /// Active buckets of a project, ascending by name.
    func list(_ project: ProjectID, from cursor: String, inclusive: Bool, limit: Int) throws -> [Bucket] {
        try session.query(
            inclusive ? Self.from : Self.after,
            [SQLValue(project), .blob(Array(cursor.utf8)), SQLValue(limit)]
        ) { try Bucket($0) }
    }

    /// How many active buckets a project has.
    func count(_ project: ProjectID) throws -> Int {
        try session.first("SELECT COUNT(*) FROM buckets WHERE project = ?1 AND purging = 0", [SQLValue(project)]) {
            $0.int(0)
        } ?? 0
    }

    /// Adds a bucket.
    func insert(_ bucket: NewBucket, at now: Timestamp) throws {
        try session.execute(
            """
            INSERT INTO buckets (project, name, created_at, placement, versioning, lock_enabled, retention_mode,
                retention_days, retention_years, user_agent, tags, purging)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, ?7, ?8, 0)
            """,
            [
                SQLValue(bucket.location.project), .blob(Array(bucket.location.name.utf8)), SQLValue(now),
                SQLValue(bucket.placement), SQLValue(bucket.versioning.rawValue), SQLValue(bucket.isLockEnabled),
                .blob(bucket.userAgent), .blob([]),
            ])
    }

    /// Stores the changeable fields.
    func update(_ bucket: Bucket) throws {
        let retention = bucket.defaultRetention
        cache.forget(bucket)
        try session.execute(
            """
            UPDATE buckets SET versioning = ?2, lock_enabled = ?3, retention_mode = ?4, retention_days = ?5,
                retention_years = ?6, user_agent = ?7, tags = ?8, notifications = ?9
            WHERE id = ?1
            """,
            [
                .integer(bucket.id.rawValue), SQLValue(bucket.versioning.rawValue), SQLValue(bucket.isLockEnabled),
                SQLValue(retention?.mode.rawValue ?? 0), SQLValue(retention?.days ?? 0),
                SQLValue(retention?.years ?? 0), .blob(bucket.userAgent), .blob(BucketTag.encode(bucket.tags)),
                SQLValue(bucket.notifications),
            ])
    }

    /// Frees the name at once; the contents are purged later.
    func markPurging(_ bucket: Bucket) throws {
        cache.forget(bucket)
        try session.execute("UPDATE buckets SET purging = 1 WHERE id = ?1", [.integer(bucket.id.rawValue)])
    }

    /// The oldest bucket whose contents wait to be purged.
    func firstPurging() throws -> BucketID? {
        try session.first("SELECT id FROM buckets WHERE purging = 1 ORDER BY id LIMIT 1") {
            BucketID(rawValue: $0.integer(0))
        }
    }

    /// Removes the row of a bucket without contents.
    func delete(_ id: BucketID) throws {
        try session.execute("DELETE FROM buckets WHERE id = ?1", [.integer(id.rawValue)])
    }
}

extension Bucket {
    /// From the columns `BucketTable` selects.
    fileprivate init(_ row: SQLRow) throws {
        guard let versioning = BucketVersioning(rawValue: Int32(truncatingIfNeeded: row.integer(5))) else {
            throw DatabaseError(.corrupt, "a bucket has an unknown versioning")
        }
        self.init(
            id: BucketID(rawValue: row.integer(0)),
            location: BucketLocation(
                project: try row.id(1), name: String(decoding: row.blob(2), as: UTF8.self)),
            createdAt: row.timestamp(3), placement: Int32(truncatingIfNeeded: row.integer(4)), versioning: versioning,
            isLockEnabled: row.bool(6),
            defaultRetention: DefaultRetention(mode: row.integer(7), days: row.integer(8), years: row.integer(9)),
            userAgent: row.blob(10), tags: try BucketTag.decode(row.blob(11)), notifications: row.optionalBlob(12))
    }
}

extension DefaultRetention {
    fileprivate init?(mode: Int64, days: Int64, years: Int64) {
        guard let mode = RetentionMode(rawValue: Int32(truncatingIfNeeded: mode)) else { return nil }
        self.init(
            mode: mode,
            period: days > 0 ? .days(Int32(truncatingIfNeeded: days)) : .years(Int32(truncatingIfNeeded: years)))
    }

    fileprivate var days: Int32 { if case .days(let days) = period { days } else { 0 } }
    fileprivate var years: Int32 { if case .years(let years) = period { years } else { 0 } }
}
