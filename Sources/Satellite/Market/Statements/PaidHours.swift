import Contracts
import Database
import StorageModel

/// Which hours of settled orders stand in a statement. An hour is booked once and never changes; so it is paid once.
enum PaidHours {
    private static let unpaidText = """
        SELECT r.hour, r.action, r.settled FROM storagenode_bandwidth_rollups AS r
        WHERE r.node_id = ?1 AND r.hour >= ?2 AND NOT EXISTS (
            SELECT 1 FROM market_paid_hours AS p WHERE p.node = r.node_id AND p.hour = r.hour)
        ORDER BY r.hour, r.action
        """
    private static let nodesText = """
        SELECT DISTINCT r.node_id FROM storagenode_bandwidth_rollups AS r
        WHERE r.hour >= ?1 AND NOT EXISTS (
            SELECT 1 FROM market_paid_hours AS p WHERE p.node = r.node_id AND p.hour = r.hour)
        """

    /// A node's settled orders that are in no statement yet, by hour and action.
    static func unpaid(_ node: NodeID, since hour: Int64, in session: SQLSession) throws -> [SettledOrders] {
        try session.query(unpaidText, [SQLValue(node), .integer(hour)]) { row in
            SettledOrders(
                hour: UInt64(clamping: row.integer(0)), action: UInt32(clamping: row.integer(1)),
                bytes: UInt64(clamping: row.integer(2)))
        }
    }

    /// Nodes with settled orders that are in no statement yet.
    static func nodes(since hour: Int64, in session: SQLSession) throws -> [NodeID] {
        try session.query(nodesText, [.integer(hour)]) { try $0.id(0, as: NodeID.self) }
    }

    static func mark(_ node: NodeID, _ hours: [UInt64], period: UInt64, in session: SQLSession) throws {
        for hour in hours {
            try session.execute(
                """
                INSERT INTO market_paid_hours (node, hour, period) VALUES (?1, ?2, ?3)
                ON CONFLICT (node, hour) DO NOTHING
                """, [SQLValue(node), .integer(Int64(clamping: hour)), .integer(Int64(clamping: period))])
        }
    }

    /// Marks all hours up to one: what lost books do not say was paid is not paid twice.
    static func markAll(_ node: NodeID, through hour: UInt64, period: UInt64, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO market_paid_hours (node, hour, period)
            SELECT DISTINCT node_id, hour, ?3 FROM storagenode_bandwidth_rollups WHERE node_id = ?1 AND hour <= ?2
            ON CONFLICT (node, hour) DO NOTHING
            """, [SQLValue(node), .integer(Int64(clamping: hour)), .integer(Int64(clamping: period))])
    }

    /// Forgets hours that are too old to be looked at.
    static func forget(before hour: Int64, in session: SQLSession) throws {
        try session.execute("DELETE FROM market_paid_hours WHERE hour < ?1", [.integer(hour)])
    }
}
