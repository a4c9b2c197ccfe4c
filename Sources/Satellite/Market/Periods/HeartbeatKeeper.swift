import Chores
import Database
import Heartbeats
import Logging
import Metabase
import Overlay
import StorageModel
import Synchronization
import Upkeep
import WireMessages

/// Leads periods from their secret to their report. Every step is durable before the next one begins, so that whoever
/// comes after a crash goes on where it ended.
///
///     begun ─sets─► committing ─all signed, or time─► challenging ─all judged, or the end─► published
///
/// - Source: economy design §5.
final class HeartbeatKeeper: Sendable {
    let parts: UpkeepParts
    let settings: MarketSettings
    let folder: HeartbeatFolder
    /// Tests throw here, to see what comes after.
    let reached: @Sendable (HeartbeatStep) throws -> Void
    private let isRequested = Mutex(false)

    init(
        parts: UpkeepParts, settings: MarketSettings, folder: HeartbeatFolder,
        reached: @escaping @Sendable (HeartbeatStep) throws -> Void
    ) {
        self.parts = parts
        self.settings = settings
        self.folder = folder
        self.reached = reached
    }

    var now: Timestamp { parts.clock.now().truncatedToMicroseconds }

    /// Lets the next run begin a period even when none is due; one that is open goes on.
    func requestPeriod() { isRequested.withLock { $0 = true } }

    /// Does everything that can be done now.
    func advance() async throws {
        var last = try await newest()
        if last.map({ $0.state == .published }) ?? true {
            guard isDue(after: last) else { return try await sweep() }
            last = try await begin(after: last)
        }
        isRequested.withLock { $0 = false }
        guard var period = last else { return }
        if period.state == .preparing { period = try await prepare(period) }
        if period.state == .committing { period = try await collectSignatures(period) }
        if period.state == .challenging { period = try await challenge(period) }
        if period.state == .published { try await sweep() }
    }

    func newest() async throws -> PeriodRecord? {
        try await parts.database.read { try PeriodRecord.newest(before: .max, limit: 1, in: $0).first }
    }

    private func isDue(after last: PeriodRecord?) -> Bool {
        if isRequested.withLock({ $0 }) { return true }
        guard settings.period > .zero else { return false }
        // A clock that was set back must not stop the heartbeats for long.
        return last.map { now >= $0.start.advanced(by: settings.period) || now < $0.start } ?? true
    }

    /// Begins a period: its secret is on the disk before anybody hears of it.
    private func begin(after last: PeriodRecord?) async throws -> PeriodRecord {
        let start = now
        let length = settings.period > .zero ? settings.period : MarketSettings().period
        guard let secret = Bytes32(parts.random.bytes(count: Bytes32.byteCount)) else {
            preconditionFailure("a random source returns the count asked for")
        }
        let number = max((last?.number ?? 0) + 1, UInt64(clamping: start.seconds))
        let period = PeriodRecord(
            number: number, state: .preparing, secret: secret, start: start,
            commitUntil: start.advanced(by: min(settings.commitWindow, length / 2)), end: start.advanced(by: length),
            sampleCount: UInt32(clamping: min(max(settings.sampleCount, 1), HeartbeatProof.maximumSampleCount)))
        try await parts.database.write { try period.save(in: $0) }
        for old in folder.periods(of: "sets") where old != number { try folder.remove("sets", period: old) }
        try reached(.begun)
        return period
    }

    /// Makes the sets as of now and notes what every node holds.
    private func prepare(_ period: PeriodRecord) async throws -> PeriodRecord {
        guard now < period.end else { return try await publish(period, [], secret: nil) }
        let nodes = Dictionary(parts.overlay.nodes().map { ($0.id, $0) }) { first, _ in first }
        var prepared = period
        prepared.asOf = now
        prepared.state = .committing
        let builder = SetBuilder(metabase: parts.metabase, folder: folder, memory: settings.setMemory)
        let lost = try await parts.overlay.openLostPieces()
        let holdings = try await builder.build(
            period: period.number, asOf: prepared.asOf ?? now, until: period.end, lost: lost
        ) { node in
            guard let record = nodes[node], record.servesDownloads else { return nil }
            return record.features & NodeFeatures.heartbeats != 0
        }
        try reached(.setsWritten)
        let rows = holdings.map { node, holding in
            NodeHeartbeat(period: period.number, node: node, isCovered: holding.root.sum > 0, holding: holding)
        }
        try await parts.database.write { [prepared] session in
            for row in rows { try row.save(in: session) }
            try prepared.save(in: session)
        }
        parts.logger.info(
            "heartbeat period begun",
            metadata: ["period": "\(period.number)", "nodes": "\(rows.count { $0.isCovered })"])
        try reached(.prepared)
        return prepared
    }

    /// The nodes of a period.
    func rows(_ period: UInt64) async throws -> [NodeHeartbeat] {
        try await parts.database.read { try NodeHeartbeat.fetch(period: period, in: $0) }
    }

    /// Runs a step for many nodes, a few at a time.
    func each(
        _ rows: [NodeHeartbeat], _ body: @escaping @Sendable (NodeHeartbeat) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, row) in rows.enumerated() {
                if index >= settings.concurrency { try await group.next() }
                group.addTask { try await body(row) }
            }
            while try await group.next() != nil {}
        }
    }

    /// Deletes evidence that nobody can ask for any more, and what the books say of it.
    private func sweep() async throws {
        let limit = now.advanced(by: .seconds(-settings.evidenceDays * 86_400))
        let old = try await parts.database.write { session in
            let arguments = [SQLValue(PeriodRecord.State.published.rawValue), SQLValue(limit)]
            let old = "SELECT number FROM heartbeat_periods WHERE state = ?1 AND end_at < ?2"
            try session.execute("DELETE FROM heartbeat_nodes WHERE period IN (\(old))", arguments)
            return Set(try session.query(old, arguments) { UInt64(clamping: $0.integer(0)) })
        }
        for number in folder.periods(of: "evidence") where old.contains(number) {
            try folder.remove("evidence", period: number)
        }
    }
}
