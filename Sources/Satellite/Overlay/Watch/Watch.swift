import Database
import StorageModel

/// Since when the satellite has been watching its nodes without being away itself.
///
/// A satellite that was off, or whose database was restored from a backup, finds all nodes silent. That is its own
/// doing: silence counts from when it watches again.
struct Watch: Sendable, Hashable {
    /// The beginning of time for a satellite that was never away.
    static let always = Timestamp(microseconds: 0)

    /// Since when it has been there; `always` when it was never away.
    var since = always
    /// When it was last seen alive.
    var seenAt = always
    /// When it was last seen alive before it was away; nil when it was not since the program started.
    var awaySince: Timestamp?

    /// Notes that the satellite is alive.
    mutating func note(_ now: Timestamp, awayAfter: Duration) {
        if now.duration(since: seenAt) > awayAfter, seenAt != Self.always {
            awaySince = seenAt
            since = now
        }
        // A clock that was set back must not make the past last longer.
        since = min(since, now)
        seenAt = now
    }

    /// Whether nodes have not had the time to check in since the satellite came back.
    func isSettling(at now: Timestamp, _ settings: OverlaySettings) -> Bool {
        since != Self.always && now.duration(since: since) < settings.settlingTime
    }

    /// Whether a node is there: it has checked in lately, or had when the satellite went away and is yet to do so again.
    func isPresent(_ node: NodeRecord, at now: Timestamp, _ settings: OverlaySettings) -> Bool {
        if node.isOnline(at: now, window: settings.onlineWindow) { return true }
        guard let awaySince, isSettling(at: now, settings) else { return false }
        return node.isOnline(at: awaySince, window: settings.onlineWindow)
    }

    /// The stored state; nil in a new database.
    static func fetch(in session: SQLSession) throws -> Watch? {
        try session.first("SELECT watching_since, seen_at FROM satellite_watch WHERE id = 1") { row in
            Watch(since: row.timestamp(0), seenAt: row.timestamp(1))
        }
    }

    func save(in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO satellite_watch (id, watching_since, seen_at) VALUES (1, ?1, ?2)
            ON CONFLICT (id) DO UPDATE SET watching_since = excluded.watching_since, seen_at = excluded.seen_at
            """, [SQLValue(since), SQLValue(seenAt)])
    }
}
