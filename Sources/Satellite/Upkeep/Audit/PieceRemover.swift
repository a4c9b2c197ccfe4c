import Database
import Metabase
import StorageModel

/// Takes lost pieces out of the metadata: so repair sees the loss, and it counts against its node once.
///
/// What is to be removed was written down together with the outcome; it is struck out when it is done. Whoever is
/// interrupted between the two removes it again, which changes nothing.
struct PieceRemover: Sendable {
    /// Pieces of one segment that are to be removed.
    struct Removal: Sendable {
        let place: SegmentPlace
        let rootPieceID: PieceID
        var holders: [PieceHolder]
    }

    /// How often a segment is read again because somebody else changes it at the same time.
    private static let maximumRaces = 5

    let metabase: Metabase
    let store: AuditStore

    /// Removes everything that is written down.
    ///
    /// - Throws: `DatabaseError`, `CancellationError`; what was not removed stays written down.
    func run() async throws {
        for removal in try await store.removals() {
            try Task.checkCancellation()
            if try await remove(removal) { try await store.strike(removal) }
        }
    }

    /// Whether the pieces are in the segment no more.
    private func remove(_ removal: Removal) async throws -> Bool {
        for _ in 0..<Self.maximumRaces {
            guard let (_, remote) = try await metabase.remoteSegment(at: removal.place),
                remote.rootPieceID == removal.rootPieceID
            else { return true }
            let left = remote.pieces.filter { piece in
                !removal.holders.contains(PieceHolder(number: piece.number, node: piece.node))
            }
            if left.count == remote.pieces.count { return true }
            let isDone = try await metabase.updatePieces(
                of: removal.place.stream, at: removal.place.position, expecting: remote, to: left)
            if isDone { return true }
        }
        return false
    }
}

extension AuditStore {
    /// What is written down, by segment.
    func removals() async throws -> [PieceRemover.Removal] {
        let rows = try await database.read { session in
            try session.query(
                """
                SELECT stream, position, piece_number, node_id, root_piece FROM audit_removals
                ORDER BY stream, position, piece_number
                """
            ) { row in
                PieceRemover.Removal(
                    place: try SegmentPlace(row, 0), rootPieceID: try row.id(4),
                    holders: [PieceHolder(number: row.int(2), node: try row.id(3))])
            }
        }
        var removals: [PieceRemover.Removal] = []
        for row in rows {
            if let last = removals.last, last.place == row.place, last.rootPieceID == row.rootPieceID {
                removals[removals.count - 1].holders += row.holders
            } else {
                removals.append(row)
            }
        }
        return removals
    }

    /// Strikes out what is done.
    func strike(_ removal: PieceRemover.Removal) async throws {
        try await database.write { session in
            for holder in removal.holders {
                try session.execute(
                    """
                    DELETE FROM audit_removals
                    WHERE stream = ?1 AND position = ?2 AND piece_number = ?3 AND node_id = ?4 AND root_piece = ?5
                    """,
                    [
                        SQLValue(removal.place.stream), .integer(removal.place.position.encoded),
                        SQLValue(holder.number), SQLValue(holder.node), SQLValue(removal.rootPieceID),
                    ])
            }
        }
    }
}
