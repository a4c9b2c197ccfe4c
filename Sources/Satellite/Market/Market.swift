package import Chores
package import DRPC
import Database
package import StorageModel
package import Upkeep

/// What satellite and farmers owe each other: so far, that farmers prove what they hold.
package final class Market: Sendable {
    private let parts: UpkeepParts
    private let settings: MarketSettings
    private let keeper: HeartbeatKeeper
    /// The recurring work: goes on with the open period, begins one when it is due.
    private let heartbeats: Cycle

    /// The market of a satellite; call `load()` before anything else.
    ///
    /// - Parameters:
    ///   - folder: where sets, evidence and reports are kept; made when it is missing.
    ///   - reached: told of every step of a period when it is over; what it throws ends the run, as a crash would.
    package init(
        parts: UpkeepParts, settings: MarketSettings, folder: String,
        reached: @escaping @Sendable (HeartbeatStep) throws -> Void = { _ in }
    ) {
        self.parts = parts
        self.settings = settings
        let keeper = HeartbeatKeeper(
            parts: parts, settings: settings, folder: HeartbeatFolder(path: folder), reached: reached)
        self.keeper = keeper
        heartbeats = Cycle(
            name: "heartbeats", interval: max(settings.retryInterval, .milliseconds(100)), sleeper: parts.sleeper,
            clock: parts.clock, logger: parts.logger, work: { try await keeper.advance() })
    }

    /// Brings the room's tables to today's form. A period that was open goes on with the next run.
    ///
    /// - Throws: `DatabaseError`, `MarketError`.
    package func load() async throws {
        try await parts.database.migrate(room: "market", MarketSchema.migrations)
        try HeartbeatFolder.create(keeper.folder.path)
    }

    /// Serves reports and evidence to anyone.
    package func register(in router: inout RPCRouter) {
        ReportEndpoint(database: parts.database, folder: keeper.folder).register(in: &router)
    }

    /// The recurring work, to be run as services; call once.
    ///
    /// `heartbeats` runs by itself; `heartbeat-period` only when it is triggered, and begins a period at once.
    package func makeChores() -> [Cycle] {
        let period = Cycle(
            name: "heartbeat-period", interval: .seconds(24 * 3600), sleeper: parts.sleeper, clock: parts.clock,
            logger: parts.logger,
            work: { [keeper, heartbeats] in
                keeper.requestPeriod()
                try await heartbeats.triggerAndWait()
            })
        period.pause()
        return [heartbeats, period]
    }

    /// Begins a period if none is open, and does everything that can be done now.
    package func runPeriod() async throws {
        keeper.requestPeriod()
        try await heartbeats.triggerAndWait()
    }

    /// Goes on with the open period.
    package func advance() async throws { try await heartbeats.triggerAndWait() }

    /// How the newest period stands.
    ///
    /// - Throws: `DatabaseError`.
    package func status() async throws -> HeartbeatStatus {
        try await parts.database.read { session in
            let period = try PeriodRecord.newest(before: .max, limit: 1, in: session).first
            let nodes = try period.map { try NodeHeartbeat.fetch(period: $0.number, in: session) }
            return HeartbeatStatus(period: period, nodes: nodes ?? [])
        }
    }

    /// The last periods, newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func periods(limit: Int) async throws -> [PeriodRecord] {
        try await parts.database.read { try PeriodRecord.newest(before: .max, limit: limit, in: $0) }
    }

    /// A node's last periods, newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func history(of node: NodeID, limit: Int) async throws -> [NodeHeartbeat] {
        try await parts.database.read { try NodeHeartbeat.fetch(node: node, limit: limit, in: $0) }
    }
}
