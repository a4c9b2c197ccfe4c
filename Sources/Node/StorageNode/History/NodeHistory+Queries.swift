import Database
package import StorageModel

extension NodeHistory {
    /// What moved from a moment on (seconds since 1970), the oldest first; what was counted and not written is missing.
    ///
    /// - Parameter satellite: whose; nil for all.
    package func traffic(_ span: HistorySpan, from start: Int64, of satellite: NodeID? = nil) async throws -> [TrafficRow] {
        try await database.read { session in
            try session.query(
                """
                SELECT satellite, start, action, bytes, transfers FROM history_traffic
                WHERE span = ?1 AND start >= ?2 AND (?3 IS NULL OR satellite = ?3) ORDER BY start, satellite, action
                """, [.integer(span.rawValue), .integer(start), SQLValue(satellite)]
            ) { row in
                TrafficRow(
                    satellite: try row.id(0, as: NodeID.self), start: row.integer(1), action: Int32(clamping: row.integer(2)),
                    bytes: row.integer(3), transfers: row.integer(4))
            }
        }
    }

    /// What was stored from a moment on (seconds since 1970), the oldest first.
    package func space(_ span: HistorySpan, from start: Int64, of satellite: NodeID? = nil) async throws -> [SpaceRow] {
        try await database.read { session in
            try session.query(
                """
                SELECT satellite, start, byte_hours, content, live, trash, pieces FROM history_space
                WHERE span = ?1 AND start >= ?2 AND (?3 IS NULL OR satellite = ?3) ORDER BY start, satellite
                """, [.integer(span.rawValue), .integer(start), SQLValue(satellite)]
            ) { row in
                SpaceRow(
                    satellite: try row.id(0, as: NodeID.self), start: row.integer(1), byteHours: row.integer(2),
                    content: row.integer(3), live: row.integer(4), trash: row.integer(5), pieces: row.integer(6))
            }
        }
    }

    /// How long the node ran from a moment on (seconds since 1970), the oldest first.
    package func uptime(_ span: HistorySpan, from start: Int64) async throws -> [UptimeRow] {
        try await database.read { session in
            try session.query(
                "SELECT start, seconds, reached FROM history_uptime WHERE span = ?1 AND start >= ?2 ORDER BY start",
                [.integer(span.rawValue), .integer(start)]
            ) { UptimeRow(start: $0.integer(0), seconds: $0.integer(1), reached: $0.integer(2)) }
        }
    }

    /// What satellites said from a day on (seconds since 1970), the oldest first.
    package func reputation(from start: Int64, of satellite: NodeID? = nil) async throws -> [ReputationRow] {
        try await database.read { session in
            try session.query(
                """
                SELECT \(Self.columns) FROM history_reputation
                WHERE start >= ?1 AND (?2 IS NULL OR satellite = ?2) ORDER BY start, satellite
                """, [.integer(start), SQLValue(satellite)], ReputationRow.init)
        }
    }

    /// What each satellite said last.
    package func latestReputations() async throws -> [NodeID: ReputationRow] {
        let rows = try await database.read { session in
            try session.query(
                """
                SELECT \(Self.columns) FROM history_reputation AS r
                WHERE start = (SELECT MAX(start) FROM history_reputation WHERE satellite = r.satellite)
                """, [], ReputationRow.init)
        }
        return Dictionary(rows.map { ($0.satellite, $0) }) { first, _ in first }
    }

    private static let columns = """
        satellite, start, audits, successes, audit_score, unknown_score, online_score, joined_at, vetted_at, suspended_at,
        offline_suspended_at, under_review_at, disqualified_at, asked_at
        """
}

extension ReputationRow {
    fileprivate init(_ row: SQLRow) throws {
        self.init(satellite: try row.id(0, as: NodeID.self), start: row.integer(1), askedAt: row.timestamp(13))
        audits = row.integer(2)
        successes = row.integer(3)
        auditScore = row.integer(4)
        unknownScore = row.integer(5)
        onlineScore = row.integer(6)
        joinedAt = row.optionalTimestamp(7)
        vettedAt = row.optionalTimestamp(8)
        suspendedAt = row.optionalTimestamp(9)
        offlineSuspendedAt = row.optionalTimestamp(10)
        underReviewAt = row.optionalTimestamp(11)
        disqualifiedAt = row.optionalTimestamp(12)
    }
}
