import Database
import Logging
import StorageModel
import Synchronization

extension Overlay {
    /// Whether nodes cannot be expected to have checked in yet, because the satellite itself was away.
    func isSettling(at now: Timestamp) -> Bool {
        state.withLock { $0.watch.isSettling(at: now, settings) }
    }

    /// Reads since when the satellite watches, and notes that it is there.
    ///
    /// - Parameter hasNodes: whether the database knows nodes, which somebody then watched, at a time that nobody wrote
    ///   down.
    func loadWatch(hasNodes: Bool, at now: Timestamp) async throws -> Watch {
        try await database.write { [settings] session in
            var watch = try Watch.fetch(in: session) ?? Watch(since: hasNodes ? now : Watch.always)
            watch.note(now, awayAfter: settings.awayAfter)
            try watch.save(in: session)
            return watch
        }
    }

    /// Looks who went offline, and at what changes by time alone.
    ///
    /// - Throws: `DatabaseError`.
    func watchNodes() async throws {
        let now = clock.now()
        let watch = state.withLock { state in
            state.watch.note(now, awayAfter: settings.awayAfter)
            return state.watch
        }
        try await database.write { try watch.save(in: $0) }
        try await tellOffline(at: now, watch)
        try await judgeByTime(at: now)
        try await forgetEvents(at: now)
    }

    private func tellOffline(at now: Timestamp, _ watch: Watch) async throws {
        let told = state.withLock { $0.toldOffline }
        let window = settings.onlineWindow
        // Silence counts from when the satellite could have heard the node.
        guard now.duration(since: watch.since) >= window else { return }
        let silent = nodes().filter {
            $0.servesDownloads && !$0.isOnline(at: now, window: window) && !told.contains($0.id)
        }
        guard !silent.isEmpty else { return }
        let toldNow = try await database.write { [settings] session in
            try silent.filter { try NodeEvent.raise(.offline, node: $0, at: now, settings: settings, in: session) }
        }
        state.withLock { $0.toldOffline.formUnion(toldNow.map(\.id)) }
        for node in toldNow { logger.info("node went offline", metadata: ["node_id": "\(node.id)"]) }
    }

    /// Reviews that end, suspensions that last too long, nodes that become old enough to be proven.
    private func judgeByTime(at now: Timestamp) async throws {
        let rule = settings.reputation
        let due = nodes().filter { node in
            node.servesDownloads
                && (node.underReviewAt != nil || node.unknownAuditSuspendedAt != nil
                    || node.vettedAt == nil && now.duration(since: node.createdAt) >= rule.vettingAge)
        }
        if !due.isEmpty { try await judgeAgain(due.map(\.id), at: now) }
    }

    private func forgetEvents(at now: Timestamp) async throws {
        let before = now.advanced(by: .zero - settings.events.lifetime)
        try await database.write { session in
            // The last word about a node's being offline is kept: it says what its operator knows.
            try session.execute(
                """
                DELETE FROM node_events AS old WHERE created_at < ?1 AND NOT (kind = ?2 AND NOT EXISTS (
                    SELECT 1 FROM node_events WHERE node_id = old.node_id AND kind = ?3 AND id > old.id))
                """,
                [
                    SQLValue(before), SQLValue(NodeEvent.Kind.offline.rawValue),
                    SQLValue(NodeEvent.Kind.online.rawValue),
                ])
        }
    }
}
