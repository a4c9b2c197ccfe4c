package import Contracts
import Database
package import Heartbeats
package import StorageModel

/// A heartbeat's period as the node itself knows it: what it signed, and whether it answered.
package struct OwnPeriod: Hashable, Sendable {
    /// Who asked.
    package let satellite: NodeID
    /// The period's number.
    package let number: UInt64
    /// When it began and ended.
    package let start: Timestamp
    package let end: Timestamp
    /// The committed set.
    package let root: Bytes32
    package let chunkCount: UInt64
    /// Bytes of its pieces: what storage is paid for.
    package let byteCount: UInt64
    /// When the node had shown every chunk that was asked for; nil when it had not.
    package let answeredAt: Timestamp?
}

extension FarmBook {
    /// Periods of a satellite that are kept, at least and at most; older ones are settled or given up. Numbers are no count
    /// of periods: each is the second in which it began.
    private static let periodCount = 1000

    /// Notes what the node answers for in a period.
    package func note(_ commitment: HeartbeatCommitment) async throws {
        let (period, holding) = (commitment.period, commitment.holding)
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO farming_periods (satellite, period, starts, ends, root, chunk_count, byte_count)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (satellite, period) DO NOTHING
                """,
                [
                    SQLValue(period.satellite), .integer(Int64(clamping: period.number)), SQLValue(period.start),
                    SQLValue(period.end), SQLValue(holding.root.hash), .integer(Int64(clamping: holding.root.sum)),
                    .integer(Int64(clamping: holding.byteCount)),
                ])
            try session.execute(
                """
                DELETE FROM farming_periods WHERE satellite = ?1 AND period <= (
                    SELECT period FROM farming_periods WHERE satellite = ?1 ORDER BY period DESC LIMIT 1 OFFSET ?2)
                """, [SQLValue(period.satellite), .integer(Int64(Self.periodCount))])
        }
    }

    /// Notes that the node has shown everything it was asked for in a period.
    package func noteAnswer(satellite: NodeID, period: UInt64, at now: Timestamp) async throws {
        try await database.write { session in
            try session.execute(
                """
                UPDATE farming_periods SET answered_at = ?3 WHERE satellite = ?1 AND period = ?2 AND answered_at IS NULL
                """, [SQLValue(satellite), .integer(Int64(clamping: period)), SQLValue(now)])
        }
    }

    /// A period; nil for one the node never signed for, or has forgotten.
    package func period(satellite: NodeID, number: UInt64) async throws -> OwnPeriod? {
        try await database.read { session in
            try session.first(
                """
                SELECT satellite, period, starts, ends, root, chunk_count, byte_count, answered_at FROM farming_periods
                WHERE satellite = ?1 AND period = ?2
                """, [SQLValue(satellite), .integer(Int64(clamping: number))], OwnPeriod.init)
        }
    }

    /// The periods the node answered for and has no statement of, the oldest first; those after the newest statement only,
    /// because a later statement of the same payer settles what lies before it.
    package func unpaidPeriods(satellite: NodeID) async throws -> [OwnPeriod] {
        try await database.read { session in
            try session.query(
                """
                SELECT satellite, period, starts, ends, root, chunk_count, byte_count, answered_at FROM farming_periods
                WHERE satellite = ?1 AND answered_at IS NOT NULL AND byte_count > 0
                    AND period > COALESCE((SELECT MAX(period) FROM farming_statements WHERE satellite = ?1), -1)
                ORDER BY period
                """, [SQLValue(satellite)], OwnPeriod.init)
        }
    }

    /// The newest periods of a satellite, the newest first.
    package func periods(of satellite: NodeID, limit: Int) async throws -> [OwnPeriod] {
        try await database.read { session in
            try session.query(
                """
                SELECT satellite, period, starts, ends, root, chunk_count, byte_count, answered_at FROM farming_periods
                WHERE satellite = ?1 ORDER BY period DESC LIMIT ?2
                """, [SQLValue(satellite), .integer(Int64(limit))], OwnPeriod.init)
        }
    }

    // MARK: Orders

    /// Notes what an hour's settled orders sum up to, when their satellite has taken them.
    package func noteSettled(_ sums: [SettledOrders], of satellite: NodeID, at now: Timestamp) async throws {
        try await database.write { session in
            for sum in sums {
                try session.execute(
                    """
                    INSERT INTO farming_orders (satellite, hour, action, bytes, settled_at) VALUES (?1, ?2, ?3, ?4, ?5)
                    ON CONFLICT (satellite, hour, action) DO UPDATE SET bytes = excluded.bytes
                    """,
                    [
                        SQLValue(satellite), .integer(Int64(clamping: sum.hour)), .integer(Int64(sum.action)),
                        .integer(Int64(clamping: sum.bytes)), SQLValue(now),
                    ])
            }
        }
    }

    /// The sums of settled orders that no statement pays yet, and those of a period that is in dispute.
    func unpaidOrders(of satellite: NodeID, period: UInt32) async throws -> [(sum: SettledOrders, settledAt: Timestamp)] {
        try await database.read { session in
            try session.query(
                """
                SELECT hour, action, bytes, settled_at FROM farming_orders 
                WHERE satellite = ?1 AND (period IS NULL OR period = ?2) ORDER BY hour, action
                """, [SQLValue(satellite), .integer(Int64(period))]
            ) { row in
                (
                    SettledOrders(
                        hour: UInt64(clamping: row.integer(0)), action: UInt32(clamping: row.integer(1)),
                        bytes: UInt64(clamping: row.integer(2))), row.timestamp(3)
                )
            }
        }
    }
}

extension OwnPeriod {
    fileprivate init(_ row: SQLRow) throws {
        satellite = try row.id(0, as: NodeID.self)
        number = UInt64(clamping: row.integer(1))
        start = row.timestamp(2)
        end = row.timestamp(3)
        root = try row.hash(4)
        chunkCount = UInt64(clamping: row.integer(5))
        byteCount = UInt64(clamping: row.integer(6))
        answeredAt = row.optionalTimestamp(7)
    }
}
