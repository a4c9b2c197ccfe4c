package import Database
package import StorageModel
import Synchronization

/// What a node remembers of its days: traffic, space, its own uptime, what satellites said of it.
///
/// Traffic is counted in memory and written every few minutes and at the end: a crash forgets minutes of a chart, and no
/// money, which is in the orders.
package final class NodeHistory: Sendable {
    private struct Key: Hashable {
        let satellite: NodeID
        let action: Int32
        let hour: Int64
    }

    private struct Count {
        var bytes: Int64 = 0
        var transfers: Int64 = 0
    }

    /// How long rows of hours are kept, seconds.
    private static let hourLifetime: Int64 = 8 * 86400

    /// Where it is kept; others may keep tables of their own beside.
    package let database: Database
    let clock: WallClock
    private let pending = Mutex<[Key: Count]>([:])

    private init(_ database: Database, _ clock: WallClock) {
        self.database = database
        self.clock = clock
    }

    /// Opens the history, making its tables when they are missing.
    ///
    /// - Throws: `DatabaseError`.
    package static func open(_ database: Database, clock: WallClock) async throws -> NodeHistory {
        try await database.migrate(room: "history", HistorySchema.migrations)
        return NodeHistory(database, clock)
    }

    /// Counts a transfer; costs no disk.
    package func count(satellite: NodeID, action: Int32, bytes: Int64) {
        let key = Key(satellite: satellite, action: action, hour: HistorySpan.hour.start(of: clock.now()))
        pending.withLock { pending in
            pending[key, default: Count()].bytes += max(0, bytes)
            pending[key, default: Count()].transfers += 1
        }
    }

    /// Writes what was counted.
    ///
    /// - Throws: `DatabaseError`: nothing is forgotten then.
    package func flush() async throws {
        let counts = pending.withLock { pending in
            defer { pending = [:] }
            return pending
        }
        let oldest = clock.now().seconds - Self.hourLifetime
        do {
            try await database.write { session in
                for (key, count) in counts {
                    for span in [HistorySpan.hour, .day] {
                        try session.execute(
                            """
                            INSERT INTO history_traffic (satellite, span, start, action, bytes, transfers)
                            VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (span, start, satellite, action)
                            DO UPDATE SET bytes = bytes + excluded.bytes, transfers = transfers + excluded.transfers
                            """,
                            [
                                SQLValue(key.satellite), .integer(span.rawValue),
                                .integer(key.hour - key.hour % span.rawValue), .integer(Int64(key.action)),
                                .integer(count.bytes), .integer(count.transfers),
                            ])
                    }
                }
                for table in ["history_traffic", "history_space", "history_uptime"] {
                    try session.execute(
                        "DELETE FROM \(table) WHERE span = ?1 AND start < ?2",
                        [.integer(HistorySpan.hour.rawValue), .integer(oldest)])
                }
            }
        } catch {
            pending.withLock { pending in
                for (key, count) in counts {
                    pending[key, default: Count()].bytes += count.bytes
                    pending[key, default: Count()].transfers += count.transfers
                }
            }
            throw error
        }
    }

    /// Adds a look at the node to the hour and the day of now.
    ///
    /// - Parameters:
    ///   - rows: what is stored; `start` is not read, `byteHours` is what this look adds.
    ///   - seconds: since the last look, while the node ran.
    ///   - reached: whether satellites reach the node.
    package func add(_ rows: [SpaceRow], seconds: Int64, reached: Bool) async throws {
        let now = clock.now()
        try await database.write { session in
            for span in [HistorySpan.hour, .day] {
                let start = SQLValue.integer(span.start(of: now))
                for row in rows {
                    try session.execute(
                        """
                        INSERT INTO history_space (satellite, span, start, byte_hours, content, live, trash, pieces)
                        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (span, start, satellite)
                        DO UPDATE SET byte_hours = byte_hours + excluded.byte_hours, content = excluded.content,
                            live = excluded.live, trash = excluded.trash, pieces = excluded.pieces
                        """,
                        [
                            SQLValue(row.satellite), .integer(span.rawValue), start, .integer(row.byteHours),
                            .integer(row.content), .integer(row.live), .integer(row.trash), .integer(row.pieces),
                        ])
                }
                try session.execute(
                    """
                    INSERT INTO history_uptime (span, start, seconds, reached) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (span, start) DO UPDATE SET seconds = seconds + excluded.seconds,
                        reached = reached + excluded.reached
                    """, [.integer(span.rawValue), start, .integer(seconds), .integer(reached ? seconds : 0)])
            }
        }
    }

    /// Keeps what a satellite said, one row a day.
    package func keep(_ row: ReputationRow) async throws {
        try await database.write { session in
            try session.execute(
                """
                INSERT OR REPLACE INTO history_reputation (satellite, start, audits, successes, audit_score, unknown_score,
                    online_score, joined_at, vetted_at, suspended_at, offline_suspended_at, under_review_at,
                    disqualified_at, asked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                """,
                [
                    SQLValue(row.satellite), .integer(row.start), .integer(row.audits), .integer(row.successes),
                    .integer(row.auditScore), .integer(row.unknownScore), .integer(row.onlineScore),
                    SQLValue(row.joinedAt), SQLValue(row.vettedAt), SQLValue(row.suspendedAt),
                    SQLValue(row.offlineSuspendedAt), SQLValue(row.underReviewAt), SQLValue(row.disqualifiedAt),
                    SQLValue(row.askedAt),
                ])
        }
    }
}
