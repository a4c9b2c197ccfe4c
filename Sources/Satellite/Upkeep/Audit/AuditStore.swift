import Database
import Metabase
import StorageModel

/// The tables of audits; nobody else touches them.
struct AuditStore: Sendable {
    let database: Database

    /// Brings the tables to today's form.
    ///
    /// - Throws: `DatabaseError`.
    func migrate() async throws { try await database.migrate(room: "audit", AuditSchema.migrations) }

    // MARK: The queue

    /// Puts a new choice in the place of what is left of the old one.
    func replaceQueue(_ places: [SegmentPlace]) async throws {
        try await database.write { session in
            try session.execute("DELETE FROM audit_queue")
            for place in places {
                try session.execute(
                    "INSERT INTO audit_queue (stream, position) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    [SQLValue(place.stream), .integer(place.position.encoded)])
            }
        }
    }

    /// The next segments to audit, in the order of their turns.
    ///
    /// - Parameter limit: at least 0.
    func next(_ limit: Int) async throws -> [SegmentPlace] {
        try await database.read { session in
            try session.query(
                "SELECT stream, position FROM audit_queue ORDER BY place LIMIT ?1", [SQLValue(limit)]
            ) { row in try SegmentPlace(row, 0) }
        }
    }

    /// Segments that wait.
    func queueLength() async throws -> Int {
        try await database.read { try $0.first("SELECT COUNT(*) FROM audit_queue") { $0.int(0) } ?? 0 }
    }

    // MARK: Reverifications

    private static let pendingColumns =
        "node_id, stream, position, piece_number, root_piece, reason, is_disguised, inserted_at, attempted_at, tries"

    /// What may be asked for: never tried, or not since a moment; oldest first.
    func due(before moment: Timestamp, limit: Int) async throws -> [PendingReverification] {
        try await database.read { session in
            try session.query(
                """
                SELECT \(Self.pendingColumns) FROM reverifications WHERE attempted_at IS NULL OR attempted_at <= ?1
                ORDER BY attempted_at IS NOT NULL, attempted_at, inserted_at LIMIT ?2
                """, [SQLValue(moment), SQLValue(limit)], PendingReverification.init)
        }
    }

    /// What a node owes, oldest first.
    func pending(of node: NodeID) async throws -> [PendingReverification] {
        try await database.read { session in
            try session.query(
                "SELECT \(Self.pendingColumns) FROM reverifications WHERE node_id = ?1 ORDER BY inserted_at",
                [SQLValue(node)], PendingReverification.init)
        }
    }

    /// Nodes that left an audit unanswered and are not audited until they answer.
    func containedNodes() async throws -> Set<NodeID> {
        let nodes = try await database.read { session in
            try session.query(
                "SELECT DISTINCT node_id FROM reverifications WHERE reason = ?1",
                [SQLValue(ReverificationReason.timeout.rawValue)]
            ) { try $0.id(0, as: NodeID.self) }
        }
        return Set(nodes)
    }

    /// Pieces that are owed.
    func pendingCount() async throws -> Int {
        try await database.read { try $0.first("SELECT COUNT(*) FROM reverifications") { $0.int(0) } ?? 0 }
    }

    // MARK: Losses

    /// Of holders of a segment's pieces, those whose loss of it was counted after a moment: copies of an object share
    /// its pieces, and a piece is lost once.
    func countedLosses(
        of holders: [PieceHolder], _ root: PieceID, after moment: Timestamp
    ) async throws -> Set<PieceHolder> {
        if holders.isEmpty { return [] }
        return try await database.read { session in
            Set(
                try holders.filter { holder in
                    try session.first(
                        """
                        SELECT 1 FROM audit_losses
                        WHERE node_id = ?1 AND root_piece = ?2 AND piece_number = ?3 AND lost_at > ?4
                        """, [SQLValue(holder.node), SQLValue(root), SQLValue(holder.number), SQLValue(moment)]
                    ) { _ in true } ?? false
                })
        }
    }

    /// Forgets losses that are too old to matter.
    func forgetLosses(before moment: Timestamp) async throws {
        try await database.write { session in
            try session.execute("DELETE FROM audit_losses WHERE lost_at <= ?1", [SQLValue(moment)])
        }
    }

    // MARK: Signs of life

    /// A moment kept under a name.
    func moment(_ name: String) async throws -> Timestamp? {
        try await database.read { session in
            try session.first("SELECT value FROM audit_state WHERE name = ?1", [SQLValue(name)]) { $0.timestamp(0) }
        }
    }

    /// Keeps moments.
    func set(_ moments: [String: Timestamp]) async throws {
        try await database.write { session in
            for (name, moment) in moments {
                try session.execute(
                    """
                    INSERT INTO audit_state (name, value) VALUES (?1, ?2)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """, [SQLValue(name), SQLValue(moment)])
            }
        }
    }
}

extension SegmentPlace {
    /// Reads a stream and the position after it.
    init(_ row: SQLRow, _ column: Int) throws {
        self.init(stream: try row.id(column), position: SegmentPosition(encoded: row.integer(column + 1)))
    }
}

extension PendingReverification {
    init(_ row: SQLRow) throws {
        guard let reason = ReverificationReason(rawValue: row.int(5)) else {
            throw DatabaseError(.corrupt, "a reverification has an unknown reason")
        }
        node = try row.id(0)
        place = try SegmentPlace(row, 1)
        pieceNumber = row.int(3)
        rootPieceID = try row.id(4)
        self.reason = reason
        isDisguised = row.bool(6)
        insertedAt = row.timestamp(7)
        attemptedAt = row.optionalTimestamp(8)
        tries = row.int(9)
    }
}
