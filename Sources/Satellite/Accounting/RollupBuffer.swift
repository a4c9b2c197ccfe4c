import Database
import StorageModel
import Synchronization
import WireMessages

/// Bandwidth counted in memory and written in batches: a row a request would cost more than the request.
final class RollupBuffer: Sendable {
    struct Key: Hashable, Sendable {
        let project: ProjectID
        let bucket: [UInt8]
        /// Unix seconds.
        let hour: Int64
        let action: PieceAction
    }

    struct Bytes: Sendable {
        var inline: Int64 = 0
        var allocated: Int64 = 0

        static func += (left: inout Bytes, right: Bytes) {
            left.inline &+= right.inline
            left.allocated &+= right.allocated
        }
    }

    private let database: Database
    private let rows = Mutex<[Key: Bytes]>([:])

    init(database: Database) { self.database = database }

    /// Counts bytes.
    ///
    /// - Returns: how many rows wait to be written.
    func add(_ bytes: Bytes, to key: Key) -> Int {
        rows.withLock { rows in
            rows[key, default: Bytes()] += bytes
            return rows.count
        }
    }

    /// Writes what waits; what could not be written waits on.
    ///
    /// - Throws: `DatabaseError`.
    func flush() async throws {
        let drained = rows.withLock { rows in
            defer { rows = [:] }
            return rows
        }
        guard !drained.isEmpty else { return }
        do {
            try await database.write { session in
                for (key, bytes) in drained { try Self.save(bytes, key, in: session) }
            }
        } catch {
            rows.withLock {
                $0.merge(drained) { new, old in
                    var sum = new
                    sum += old
                    return sum
                }
            }
            throw error
        }
    }

    private static func save(_ bytes: Bytes, _ key: Key, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO bucket_bandwidth_rollups (project_id, bucket, hour, action, inline, allocated, settled)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
            ON CONFLICT (project_id, bucket, hour, action) DO UPDATE SET
                inline = bucket_bandwidth_rollups.inline + excluded.inline,
                allocated = bucket_bandwidth_rollups.allocated + excluded.allocated
            """,
            [
                SQLValue(key.project), SQLValue(key.bucket), SQLValue(key.hour), SQLValue(key.action.rawValue),
                SQLValue(bytes.inline), SQLValue(bytes.allocated),
            ])
        guard key.action == .get else { return }
        // Inline data is read through the satellite: used as soon as it is allocated.
        let egress = UsageCounters.Egress(allocated: bytes.allocated &+ bytes.inline, settled: bytes.inline)
        try egress.save(key.project, day: key.hour / 86400 * 86400, in: session)
    }
}

extension UsageCounters.Egress {
    /// Adds to a project's day.
    func save(_ project: ProjectID, day: Int64, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO project_bandwidth_daily_rollups (project_id, day, egress_allocated, egress_settled, egress_dead)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (project_id, day) DO UPDATE SET
                egress_allocated = project_bandwidth_daily_rollups.egress_allocated + excluded.egress_allocated,
                egress_settled = project_bandwidth_daily_rollups.egress_settled + excluded.egress_settled,
                egress_dead = project_bandwidth_daily_rollups.egress_dead + excluded.egress_dead
            """, [SQLValue(project), SQLValue(day), SQLValue(allocated), SQLValue(settled), SQLValue(dead)])
    }
}
