import Database
import StorageModel

/// The columns of `segments` in the order they are selected.
enum SegmentColumns {
    static let summary = """
        position, created_at, plain_offset, plain_size, encrypted_size, encrypted_key, key_nonce, etag, checksum
        """
    static let all = """
        \(summary), stream, placement, expires_at, repaired_at, inline_data, root_piece, k, m, o, n, share_size, pieces, \
        hash_algorithm, piece_hashes
        """
    private static let hashSize = 32

    /// The summary of a row of either list of columns.
    static func summary(_ row: SQLRow) -> SegmentSummary {
        SegmentSummary(
            position: SegmentPosition(encoded: row.integer(0)), createdAt: row.timestamp(1),
            plainOffset: row.integer(2), plainSize: row.integer(3), encryptedSize: row.integer(4),
            encryptedKey: row.blob(5), encryptedKeyNonce: row.blob(6), encryptedETag: row.blob(7),
            encryptedChecksum: row.blob(8))
    }

    /// The segment of a row of `all`.
    static func read(_ row: SQLRow, _ aliases: NodeAliases) throws -> Segment {
        Segment(
            stream: try row.id(9), summary: summary(row), content: try content(row, aliases),
            placement: Int32(truncatingIfNeeded: row.integer(10)), expiresAt: row.optionalTimestamp(11),
            repairedAt: row.optionalTimestamp(12))
    }

    /// The values of `inline_data` up to `piece_hashes`.
    static func values(_ content: SegmentContent, _ aliases: NodeAliases) -> [SQLValue] {
        switch content {
        case .inline(let bytes):
            return [.blob(bytes), nil, 0, 0, 0, 0, 0, nil, 0, nil]
        case .remote(let remote):
            let scheme = remote.redundancy
            return [
                nil, SQLValue(remote.rootPieceID), SQLValue(scheme.requiredShares), SQLValue(scheme.repairShares),
                SQLValue(scheme.optimalShares), SQLValue(scheme.totalShares), SQLValue(scheme.shareSize),
                pieces(remote, aliases), SQLValue(remote.hashAlgorithm), hashes(remote.pieces),
            ]
        }
    }

    /// The pieces, whose nodes have their aliases already.
    static func pieces(_ remote: RemoteSegment, _ aliases: NodeAliases) -> SQLValue {
        let entries = remote.pieces.map { AliasPieces.Entry(number: $0.number, alias: aliases.alias(of: $0.node)) }
        return .blob(AliasPieces.encode(entries))
    }

    /// The hashes of the pieces one after another; an unknown one is all zero, NULL when none is known.
    static func hashes(_ pieces: [SegmentPiece]) -> SQLValue {
        guard pieces.contains(where: { $0.hash != nil }) else { return .null }
        return .blob(pieces.flatMap { ($0.hash ?? Bytes32()).bytes })
    }

    private static func content(_ row: SQLRow, _ aliases: NodeAliases) throws -> SegmentContent {
        if let inline = row.optionalBlob(13) { return .inline(inline) }
        let scheme = RedundancyScheme(
            required: row.int(15), repair: row.int(16), optimal: row.int(17), total: row.int(18),
            shareSize: row.int(19))
        guard let scheme, let entries = row.optionalBlob(20).flatMap(AliasPieces.decode) else {
            throw DatabaseError(.corrupt, "a segment's pieces do not parse")
        }
        let hashes = try hashes(row, count: entries.count)
        let pieces = zip(entries, try aliases.nodes(of: entries)).enumerated().map { index, piece in
            SegmentPiece(number: piece.0.number, node: piece.1, hash: hashes?[index])
        }
        return .remote(
            RemoteSegment(
                rootPieceID: try row.id(14), redundancy: scheme, pieces: pieces,
                hashAlgorithm: Int32(truncatingIfNeeded: row.integer(21))))
    }

    private static func hashes(_ row: SQLRow, count: Int) throws -> [Bytes32?]? {
        guard let bytes = row.optionalBlob(22) else { return nil }
        guard bytes.count == count * hashSize else {
            throw DatabaseError(.corrupt, "a segment has another number of hashes than pieces")
        }
        return (0..<count).map { index in
            Bytes32(bytes[index * hashSize..<(index + 1) * hashSize]).flatMap { $0.isZero ? nil : $0 }
        }
    }
}
