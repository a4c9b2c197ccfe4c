package import Database
package import StorageModel

/// The segments that wait for repair, those in the greatest danger first. They outlive a restart.
package struct RepairQueue: Sendable {
    /// Rows written in one transaction, so that others get their turn in between.
    private static let batchSize = 500

    let database: Database

    /// The queue in a database.
    package init(database: Database) { self.database = database }

    /// Brings the table to today's form.
    ///
    /// - Throws: `DatabaseError`.
    package func migrate() async throws { try await database.migrate(room: "repair", RepairSchema.migrations) }

    /// Writes down what is unhealthy. What was tried in vain waits on, unless it is better or worse off than it was then:
    /// after a failure of the satellite's own network, say, nobody waits for hours.
    package func put(_ rows: [QueuedRepair], at now: Timestamp) async throws {
        for start in stride(from: 0, to: rows.count, by: Self.batchSize) {
            let batch = rows[start..<min(start + Self.batchSize, rows.count)]
            try await database.write { session in
                for row in batch { try Self.put(row, at: now, in: session) }
            }
        }
    }

    private static func put(_ row: QueuedRepair, at now: Timestamp, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO repair_queue (
                stream, position, placement, survival, healthy, retrievable, required, inserted_at, updated_at,
                attempt_count)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 0)
            ON CONFLICT (stream, position) DO UPDATE SET
                attempted_at = CASE
                    WHEN healthy = excluded.healthy AND retrievable = excluded.retrievable THEN attempted_at END,
                placement = excluded.placement, survival = excluded.survival, healthy = excluded.healthy,
                retrievable = excluded.retrievable, required = excluded.required, updated_at = excluded.updated_at
            """,
            [
                SQLValue(row.place.stream), .integer(row.place.position.encoded), SQLValue(row.placement),
                .real(row.survival), SQLValue(row.healthyCount), SQLValue(row.retrievableCount),
                SQLValue(row.requiredCount), SQLValue(now),
            ])
    }

    /// Removes what no pass has found since: segments that are healthy again or gone.
    ///
    /// - Returns: how many.
    package func removeUnseen(since moment: Timestamp) async throws -> Int {
        var count = 0
        while true {
            let removed = try await database.write { session in
                try session.execute(
                    """
                    DELETE FROM repair_queue WHERE (stream, position) IN (
                        SELECT stream, position FROM repair_queue WHERE updated_at < ?1 LIMIT ?2)
                    """, [SQLValue(moment), SQLValue(Self.batchSize)])
            }
            count += removed
            if removed == 0 { return count }
        }
    }

    /// The next segments to repair: in the greatest danger, and not tried in vain since `moment`.
    ///
    /// - Parameters:
    ///   - limit: at least 0.
    ///   - running: left out.
    package func due(_ limit: Int, notTriedSince moment: Timestamp, without running: Set<SegmentPlace>) async throws
        -> [QueuedRepair]
    {
        let rows = try await database.read { session in
            try session.query(
                """
                SELECT \(QueuedRepair.columns) FROM repair_queue
                WHERE attempted_at IS NULL OR attempted_at <= ?1
                ORDER BY survival, retrievable LIMIT ?2
                """, [SQLValue(moment), SQLValue(limit + running.count)], QueuedRepair.init)
        }
        return Array(rows.lazy.filter { !running.contains($0.place) }.prefix(limit))
    }

    /// Takes a segment out: it is whole, or gone.
    package func remove(_ place: SegmentPlace) async throws {
        try await database.write { session in
            _ = try session.execute(
                "DELETE FROM repair_queue WHERE stream = ?1 AND position = ?2",
                [SQLValue(place.stream), .integer(place.position.encoded)])
        }
    }

    /// Notes that a segment could not be repaired now.
    ///
    /// - Parameter counts: what is known of its pieces since; nil for nothing new.
    package func noteFailure(
        _ place: SegmentPlace, problem: String, counts: (healthy: Int, retrievable: Int)? = nil, at now: Timestamp
    ) async throws {
        try await database.write { session in
            _ = try session.execute(
                """
                UPDATE repair_queue SET attempted_at = ?3, attempt_count = attempt_count + 1, problem = ?4,
                    healthy = COALESCE(?5, healthy), retrievable = COALESCE(?6, retrievable)
                WHERE stream = ?1 AND position = ?2
                """,
                [
                    SQLValue(place.stream), .integer(place.position.encoded), SQLValue(now), .text(problem),
                    SQLValue(counts?.healthy), SQLValue(counts?.retrievable),
                ])
        }
    }

    /// Lets everything be tried again at once: an operator knows that something has changed.
    package func forgetAttempts() async throws {
        try await database.write { session in
            _ = try session.execute("UPDATE repair_queue SET attempted_at = NULL WHERE attempted_at IS NOT NULL")
        }
    }

    /// How many wait, how many of them may be tried now, and how many cannot be restored.
    package func counts(notTriedSince moment: Timestamp) async throws -> (all: Int, due: Int, irreparable: Int) {
        try await database.read { session in
            try session.first(
                """
                SELECT COUNT(*), COALESCE(SUM(attempted_at IS NULL OR attempted_at <= ?1), 0),
                    COALESCE(SUM(retrievable < required), 0)
                FROM repair_queue
                """, [SQLValue(moment)]
            ) { ($0.int(0), $0.int(1), $0.int(2)) } ?? (0, 0, 0)
        }
    }

    /// Of segments of a stream those that wait.
    package func waiting(of stream: StreamID, at positions: [SegmentPosition]) async throws -> Set<SegmentPosition> {
        try await database.read { session in
            var found: Set<SegmentPosition> = []
            for position in positions {
                let isWaiting = try session.first(
                    "SELECT 1 FROM repair_queue WHERE stream = ?1 AND position = ?2",
                    [SQLValue(stream), .integer(position.encoded)]) { $0.int(0) }
                if isWaiting != nil { found.insert(position) }
            }
            return found
        }
    }

    /// Segments in the order of their turn; only those that cannot be restored, if so asked.
    package func list(_ limit: Int, onlyIrreparable: Bool = false) async throws -> [QueuedRepair] {
        try await database.read { session in
            try session.query(
                """
                SELECT \(QueuedRepair.columns) FROM repair_queue WHERE ?2 = 0 OR retrievable < required
                ORDER BY survival, retrievable LIMIT ?1
                """, [SQLValue(limit), SQLValue(onlyIrreparable ? 1 : 0)], QueuedRepair.init)
        }
    }
}
