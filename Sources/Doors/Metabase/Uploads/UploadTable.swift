import Database
import StorageModel

/// The rows of `uploads`.
struct UploadTable {
    let session: SQLSession

    /// Everything but metadata.
    static let systemColumns = """
        bucket, key, created_at, tail, expires_at, deadline, cipher, block_size, \(LockColumns.names), multipart, \
        versioned, placement
        """
    static let columns = "\(systemColumns), \(MetadataColumns.names)"
    private static let metadataStart = 14

    private static let insertion =
        "INSERT INTO uploads (\(columns)) VALUES (\((1...21).map { "?\($0)" }.joined(separator: ", ")))"
    private static let exact = """
        SELECT \(columns) FROM uploads WHERE bucket = ?1 AND key = ?2 AND created_at = ?3 AND tail = ?4
        """
    private static let ofKey = """
        SELECT \(columns) FROM uploads WHERE bucket = ?1 AND key = ?2 AND (created_at, tail) > (?3, ?4)
            AND (expires_at IS NULL OR expires_at > ?5)
        ORDER BY created_at, tail LIMIT ?6
        """

    /// The pending upload.
    ///
    /// - Throws: `pendingObjectMissing`.
    func get(_ reference: UploadReference) throws -> Upload {
        guard let upload = try session.first(Self.exact, identity(reference), Self.read) else {
            throw MetabaseError.pendingObjectMissing
        }
        return upload
    }

    /// Visible uploads of a key, oldest first, after a cursor.
    func ofKey(
        _ bucket: BucketID, _ key: [UInt8], after cursor: UploadReference?, now: Timestamp, limit: Int
    ) throws -> [Upload] {
        try session.query(
            Self.ofKey,
            [
                .integer(bucket.rawValue), .blob(key), .integer(cursor?.createdAt.microseconds ?? .min),
                .blob(cursor?.stream.tail ?? []), SQLValue(now), SQLValue(limit),
            ], Self.read)
    }

    /// Adds a row.
    func insert(_ upload: Upload) throws {
        try session.execute(Self.insertion, Self.values(upload))
    }

    /// Moves the sweeper's deadline.
    func setDeadline(_ reference: UploadReference, _ deadline: Timestamp) throws {
        try session.execute(
            "UPDATE uploads SET deadline = ?5 WHERE bucket = ?1 AND key = ?2 AND created_at = ?3 AND tail = ?4",
            identity(reference) + [SQLValue(deadline)])
    }

    /// Removes a row; its segments are the caller's business.
    func delete(_ reference: UploadReference) throws {
        try session.execute(
            "DELETE FROM uploads WHERE bucket = ?1 AND key = ?2 AND created_at = ?3 AND tail = ?4",
            identity(reference))
    }

    /// The upload of a row of `columns`.
    static func read(_ row: SQLRow) throws -> Upload {
        try read(row, includesMetadata: true)
    }

    /// The upload of a row of `systemColumns`, or of `columns` with metadata.
    static func read(_ row: SQLRow, includesMetadata: Bool) throws -> Upload {
        Upload(
            reference: UploadReference(
                bucket: BucketID(rawValue: row.integer(0)), key: row.blob(1), createdAt: row.timestamp(2),
                stream: StreamID(tail: try row.id(3, as: StreamID.self))),
            expiresAt: row.optionalTimestamp(4), deadline: row.timestamp(5),
            encryption: ObjectEncryption(
                cipherSuite: Int32(truncatingIfNeeded: row.integer(6)), blockSize: row.integer(7)),
            metadata: includesMetadata ? MetadataColumns.read(row, at: metadataStart) : ObjectMetadata(),
            lock: LockColumns.read(row, at: 8), isMultipart: row.bool(11), isVersioned: row.bool(12),
            placement: Int32(truncatingIfNeeded: row.integer(13)))
    }

    private static func values(_ upload: Upload) -> [SQLValue] {
        let reference = upload.reference
        let start: [SQLValue] = [
            .integer(reference.bucket.rawValue), .blob(reference.key), SQLValue(reference.createdAt),
            .blob(reference.stream.tail), SQLValue(upload.expiresAt), SQLValue(upload.deadline),
            SQLValue(upload.encryption.cipherSuite), .integer(upload.encryption.blockSize),
        ]
        let flags = [SQLValue(upload.isMultipart), SQLValue(upload.isVersioned), SQLValue(upload.placement)]
        return start + LockColumns.values(upload.lock) + flags + MetadataColumns.values(upload.metadata)
    }

    private func identity(_ reference: UploadReference) -> [SQLValue] {
        [
            .integer(reference.bucket.rawValue), .blob(reference.key), SQLValue(reference.createdAt),
            .blob(reference.stream.tail),
        ]
    }
}

extension StreamID {
    /// The bytes with the second half first: public version ids hold that half, and listings resume after it.
    var tail: [UInt8] { StreamID(tail: self).bytes }

    /// The id whose `tail` is `rotated`; swapping the halves twice is nothing.
    init(tail rotated: StreamID) {
        let words = rotated.storage.words
        self.init(storage: Bytes16(words: [words[1], words[0]]))
    }
}
