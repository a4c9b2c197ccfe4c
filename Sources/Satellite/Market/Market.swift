package import Chores
package import DRPC
import Database
package import StorageModel
package import Upkeep

/// What satellite and farmers owe each other: farmers prove what they hold, and are paid for it.
package final class Market: Sendable {
    let parts: UpkeepParts
    private let settings: MarketSettings
    private let keeper: HeartbeatKeeper
    /// The recurring work: goes on with the open period, begins one when it is due.
    private let heartbeats: Cycle
    /// How farmers are paid; nil when they are not.
    let payments: Payments?
    private let paying: Cycle?
    /// How pay arrives; nil when nobody is paid.
    let payouts: Payouts?

    /// The market of a satellite; call `load()` before anything else.
    ///
    /// - Parameters:
    ///   - folder: where sets, evidence and reports are kept; made when it is missing.
    ///   - payment: what farmers are paid with; nil for heartbeats only.
    ///   - reached: told of every step of a period when it is over; what it throws ends the run, as a crash would.
    ///   - paymentReached: the same for the steps of paying.
    ///   - payoutReached: the same for the steps of payouts.
    package init(
        parts: UpkeepParts, settings: MarketSettings, folder: String, payment: PaymentParts? = nil,
        reached: @escaping @Sendable (HeartbeatStep) throws -> Void = { _ in },
        paymentReached: @escaping @Sendable (PaymentStep) throws -> Void = { _ in },
        payoutReached: @escaping @Sendable (PayoutStep) throws -> Void = { _ in }
    ) {
        self.parts = parts
        self.settings = settings
        let keeper = HeartbeatKeeper(
            parts: parts, settings: settings, folder: HeartbeatFolder(path: folder), reached: reached)
        self.keeper = keeper
        heartbeats = Cycle(
            name: "heartbeats", interval: max(settings.retryInterval, .milliseconds(100)), sleeper: parts.sleeper,
            clock: parts.clock, logger: parts.logger, work: { try await keeper.advance() })
        let payments = payment.map {
            Payments(parts: parts, settings: settings, payment: $0, reached: paymentReached)
        }
        self.payments = payments
        paying = payments.map { payments in
            Cycle(
                name: "payments", interval: max(settings.payment.interval, .milliseconds(100)), sleeper: parts.sleeper,
                clock: parts.clock, logger: parts.logger, work: { try await payments.advance() })
        }
        payouts = payment.map { Payouts(parts: parts, settings: settings, payment: $0, reached: payoutReached) }
    }

    /// Brings the room's tables to today's form. A period that was open goes on with the next run.
    ///
    /// - Throws: `DatabaseError`, `MarketError`.
    package func load() async throws {
        try await parts.database.migrate(room: "market", MarketSchema.migrations)
        try HeartbeatFolder.create(keeper.folder.path)
        try await payments?.load()
    }

    /// Serves reports and evidence to anyone; with payment also prices, the manifest and what is published about money.
    package func register(in router: inout RPCRouter) {
        ReportEndpoint(database: parts.database, folder: keeper.folder).register(in: &router)
        payments?.register(in: &router)
    }

    /// The recurring work, to be run as services; call once.
    ///
    /// `heartbeats`, `payments` and `payouts` run by themselves; `heartbeat-period` only when it is triggered, and begins a period at
    /// once.
    package func makeChores() -> [Cycle] {
        let period = Cycle(
            name: "heartbeat-period", interval: .seconds(24 * 3600), sleeper: parts.sleeper, clock: parts.clock,
            logger: parts.logger,
            work: { [keeper, heartbeats] in
                keeper.requestPeriod()
                try await heartbeats.triggerAndWait()
            })
        period.pause()
        return [heartbeats, period] + [paying, payouts?.cycle].compactMap(\.self)
    }

    /// Does everything about payments that can be done now.
    package func runPayments() async throws { try await paying?.triggerAndWait() }

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
