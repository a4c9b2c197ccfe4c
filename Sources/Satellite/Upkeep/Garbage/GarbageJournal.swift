import Database
import StorageModel

/// Keeps the collector's memory beside the segments, so that a backup of one is a backup of the other.
struct GarbageJournal: Sendable {
    static let migrations = [
        Migration(
            "1-caution",
            [
                """
                CREATE TABLE garbage_caution (
                    id {integer} NOT NULL PRIMARY KEY,
                    last_alive {integer},
                    segment_count {integer} NOT NULL,
                    newest {integer},
                    doubted_since {integer},
                    held_until {integer}
                ) {table}
                """
            ])
    ]

    let database: Database

    /// What is remembered.
    func load() async throws -> GarbageCaution {
        try await database.read { session in
            let found = try session.first(
                "SELECT last_alive, segment_count, newest, doubted_since, held_until FROM garbage_caution WHERE id = 1"
            ) { row in
                var caution = GarbageCaution()
                caution.lastAlive = row.optionalTimestamp(0)
                caution.segmentCount = row.int(1)
                caution.newest = row.optionalTimestamp(2)
                caution.doubtedSince = row.optionalTimestamp(3)
                caution.heldUntil = row.optionalTimestamp(4)
                return caution
            }
            return found ?? GarbageCaution()
        }
    }

    /// Remembers what is so when it is written; on disk when it returns.
    func save(_ current: @escaping @Sendable () -> GarbageCaution) async throws {
        try await database.write { session in
            let caution = current()
            try session.execute(
                """
                INSERT INTO garbage_caution (id, last_alive, segment_count, newest, doubted_since, held_until)
                VALUES (1, ?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (id) DO UPDATE SET last_alive = excluded.last_alive, segment_count = excluded.segment_count,
                    newest = excluded.newest, doubted_since = excluded.doubted_since, held_until = excluded.held_until
                """,
                [
                    SQLValue(caution.lastAlive), SQLValue(caution.segmentCount), SQLValue(caution.newest),
                    SQLValue(caution.doubtedSince), SQLValue(caution.heldUntil),
                ])
        }
    }
}
