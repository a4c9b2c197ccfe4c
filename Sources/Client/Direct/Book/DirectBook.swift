import Contracts
import Database
import StorageModel

/// What a customer knows: whom it hired, what it stored with whom, what was agreed and what was proven.
struct DirectBook: Sendable {
    let database: Database

    /// Brings the tables up to date.
    func open() async throws { try await database.migrate(room: "direct", DirectSchema.migrations) }

    // MARK: Farmers

    /// All farmers, by node.
    func farmers() async throws -> [FarmerRecord] {
        try await database.read {
            try $0.query("SELECT \(FarmerRecord.columns) FROM direct_farmers ORDER BY node") { try FarmerRecord($0) }
        }
    }

    /// A farmer; nil for one that was never dealt with.
    func farmer(_ node: NodeID) async throws -> FarmerRecord? {
        try await database.read {
            try $0.first("SELECT \(FarmerRecord.columns) FROM direct_farmers WHERE node = ?1", [SQLValue(node)]) {
                try FarmerRecord($0)
            }
        }
    }

    /// Keeps a farmer as it is now; promises never shrink, and neither do the bytes that limits allowed.
    func save(_ farmer: FarmerRecord) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO direct_farmers (\(FarmerRecord.columns))
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                ON CONFLICT (node) DO UPDATE SET
                    url = ?2, binding = ?3, sheet = ?4, state = ?5, channel = ?6, deposit = ?7,
                    voucher = CASE WHEN ?8 >= cumulative OR channel <> ?6 THEN ?9 ELSE voucher END,
                    cumulative = CASE WHEN ?8 >= cumulative OR channel <> ?6 THEN ?8 ELSE cumulative END,
                    limits = CASE WHEN channel <> ?6 THEN ?10 ELSE max(limits, ?10) END, refusal = ?11
                """, farmer.values)
        }
    }

    /// Counts bytes that order limits allow to be fetched, before anybody has the limits.
    func allow(_ bytes: [NodeID: UInt64]) async throws {
        try await database.write { session in
            for (node, count) in bytes {
                try session.execute(
                    "UPDATE direct_farmers SET limits = limits + ?2 WHERE node = ?1",
                    [SQLValue(node), SQLValue(Int64(clamping: count))])
            }
        }
    }

    // MARK: Deals

    /// All deals, oldest first.
    func deals() async throws -> [DealRecord] {
        try await database.read {
            try $0.query("SELECT \(DealRecord.columns) FROM direct_deals ORDER BY created_at, id") { try DealRecord($0) }
        }
    }

    /// Keeps a deal as it is now.
    func save(_ deal: DealRecord) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO direct_deals (\(DealRecord.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                ON CONFLICT (id) DO UPDATE SET state = ?2, expires_at = ?4
                """, deal.values)
        }
    }

    // MARK: Objects

    /// All objects, by name.
    func objects() async throws -> [ObjectRecord] {
        try await database.read {
            try $0.query("SELECT \(ObjectRecord.columns) FROM direct_objects ORDER BY name") { try ObjectRecord($0) }
        }
    }

    /// An object; nil when there is none of that name.
    func object(_ name: String) async throws -> ObjectRecord? {
        try await database.read {
            try $0.first("SELECT \(ObjectRecord.columns) FROM direct_objects WHERE name = ?1", [SQLValue(name)]) {
                try ObjectRecord($0)
            }
        }
    }

    /// Begins an object anew: what an interrupted attempt left of it is forgotten.
    func begin(_ object: ObjectRecord) async throws {
        try await database.write { session in
            let old = try session.first(
                "SELECT id FROM direct_objects WHERE name = ?1 AND is_complete = 0", [SQLValue(object.name)]
            ) { try $0.id(0, as: StreamID.self) }
            if let old {
                try session.execute("DELETE FROM direct_pieces WHERE object = ?1", [SQLValue(old)])
                try session.execute("DELETE FROM direct_segments WHERE object = ?1", [SQLValue(old)])
                try session.execute("DELETE FROM direct_objects WHERE id = ?1", [SQLValue(old)])
            }
            try session.execute(
                "INSERT INTO direct_objects (\(ObjectRecord.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", object.values)
        }
    }

    /// Says that all segments of an object are stored.
    func complete(_ object: ObjectRecord) async throws {
        try await database.write { session in
            try session.execute("UPDATE direct_objects SET is_complete = 1 WHERE id = ?1", [SQLValue(object.id)])
        }
    }

    /// Keeps a segment with its pieces.
    func add(_ segment: SegmentRecord, of object: ObjectRecord) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO direct_segments (object, \(SegmentRecord.columns))
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                """, segment.values(object: object.id))
            for piece in segment.pieces {
                try session.execute(
                    """
                    INSERT INTO direct_pieces (object, position, number, deal, node, piece, size, hash)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                    """, piece.values(object: object.id, index: segment.index, deal: object.deal))
            }
        }
    }

    /// An object's segments in order, with their pieces.
    func segments(of object: ObjectRecord) async throws -> [SegmentRecord] {
        try await database.read { session in
            var segments = try session.query(
                "SELECT \(SegmentRecord.columns) FROM direct_segments WHERE object = ?1 ORDER BY position",
                [SQLValue(object.id)]
            ) { try SegmentRecord($0) }
            for index in segments.indices {
                segments[index].pieces = try session.query(
                    "SELECT \(PieceRecord.columns) FROM direct_pieces WHERE object = ?1 AND position = ?2 ORDER BY number",
                    [SQLValue(object.id), SQLValue(segments[index].index)]
                ) { try PieceRecord($0) }
            }
            return segments
        }
    }

    /// The pieces of a deal's complete objects at one farmer, in the order of their ids.
    func pieces(deal: StreamID, node: NodeID) async throws -> [PieceRecord] {
        try await database.read { session in
            try session.query(
                """
                SELECT \(PieceRecord.columns) FROM direct_pieces
                WHERE deal = ?1 AND node = ?2
                AND object IN (SELECT id FROM direct_objects WHERE deal = ?1 AND is_complete = 1) ORDER BY piece
                """, [SQLValue(deal), SQLValue(node)]
            ) { try PieceRecord($0) }
        }
    }

    /// Who has pieces of a deal's complete objects.
    func holders(deal: StreamID) async throws -> [NodeID] {
        try await database.read { session in
            try session.query(
                """
                SELECT DISTINCT node FROM direct_pieces WHERE deal = ?1
                AND object IN (SELECT id FROM direct_objects WHERE deal = ?1 AND is_complete = 1) ORDER BY node
                """, [SQLValue(deal)]
            ) { try $0.id(0) }
        }
    }
}
