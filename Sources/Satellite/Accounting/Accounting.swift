package import Chores
package import Database
package import Identity
package import Logging
package import Metabase
package import Orders
package import StorageModel
import Synchronization
package import WireMessages

/// Who stored and moved how much: settlement of orders, tallies, rollups, and the usage that limits look at.
package final class Accounting: Sendable {
    let database: Database
    let metabase: Metabase
    let rules: SettlementRules
    let cipher: OrderMetadataCipher
    let settings: AccountingSettings
    let clock: WallClock
    let sleeper: Sleeper
    let logger: Logger
    let counters = Mutex(UsageCounters())
    private let buffer: RollupBuffer
    private let flushing: Cycle

    /// The accounting of one satellite; call `load()` before anything else.
    ///
    /// - Parameters:
    ///   - satellite: the satellite's own identity, whose signature settled limits must carry.
    ///   - cipher: opens the notes in limits that say whom to charge.
    package init(
        database: Database, metabase: Metabase, satellite: PeerIdentity, cipher: OrderMetadataCipher,
        settings: AccountingSettings, clock: WallClock, sleeper: Sleeper, logger: Logger
    ) {
        self.database = database
        self.metabase = metabase
        self.cipher = cipher
        self.settings = settings
        self.clock = clock
        self.sleeper = sleeper
        self.logger = logger
        rules = SettlementRules(satellite: satellite)
        let buffer = RollupBuffer(database: database)
        self.buffer = buffer
        flushing = Cycle(
            name: "bandwidth-flush", interval: settings.flushInterval, sleeper: sleeper, clock: clock, logger: logger,
            finish: { try await buffer.flush() }, work: { try await buffer.flush() })
    }

    /// Brings the room's tables to today's form and reads what limits need; the metabase is loaded before.
    ///
    /// - Throws: `DatabaseError`, `MetabaseError`.
    package func load() async throws {
        try await database.migrate(room: "accounting", AccountingSchema.migrations)
        let month = clock.now().startOfMonthSeconds
        let days = try await database.read { session in
            try session.query(
                """
                SELECT project_id, day, egress_allocated, egress_settled, egress_dead
                FROM project_bandwidth_daily_rollups WHERE day >= ?1
                """, [SQLValue(month)]
            ) { row in
                let bytes = UsageCounters.Egress(
                    allocated: row.integer(2), settled: row.integer(3), dead: row.integer(4))
                return (try row.id(0, as: ProjectID.self), row.integer(1), bytes)
            }
        }
        counters.withLock { counters in
            counters = UsageCounters()
            for (project, day, bytes) in days { counters.addEgress(project, day: day, bytes) }
        }
        try await tallyProjects()
    }

    /// Recurring work, to be run as services. The flush writes what is buffered when it is shut down: stop it after
    /// the endpoints.
    package func makeChores() -> [Cycle] {
        [
            flushing,
            Cycle(
                name: "storage-tally", interval: settings.tallyInterval, sleeper: sleeper, clock: clock, logger: logger,
                work: { try await self.tally() }),
            Cycle(
                name: "node-rollup", interval: settings.rollupInterval, startsImmediately: true, sleeper: sleeper,
                clock: clock, logger: logger, work: { try await self.rollUpNodes() }),
        ]
    }

    /// Counts the limits of one request; does not suspend.
    ///
    /// - Parameter bytes: the sum of all limits.
    package func countAllocated(project: ProjectID, bucket: [UInt8], action: PieceAction, bytes: Int64) {
        count(RollupBuffer.Bytes(allocated: bytes), project, bucket, action)
    }

    /// Counts data that went through the satellite itself; does not suspend.
    package func countInline(project: ProjectID, bucket: [UInt8], action: PieceAction, bytes: Int64) {
        count(RollupBuffer.Bytes(inline: bytes), project, bucket, action)
    }

    /// Counts what was stored, or with negative numbers removed, until the next tally knows; does not suspend.
    ///
    /// - Parameter storageBytes: encrypted bytes before redundancy.
    package func addUsage(project: ProjectID, storageBytes: Int64, segments: Int64) {
        counters.withLock { $0.addStored(project, bytes: storageBytes, segments: segments) }
    }

    /// What a project uses now; does not suspend.
    package func usage(of project: ProjectID) -> ProjectUsage {
        let now = clock.now()
        return counters.withLock { $0.usage(of: project, at: now, unsettledDays: settings.unsettledDays) }
    }

    /// Which limit an addition would break; nil for none. Does not suspend.
    package func exceeded(
        project: ProjectID, limits: (storageBytes: Int64, bandwidthBytes: Int64, segments: Int64),
        addingBytes: Int64, addingSegments: Int64
    ) -> LimitKind? {
        let usage = usage(of: project)
        let (bytes, isTooLong) = usage.storageBytes.addingReportingOverflow(addingBytes)
        if isTooLong || bytes > limits.storageBytes { return .storage }
        let (segments, isTooMany) = usage.segments.addingReportingOverflow(addingSegments)
        return isTooMany || segments > limits.segments ? .segments : nil
    }

    /// Whether a project has used up its bandwidth of this month; does not suspend.
    package func bandwidthExceeded(project: ProjectID, limit: Int64) -> Bool {
        usage(of: project).bandwidthBytes >= limit
    }

    /// Writes buffered bandwidth now.
    ///
    /// - Throws: `DatabaseError`.
    package func flush() async throws { try await flushing.triggerAndWait() }

    private func count(_ bytes: RollupBuffer.Bytes, _ project: ProjectID, _ bucket: [UInt8], _ action: PieceAction) {
        let now = clock.now()
        let key = RollupBuffer.Key(project: project, bucket: bucket, hour: now.startOfHour.seconds, action: action)
        if buffer.add(bytes, to: key) >= settings.flushCount { flushing.trigger() }
        guard action == .get else { return }
        let egress = UsageCounters.Egress(allocated: bytes.allocated &+ bytes.inline, settled: bytes.inline)
        counters.withLock { $0.addEgress(project, day: now.startOfDaySeconds, egress) }
    }
}
