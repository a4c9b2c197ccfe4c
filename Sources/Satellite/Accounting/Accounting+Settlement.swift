import Database
import Orders
import StorageModel
import Synchronization
import WireMessages

extension Accounting {
    /// Books a window once; the same window again is accepted without counting, another for the same hour refused.
    ///
    /// - Returns: the sums a action; nil when refused.
    /// - Throws: `DatabaseError`.
    /// - Source: protocol document 3 §4.3.
    func settle(_ window: SettlementWindow) async throws -> [PieceAction: Int64]? {
        guard let hour = window.hour, !window.sums.isEmpty else { return nil }
        let outcome = try await database.write { session -> SettlementOutcome in
            let known = try Self.sums(of: window.node, hour: hour, in: session)
            if !known.isEmpty { return known == window.sums ? .repeated : .contradicting }
            try Self.book(window, hour: hour, in: session)
            return .booked
        }
        switch outcome {
        case .contradicting: return nil
        case .repeated: return window.sums
        case .booked:
            chargeProjects(window, day: Timestamp(microseconds: hour * 1_000_000).startOfDaySeconds)
            return window.sums
        }
    }

    private static func sums(
        of node: NodeID, hour: Int64, in session: SQLSession
    ) throws -> [PieceAction: Int64] {
        let rows = try session.query(
            "SELECT action, settled FROM storagenode_bandwidth_rollups WHERE node_id = ?1 AND hour = ?2",
            [SQLValue(node), SQLValue(hour)]
        ) { (PieceAction(rawValue: Int32(truncatingIfNeeded: $0.integer(0))), $0.integer(1)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    private static func book(_ window: SettlementWindow, hour: Int64, in session: SQLSession) throws {
        for (action, settled) in window.sums {
            try session.execute(
                "INSERT INTO storagenode_bandwidth_rollups (node_id, hour, action, settled) VALUES (?1, ?2, ?3, ?4)",
                [SQLValue(window.node), SQLValue(hour), SQLValue(action.rawValue), SQLValue(settled)])
        }
        for (charge, bytes) in window.charges {
            try session.execute(
                """
                INSERT INTO bucket_bandwidth_rollups (project_id, bucket, hour, action, inline, allocated, settled)
                VALUES (?1, ?2, ?3, ?4, 0, 0, ?5)
                ON CONFLICT (project_id, bucket, hour, action) DO UPDATE SET
                    settled = bucket_bandwidth_rollups.settled + excluded.settled
                """,
                [
                    SQLValue(charge.metadata.project), SQLValue(charge.metadata.bucket), SQLValue(hour),
                    SQLValue(charge.action.rawValue), SQLValue(bytes.settled),
                ])
            guard charge.action == .get else { continue }
            let egress = UsageCounters.Egress(settled: bytes.settled, dead: bytes.dead)
            try egress.save(charge.metadata.project, day: hour / 86400 * 86400, in: session)
        }
    }

    private func chargeProjects(_ window: SettlementWindow, day: Int64) {
        counters.withLock { counters in
            for (charge, bytes) in window.charges where charge.action == .get {
                let egress = UsageCounters.Egress(settled: bytes.settled, dead: bytes.dead)
                counters.addEgress(charge.metadata.project, day: day, egress)
            }
        }
    }
}

private enum SettlementOutcome: Sendable {
    case booked
    case repeated
    case contradicting
}
