import Database
package import StorageModel

/// What proofs of possession need of a segment's pieces.
package struct HashedPieces: Sendable {
    /// From which the pieces' ids derive.
    package let rootPieceID: PieceID
    /// Bytes of every piece.
    package let pieceSize: Int64
    /// When all pieces were there: when the segment was committed, or last repaired.
    package let storedAt: Timestamp
    /// When nodes may forget the pieces.
    package let expiresAt: Timestamp?
    /// The wire's number of the algorithm of the hashes: 0 SHA-256, 1 BLAKE3.
    package let hashAlgorithm: Int32
    /// Piece numbers, ascending, with their nodes' aliases.
    package let entries: [AliasPieces.Entry]
    /// 32 bytes an entry, all zero where a hash is unknown; nil when none is known.
    package let hashes: [UInt8]?
}

extension Metabase {
    /// Shows the pieces of all segments on nodes with their hashes, pending and expired ones too.
    ///
    /// It is one transaction, as `scan` is, and it reads about twice the bytes: for those who need hashes.
    ///
    /// - Parameters:
    ///   - batchSize: segments shown at once, at least 1.
    ///   - begin: runs first, in the same snapshot: every alias that comes has its node in the table.
    ///   - process: runs on a database thread; false ends the scan.
    /// - Throws: what `begin` and `process` throw, `DatabaseError`.
    package func scanHashes(
        batchSize: Int, begin: @escaping @Sendable (NodeTable) throws -> Void,
        _ process: @escaping @Sendable ([HashedPieces]) throws -> Bool
    ) async throws {
        try await database.read { session in
            try begin(NodeTable(try Self.aliases(session)))
            var batch: [HashedPieces] = []
            batch.reserveCapacity(batchSize)
            var isWanted = true
            try session.each(Self.hashesText) { row in
                guard let pieces = try HashedPieces(row) else { return true }
                batch.append(pieces)
                guard batch.count == batchSize else { return true }
                isWanted = try process(batch)
                batch.removeAll(keepingCapacity: true)
                return isWanted
            }
            if isWanted, !batch.isEmpty { _ = try process(batch) }
        }
    }

    private static let hashesText = """
        SELECT created_at, expires_at, repaired_at, encrypted_size, root_piece, k, m, o, n, share_size, pieces,
            hash_algorithm, piece_hashes
        FROM segments ORDER BY rowid
        """
}

extension HashedPieces {
    /// The pieces of a row; nil for content that the satellite keeps itself.
    fileprivate init?(_ row: SQLRow) throws {
        guard let root = try row.optionalID(4, as: PieceID.self) else { return nil }
        let scheme = RedundancyScheme(
            required: row.int(5), repair: row.int(6), optimal: row.int(7), total: row.int(8), shareSize: row.int(9))
        guard let scheme, let entries = row.optionalBlob(10).flatMap(AliasPieces.decode) else {
            throw DatabaseError(.corrupt, "a segment's pieces do not parse")
        }
        rootPieceID = root
        pieceSize = scheme.pieceSize(encryptedSize: row.integer(3))
        storedAt = max(row.timestamp(0), row.optionalTimestamp(2) ?? row.timestamp(0))
        expiresAt = row.optionalTimestamp(1)
        hashAlgorithm = Int32(truncatingIfNeeded: row.integer(11))
        self.entries = entries
        hashes = row.optionalBlob(12)
        guard hashes.map({ $0.count == entries.count * Bytes32.byteCount }) ?? true else {
            throw DatabaseError(.corrupt, "a segment has another number of hashes than pieces")
        }
    }
}
