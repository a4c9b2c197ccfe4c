import Database
import StorageModel

/// The rows of `objects`. A row whose expiry has passed counts as absent wherever `visible` is said.
struct ObjectTable {
    let session: SQLSession
    let now: Timestamp

    private static let insertion =
        "INSERT INTO objects (\(ObjectColumns.all)) VALUES (\((1...23).map { "?\($0)" }.joined(separator: ", ")))"
    private static let newest = """
        SELECT \(ObjectColumns.all) FROM objects
        WHERE bucket = ?1 AND key = ?2 AND (expires_at IS NULL OR expires_at > ?3) ORDER BY ver_desc LIMIT 1
        """
    private static let exact = """
        SELECT \(ObjectColumns.all) FROM objects WHERE bucket = ?1 AND key = ?2 AND ver_desc = ?3
        """
    private static let highest = """
        SELECT ver_desc, status FROM objects WHERE bucket = ?1 AND key = ?2 ORDER BY ver_desc LIMIT 1
        """
    private static let unversioned = """
        SELECT \(ObjectColumns.all) FROM objects WHERE bucket = ?1 AND key = ?2 AND status IN (3, 6)
        ORDER BY ver_desc LIMIT 1
        """

    private static let ofStream = """
        SELECT \(ObjectColumns.all) FROM objects
        WHERE bucket = ?1 AND key = ?2 AND stream = ?3 AND (expires_at IS NULL OR expires_at > ?4)
        """

    /// The visible row of a key with this stream, whichever version it is.
    func row(_ bucket: BucketID, _ key: [UInt8], stream: StreamID) throws -> Object? {
        try session.first(
            Self.ofStream, [.integer(bucket.rawValue), .blob(key), SQLValue(stream), SQLValue(now)]
        ) {
            try ObjectColumns.read($0, includesMetadata: true)
        }
    }

    /// The newest visible row of a key, a delete marker perhaps.
    func newest(_ bucket: BucketID, _ key: [UInt8]) throws -> Object? {
        try session.first(Self.newest, [.integer(bucket.rawValue), .blob(key), SQLValue(now)]) {
            try ObjectColumns.read($0, includesMetadata: true)
        }
    }

    /// The visible row of exactly this version, a delete marker perhaps.
    func exact(_ bucket: BucketID, _ key: [UInt8], _ version: ObjectVersionID) throws -> Object? {
        let found = try row(bucket, key, version: version.version)
        guard let found, found.versionID == version, found.isVisible(at: now) else { return nil }
        return found
    }

    /// The row of a version number, visible or not.
    func row(_ bucket: BucketID, _ key: [UInt8], version: Int64) throws -> Object? {
        try session.first(Self.exact, [.integer(bucket.rawValue), .blob(key), .integer(~version)]) {
            try ObjectColumns.read($0, includesMetadata: true)
        }
    }

    /// The newest visible object of a key, or its visible version.
    ///
    /// - Throws: `objectNotFound`; `methodNotAllowed` when exactly a delete marker was asked for.
    func get(_ bucket: BucketID, _ key: [UInt8], _ version: ObjectVersionID?) throws -> Object {
        let found = try version.map { try exact(bucket, key, $0) } ?? newest(bucket, key)
        guard let found else { throw MetabaseError.objectNotFound }
        guard found.status.isDeleteMarker else { return found }
        throw version == nil ? MetabaseError.objectNotFound : MetabaseError.methodNotAllowed
    }

    /// The highest version number of a key and whether it is the null version; rows of any kind count.
    func highest(_ bucket: BucketID, _ key: [UInt8]) throws -> (version: Int64, isUnversioned: Bool)? {
        try session.first(Self.highest, [.integer(bucket.rawValue), .blob(key)]) { row in
            (~row.integer(0), row.integer(1) == 3 || row.integer(1) == 6)
        }
    }

    /// The null version of a key, visible or not.
    func unversioned(_ bucket: BucketID, _ key: [UInt8]) throws -> Object? {
        try session.first(Self.unversioned, [.integer(bucket.rawValue), .blob(key)]) {
            try ObjectColumns.read($0, includesMetadata: true)
        }
    }

    /// Adds a row.
    func insert(_ object: Object) throws {
        precondition(object.version >= 1, "versions of committed rows begin at 1")
        try session.execute(Self.insertion, ObjectColumns.values(object))
    }

    /// Removes a row; its segments are the caller's business.
    func delete(_ object: Object) throws {
        try session.execute("DELETE FROM objects WHERE bucket = ?1 AND key = ?2 AND ver_desc = ?3", identity(object))
    }

    /// Stores another lock.
    func setLock(_ object: Object, _ lock: ObjectLock) throws {
        try session.execute(
            """
            UPDATE objects SET lock_mode = ?4, retain_until = ?5, legal_hold = ?6
            WHERE bucket = ?1 AND key = ?2 AND ver_desc = ?3
            """, identity(object) + LockColumns.values(lock))
    }

    /// Stores other metadata.
    func setMetadata(_ object: Object, _ metadata: ObjectMetadata) throws {
        try session.execute(
            """
            UPDATE objects SET metadata = ?4, metadata_nonce = ?5, metadata_key = ?6, etag = ?7, checksum = ?8,
                checksum_algorithm = ?9, checksum_composite = ?10
            WHERE bucket = ?1 AND key = ?2 AND ver_desc = ?3
            """, identity(object) + MetadataColumns.values(metadata))
    }

    private func identity(_ object: Object) -> [SQLValue] {
        [.integer(object.bucket.rawValue), .blob(object.key), .integer(~object.version)]
    }
}

extension Object {
    /// Whether its expiry has not passed.
    func isVisible(at now: Timestamp) -> Bool { expiresAt.map { $0 > now } ?? true }
}
