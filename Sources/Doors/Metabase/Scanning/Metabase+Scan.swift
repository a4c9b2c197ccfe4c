import Database
import StorageModel

/// A stretch of the segments' rows.
package struct ScanRange: Hashable, Sendable {
    /// The row before the first.
    let after: Int64
    /// The last row.
    let through: Int64

    /// All rows, those that come later included.
    package static let all = ScanRange(after: -1, through: .max)
}

extension Metabase {
    /// All rows, cut into `count` stretches with about as many rows each.
    ///
    /// - Parameter count: at least 1.
    package func scanRanges(_ count: Int) async throws -> [ScanRange] {
        precondition(count >= 1, "a pass has at least one range")
        let last = try await database.read { session in
            try session.first("SELECT COALESCE(MAX(rowid), 0) FROM segments") { $0.integer(0) } ?? 0
        }
        let width = last / Int64(count)
        return (0..<Int64(count)).map { index in
            ScanRange(
                after: index == 0 ? -1 : index * width,
                through: index + 1 == Int64(count) ? .max : (index + 1) * width)
        }
    }

    /// Shows all segments of a range, pending and expired ones too, in the order of their rows.
    ///
    /// It is one transaction: what is shown is the database at one moment, whatever is committed meanwhile. The log of
    /// changes cannot be cleared for that long.
    ///
    /// - Parameters:
    ///   - batchSize: segments shown at once, at least 1.
    ///   - begin: runs first, in the same snapshot: every alias that comes has its node in the table.
    ///   - process: runs on a database thread; false ends the scan.
    /// - Throws: what `begin` and `process` throw, `DatabaseError`.
    package func scan(
        _ range: ScanRange = .all, batchSize: Int, begin: @escaping @Sendable (NodeTable) throws -> Void = { _ in },
        _ process: @escaping @Sendable ([ScannedSegment]) throws -> Bool
    ) async throws {
        try await database.read { session in
            try begin(NodeTable(try Self.aliases(session)))
            var batch: [ScannedSegment] = []
            batch.reserveCapacity(batchSize)
            var isWanted = true
            try session.each(Self.scanText, [.integer(range.after), .integer(range.through)]) { row in
                batch.append(try ScannedSegment(row))
                guard batch.count == batchSize else { return true }
                isWanted = try process(batch)
                batch.removeAll(keepingCapacity: true)
                return isWanted
            }
            if isWanted, !batch.isEmpty { _ = try process(batch) }
        }
    }

    private static let scanText = """
        SELECT stream, position, created_at, expires_at, repaired_at, encrypted_size, placement, root_piece, k, m, o, n,
            share_size, pieces
        FROM segments WHERE rowid > ?1 AND rowid <= ?2 ORDER BY rowid
        """

    static func aliases(_ session: SQLSession) throws -> [Int64: NodeID] {
        var byAlias: [Int64: NodeID] = [:]
        try session.each("SELECT alias, node FROM node_aliases") { row in
            byAlias[row.integer(0)] = try row.id(1, as: NodeID.self)
            return true
        }
        return byAlias
    }
}

extension ScannedSegment {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            stream: try row.id(0), position: SegmentPosition(encoded: row.integer(1)), createdAt: row.timestamp(2),
            expiresAt: row.optionalTimestamp(3), repairedAt: row.optionalTimestamp(4), encryptedSize: row.integer(5),
            placement: Int32(truncatingIfNeeded: row.integer(6)), pieces: try ScannedPieces(row))
    }
}

extension ScannedPieces {
    fileprivate init?(_ row: SQLRow) throws {
        guard let root = try row.optionalID(7, as: PieceID.self) else { return nil }
        let scheme = RedundancyScheme(
            required: row.int(8), repair: row.int(9), optimal: row.int(10), total: row.int(11),
            shareSize: row.int(12))
        guard let scheme, let entries = row.optionalBlob(13).flatMap(AliasPieces.decode) else {
            throw DatabaseError(.corrupt, "a segment's pieces do not parse")
        }
        self.init(rootPieceID: root, redundancy: scheme, entries: entries)
    }
}
