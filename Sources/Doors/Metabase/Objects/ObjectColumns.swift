import Database
import StorageModel

/// The metadata columns that objects and uploads have in common, in this order.
enum MetadataColumns {
    static let names = """
        metadata, metadata_nonce, metadata_key, etag, checksum, checksum_algorithm, checksum_composite
        """
    static let count = 7

    /// The values to store.
    static func values(_ metadata: ObjectMetadata) -> [SQLValue] {
        [
            .blob(metadata.encrypted), .blob(metadata.nonce), .blob(metadata.encryptedKey),
            .blob(metadata.encryptedETag), .blob(metadata.checksum?.encrypted ?? []),
            SQLValue(metadata.checksum?.algorithm ?? 0), SQLValue(metadata.checksum?.isComposite ?? false),
        ]
    }

    /// The metadata whose columns begin at `first`.
    static func read(_ row: SQLRow, at first: Int) -> ObjectMetadata {
        let algorithm = Int32(truncatingIfNeeded: row.integer(first + 5))
        return ObjectMetadata(
            encrypted: row.blob(first), nonce: row.blob(first + 1), encryptedKey: row.blob(first + 2),
            encryptedETag: row.blob(first + 3),
            checksum: algorithm == 0
                ? nil
                : ObjectChecksum(
                    algorithm: algorithm, isComposite: row.bool(first + 6), encrypted: row.blob(first + 4)))
    }
}

/// The lock columns that objects and uploads have in common, in this order.
enum LockColumns {
    static let names = "lock_mode, retain_until, legal_hold"

    /// The values to store.
    static func values(_ lock: ObjectLock) -> [SQLValue] {
        [
            SQLValue(lock.retention?.mode.rawValue ?? 0), SQLValue(lock.retention?.retainUntil.microseconds ?? 0),
            SQLValue(lock.legalHold),
        ]
    }

    /// The lock whose columns begin at `first`.
    static func read(_ row: SQLRow, at first: Int) -> ObjectLock {
        let mode = RetentionMode(rawValue: Int32(truncatingIfNeeded: row.integer(first)))
        return ObjectLock(
            retention: mode.map { Retention(mode: $0, retainUntil: row.timestamp(first + 1)) },
            legalHold: row.bool(first + 2))
    }
}

/// The columns of `objects` in the order they are selected.
enum ObjectColumns {
    /// Everything but metadata.
    static let system = """
        bucket, key, ver_desc, stream, status, created_at, expires_at, segment_count, plain_size, encrypted_size, \
        fixed_segment_size, cipher, block_size, \(LockColumns.names)
        """
    static let all = "\(system), \(MetadataColumns.names)"
    private static let metadataStart = 16

    /// The object of a row; its metadata is empty unless `includesMetadata`.
    static func read(_ row: SQLRow, includesMetadata: Bool) throws -> Object {
        guard let status = ObjectStatus(rawValue: Int32(truncatingIfNeeded: row.integer(4))) else {
            throw DatabaseError(.corrupt, "an object has an unknown status")
        }
        return Object(
            bucket: BucketID(rawValue: row.integer(0)), key: row.blob(1), version: ~row.integer(2),
            stream: try row.id(3), status: status, createdAt: row.timestamp(5), expiresAt: row.optionalTimestamp(6),
            segmentCount: row.int(7), plainSize: row.integer(8), encryptedSize: row.integer(9),
            fixedSegmentSize: row.integer(10),
            encryption: ObjectEncryption(
                cipherSuite: Int32(truncatingIfNeeded: row.integer(11)), blockSize: row.integer(12)),
            metadata: includesMetadata ? MetadataColumns.read(row, at: metadataStart) : ObjectMetadata(),
            lock: LockColumns.read(row, at: 13))
    }

    /// The values of a new row, in the order of `all`.
    static func values(_ object: Object) -> [SQLValue] {
        let start: [SQLValue] = [
            .integer(object.bucket.rawValue), .blob(object.key), .integer(~object.version), SQLValue(object.stream),
            SQLValue(object.status.rawValue), SQLValue(object.createdAt), SQLValue(object.expiresAt),
            SQLValue(object.segmentCount), .integer(object.plainSize), .integer(object.encryptedSize),
            .integer(object.fixedSegmentSize), SQLValue(object.encryption.cipherSuite),
            .integer(object.encryption.blockSize),
        ]
        return start + LockColumns.values(object.lock) + MetadataColumns.values(object.metadata)
    }
}
