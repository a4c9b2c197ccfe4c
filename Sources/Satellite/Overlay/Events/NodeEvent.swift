import Database
package import StorageModel

/// Something that happened to a node and that its operator should hear of.
///
/// - Source: protocol document 3 §6.7.
package struct NodeEvent: Sendable, Hashable {
    /// What happened. Numbers below 100 are the field's, the others ours.
    package enum Kind: Int, Sendable, Hashable, CaseIterable {
        case online = 0
        case offline = 1
        case disqualified = 2
        case suspendedForErrors = 3
        case unsuspendedForErrors = 4
        case suspendedForAbsence = 5
        case unsuspendedForAbsence = 6
        case belowMinimumVersion = 7
        case exitStarted = 100
        case exitFinished = 101
        case exitFailed = 102
        case lostPiecesReported = 103
        case uploadsStoppedForLosses = 104
        case uploadsResumed = 105

        /// The word for it in messages to machines.
        package var name: String {
            switch self {
            case .online: "online"
            case .offline: "offline"
            case .disqualified: "disqualified"
            case .suspendedForErrors: "suspended-for-errors"
            case .unsuspendedForErrors: "unsuspended-for-errors"
            case .suspendedForAbsence: "suspended-for-absence"
            case .unsuspendedForAbsence: "unsuspended-for-absence"
            case .belowMinimumVersion: "below-minimum-version"
            case .exitStarted: "exit-started"
            case .exitFinished: "exit-finished"
            case .exitFailed: "exit-failed"
            case .lostPiecesReported: "lost-pieces-reported"
            case .uploadsStoppedForLosses: "uploads-stopped-for-losses"
            case .uploadsResumed: "uploads-resumed"
            }
        }

        /// Whether the same event of the same node is left out while the last one is fresh.
        var isRecurring: Bool {
            switch self {
            case .online, .offline, .belowMinimumVersion, .lostPiecesReported: true
            default: false
            }
        }
    }

    /// Counted up, never used twice.
    package let id: Int64
    package let nodeID: NodeID
    /// Where its operator was to be reached at that time; may be empty.
    package let email: String
    package let kind: Kind
    package let createdAt: Timestamp
    /// When it was last handed to the senders.
    package let attemptedAt: Timestamp?
    /// When all senders had it.
    package let sentAt: Timestamp?
    /// How often it was handed to the senders.
    package let attempts: Int
}

extension NodeEvent {
    private static let columns = "id, node_id, email, kind, created_at, attempted_at, sent_at, attempts"

    /// Writes an event inside the transaction of what caused it.
    ///
    /// One of a recurring kind is left out while the last one of the node is younger than the cool-down.
    /// - Returns: whether it was written.
    @discardableResult static func raise(
        _ kind: Kind, node: NodeRecord, at now: Timestamp, settings: OverlaySettings, in session: SQLSession
    ) throws -> Bool {
        let since = now.advanced(by: .zero - (kind.isRecurring ? settings.events.cooldown : .zero))
        return try session.execute(
            """
            INSERT INTO node_events (node_id, email, kind, created_at, attempts)
            SELECT ?1, ?2, ?3, ?4, 0
            WHERE NOT EXISTS (
                SELECT 1 FROM node_events WHERE node_id = ?1 AND kind = ?3 AND created_at > ?5 AND created_at <= ?4)
            """,
            [SQLValue(node.id), SQLValue(node.email), SQLValue(kind.rawValue), SQLValue(now), SQLValue(since)]) > 0
    }

    /// The newest events first.
    ///
    /// - Parameter node: nil for all nodes.
    static func fetch(node: NodeID?, limit: Int, in session: SQLSession) throws -> [NodeEvent] {
        let filter = node == nil ? "" : "WHERE node_id = ?2"
        return try session.query(
            "SELECT \(columns) FROM node_events \(filter) ORDER BY id DESC LIMIT ?1",
            [SQLValue(limit)] + (node.map { [SQLValue($0)] } ?? [])
        ) { try NodeEvent($0) }.compactMap { $0 }
    }

    /// Events that have not reached all senders and were not tried since `before`, the oldest first.
    static func fetchUnsent(triedBefore before: Timestamp, limit: Int, in session: SQLSession) throws -> [NodeEvent] {
        try session.query(
            """
            SELECT \(columns) FROM node_events
            WHERE sent_at IS NULL AND (attempted_at IS NULL OR attempted_at < ?1) ORDER BY id LIMIT ?2
            """, [SQLValue(before), SQLValue(limit)]
        ) { try NodeEvent($0) }.compactMap { $0 }
    }

    /// Nodes of which "offline" was the last word.
    static func fetchToldOffline(in session: SQLSession) throws -> Set<NodeID> {
        let nodes = try session.query(
            """
            SELECT node_id FROM node_events AS last
            WHERE kind = ?1 AND NOT EXISTS (
                SELECT 1 FROM node_events WHERE node_id = last.node_id AND kind = ?2 AND id > last.id)
            """, [SQLValue(Kind.offline.rawValue), SQLValue(Kind.online.rawValue)]
        ) { try $0.id(0, as: NodeID.self) }
        return Set(nodes)
    }

    /// Notes that events were handed to the senders.
    ///
    /// - Parameter isDone: whether they need not be handed to them again.
    static func markAttempt(_ ids: [Int64], isDone: Bool, at now: Timestamp, in session: SQLSession) throws {
        for id in ids {
            try session.execute(
                """
                UPDATE node_events SET attempted_at = ?2, attempts = attempts + 1, sent_at = CASE WHEN ?3 THEN ?2 END
                WHERE id = ?1
                """, [SQLValue(id), SQLValue(now), SQLValue(isDone)])
        }
    }

    /// Reads a row; nil for a kind that a newer program wrote.
    private init?(_ row: SQLRow) throws {
        guard let kind = Kind(rawValue: row.int(3)) else { return nil }
        self.init(
            id: row.integer(0), nodeID: try row.id(1, as: NodeID.self), email: row.text(2), kind: kind,
            createdAt: row.timestamp(4), attemptedAt: row.optionalTimestamp(5), sentAt: row.optionalTimestamp(6),
            attempts: row.int(7))
    }
}

extension Overlay {
    /// What happened to nodes, the newest first.
    ///
    /// - Parameters:
    ///   - node: nil for all nodes.
    ///   - limit: how many at most.
    /// - Throws: `DatabaseError`.
    package func nodeEvents(of node: NodeID? = nil, limit: Int = 100) async throws -> [NodeEvent] {
        try await database.read { try NodeEvent.fetch(node: node, limit: limit, in: $0) }
    }
}
