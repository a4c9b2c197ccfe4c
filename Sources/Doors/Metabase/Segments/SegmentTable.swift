import Database
import StorageModel

/// The rows of `segments`.
struct SegmentTable {
    let session: SQLSession
    let aliases: NodeAliases
    let now: Timestamp

    private static let upsertion = """
        INSERT INTO segments (stream, position, created_at, expires_at, plain_offset, plain_size, encrypted_size,
            encrypted_key, key_nonce, etag, checksum, placement, inline_data, root_piece, k, m, o, n, share_size, pieces,
            hash_algorithm, piece_hashes)
        VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
        ON CONFLICT (stream, position) DO UPDATE SET created_at = excluded.created_at, repaired_at = NULL,
            expires_at = excluded.expires_at, plain_offset = 0, plain_size = excluded.plain_size,
            encrypted_size = excluded.encrypted_size, encrypted_key = excluded.encrypted_key,
            key_nonce = excluded.key_nonce, etag = excluded.etag, checksum = excluded.checksum,
            placement = excluded.placement, inline_data = excluded.inline_data, root_piece = excluded.root_piece,
            k = excluded.k, m = excluded.m, o = excluded.o, n = excluded.n, share_size = excluded.share_size,
            pieces = excluded.pieces, hash_algorithm = excluded.hash_algorithm, piece_hashes = excluded.piece_hashes
        """
    private static let page = """
        SELECT \(SegmentColumns.summary) FROM segments WHERE stream = ?1 AND position > ?2
            AND (expires_at IS NULL OR expires_at > ?3)
        ORDER BY position LIMIT ?4
        """
    private static let pageInRange = """
        SELECT \(SegmentColumns.summary) FROM segments WHERE stream = ?1 AND position > ?2
            AND (expires_at IS NULL OR expires_at > ?3)
            AND plain_size > 0 AND ?5 < plain_offset + plain_size AND plain_offset < ?6
        ORDER BY position LIMIT ?4
        """
    private static let exact = """
        SELECT \(SegmentColumns.all) FROM segments WHERE stream = ?1 AND position = ?2
            AND (expires_at IS NULL OR expires_at > ?3)
        """
    private static let last = """
        SELECT \(SegmentColumns.all) FROM segments WHERE stream = ?1 AND (expires_at IS NULL OR expires_at > ?2)
        ORDER BY position DESC LIMIT 1
        """
    private static let remote =
        "SELECT \(SegmentColumns.all) FROM segments WHERE stream = ?1 AND inline_data IS NULL ORDER BY position"

    /// Stores a segment, replacing one at its position.
    func upsert(_ segment: NewSegment, stream: StreamID, placement: Int32, expiresAt: Timestamp?) throws {
        try session.execute(
            Self.upsertion,
            [
                SQLValue(stream), .integer(segment.position.encoded), SQLValue(now), SQLValue(expiresAt),
                .integer(segment.plainSize), .integer(segment.encryptedSize), .blob(segment.encryptedKey),
                .blob(segment.encryptedKeyNonce), .blob(segment.encryptedETag), .blob(segment.encryptedChecksum),
                SQLValue(placement),
            ] + SegmentColumns.values(segment.content, aliases))
    }

    /// Segments after a position, in a plain range if given.
    func page(_ stream: StreamID, after: SegmentPosition?, range: Range<Int64>?, limit: Int) throws -> SegmentPage {
        let start: [SQLValue] = [
            SQLValue(stream), .integer(after?.encoded ?? -1), SQLValue(now), SQLValue(limit + 1),
        ]
        let found =
            if let range {
                try session.query(
                    Self.pageInRange, start + [.integer(range.lowerBound), .integer(range.upperBound)],
                    SegmentColumns.summary)
            } else {
                try session.query(Self.page, start, SegmentColumns.summary)
            }
        return SegmentPage(segments: Array(found.prefix(limit)), hasMore: found.count > limit)
    }

    /// The segment at a position.
    ///
    /// - Throws: `segmentNotFound`.
    func get(_ stream: StreamID, _ position: SegmentPosition) throws -> Segment {
        guard let found = try find(stream, position) else { throw MetabaseError.segmentNotFound }
        return found
    }

    /// The segment at a position, nil when there is none or it has expired.
    func find(_ stream: StreamID, _ position: SegmentPosition) throws -> Segment? {
        try session.first(Self.exact, [SQLValue(stream), .integer(position.encoded), SQLValue(now)]) {
            try SegmentColumns.read($0, aliases)
        }
    }

    /// Stores other pieces of a segment on nodes.
    func setPieces(
        _ stream: StreamID, _ position: SegmentPosition, _ remote: RemoteSegment, repairedAt: Timestamp?
    ) throws {
        try session.execute(
            """
            UPDATE segments SET pieces = ?3, piece_hashes = ?4, repaired_at = COALESCE(?5, repaired_at)
            WHERE stream = ?1 AND position = ?2
            """,
            [
                SQLValue(stream), .integer(position.encoded), SegmentColumns.pieces(remote, aliases),
                SegmentColumns.hashes(remote.pieces), SQLValue(repairedAt),
            ])
    }

    /// The segment at the highest position.
    ///
    /// - Throws: `segmentNotFound`.
    func last(_ stream: StreamID) throws -> Segment {
        let found = try session.first(Self.last, [SQLValue(stream), SQLValue(now)]) {
            try SegmentColumns.read($0, aliases)
        }
        guard let found else { throw MetabaseError.segmentNotFound }
        return found
    }

    /// All segments on nodes.
    func remote(_ stream: StreamID) throws -> [Segment] {
        try session.query(Self.remote, [SQLValue(stream)]) { try SegmentColumns.read($0, aliases) }
    }

    /// What a commit looks at, ascending by position.
    func extents(_ stream: StreamID) throws -> [SegmentExtent] {
        try session.query(
            "SELECT position, plain_size, encrypted_size, plain_offset FROM segments WHERE stream = ?1 ORDER BY position",
            [SQLValue(stream)]
        ) { row in
            SegmentExtent(
                position: SegmentPosition(encoded: row.integer(0)), plainSize: row.integer(1),
                encryptedSize: row.integer(2), plainOffset: row.integer(3))
        }
    }

    /// The content keys, ascending by position.
    func keys(_ stream: StreamID) throws -> [SegmentKey] {
        try session.query(
            "SELECT position, encrypted_key, key_nonce FROM segments WHERE stream = ?1 ORDER BY position",
            [SQLValue(stream)]
        ) { row in
            SegmentKey(
                position: SegmentPosition(encoded: row.integer(0)), encryptedKey: row.blob(1),
                encryptedKeyNonce: row.blob(2))
        }
    }

    /// Stores another content key.
    func setKey(_ stream: StreamID, _ key: SegmentKey) throws {
        try session.execute(
            "UPDATE segments SET encrypted_key = ?3, key_nonce = ?4 WHERE stream = ?1 AND position = ?2",
            [SQLValue(stream), .integer(key.position.encoded), .blob(key.encryptedKey), .blob(key.encryptedKeyNonce)])
    }

    /// Adds a segment of another stream that refers to the same pieces (or has the same inline data).
    func copy(_ source: StreamID, to target: StreamID, _ key: SegmentKey) throws {
        try session.execute(
            """
            INSERT INTO segments (stream, position, created_at, repaired_at, expires_at, plain_offset, plain_size,
                encrypted_size, encrypted_key, key_nonce, etag, checksum, placement, inline_data, root_piece, k, m, o, n,
                share_size, pieces, hash_algorithm, piece_hashes)
            SELECT ?3, position, ?4, repaired_at, expires_at, plain_offset, plain_size, encrypted_size, ?5, ?6, etag,
                checksum, placement, inline_data, root_piece, k, m, o, n, share_size, pieces, hash_algorithm, piece_hashes
            FROM segments WHERE stream = ?1 AND position = ?2
            """,
            [
                SQLValue(source), .integer(key.position.encoded), SQLValue(target), SQLValue(now),
                .blob(key.encryptedKey), .blob(key.encryptedKeyNonce),
            ])
    }

    /// Stores where a segment begins in the plain stream.
    func setOffset(_ stream: StreamID, _ position: SegmentPosition, _ offset: Int64) throws {
        try session.execute(
            "UPDATE segments SET plain_offset = ?3 WHERE stream = ?1 AND position = ?2",
            [SQLValue(stream), .integer(position.encoded), .integer(offset)])
    }

    /// Removes one segment.
    func delete(_ stream: StreamID, _ position: SegmentPosition) throws {
        try session.execute(
            "DELETE FROM segments WHERE stream = ?1 AND position = ?2", [SQLValue(stream), .integer(position.encoded)])
    }

    /// Removes all segments of a stream.
    func delete(_ stream: StreamID) throws {
        try session.execute("DELETE FROM segments WHERE stream = ?1", [SQLValue(stream)])
    }
}
