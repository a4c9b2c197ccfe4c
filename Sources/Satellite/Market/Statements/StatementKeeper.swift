import Contracts
import Database
import Ethereum
import Heartbeats
import Identity
import Ledger
import Logging
import Overlay
import StorageModel
import Upkeep

/// Makes the statements of published periods, and stores each with its voucher, its journal entry and all sums in one
/// transaction, before anybody gets it.
final class StatementKeeper: Sendable {
    /// Nodes whose statements are made and stored together.
    static let batchSize = 250

    let parts: UpkeepParts
    let settings: PaymentSettings
    let payment: PaymentParts
    let channels: ChannelKeeper
    let reached: @Sendable (PaymentStep) throws -> Void

    init(
        parts: UpkeepParts, settings: PaymentSettings, payment: PaymentParts, channels: ChannelKeeper,
        reached: @escaping @Sendable (PaymentStep) throws -> Void
    ) {
        self.parts = parts
        self.settings = settings
        self.payment = payment
        self.channels = channels
        self.reached = reached
    }

    var database: Database { parts.database }
    var now: Timestamp { parts.clock.now().truncatedToMicroseconds }

    var maker: StatementMaker {
        StatementMaker(
            satellite: parts.identity.id, payer: payment.payer.address, timeScale: max(1, settings.timeScale),
            nodePrices: settings.nodePrices, withholding: settings.withholding)
    }

    /// Takes up periods whose reports were published since the last time. Periods from before the first payment are not
    /// paid.
    func noteNewPeriods() async throws {
        let noted = try await database.write { session in
            try session.execute(
                """
                INSERT INTO market_payments (period, state, fund_amount, anchor_state)
                SELECT number, 0, 0, 0 FROM heartbeat_periods WHERE state = ?1 AND number > (
                    SELECT coalesce(max(period), -1) FROM market_payments)
                """, [SQLValue(PeriodRecord.State.published.rawValue)])
        }
        if noted > 0 { try reached(.periodNoted) }
    }

    /// Marks what was published before the satellite paid anybody. Done once, when it begins to.
    func begin() async throws {
        try await database.write { session in
            guard try PaymentRecord.newest(limit: 1, in: session).isEmpty else { return }
            // The newest may still be open; it is the first that is paid.
            let last = try PeriodRecord.newest(before: .max, limit: 2, in: session).first { $0.state == .published }
            try PaymentRecord(period: last?.number ?? 0, state: .skipped).save(in: session)
        }
    }

    /// Makes what statements can be made now.
    func advance() async throws {
        try await noteNewPeriods()
        var waiting: Set<NodeID> = []
        for record in try await database.read({ try PaymentRecord.fetchOpen(in: $0) }) {
            try Task.checkCancellation()
            waiting.formUnion(try await state(record, without: waiting))
        }
        let oldest = now.seconds - Int64(settings.orderDays + 1) * 86400
        try await database.write { try PaidHours.forget(before: oldest, in: $0) }
    }

    /// Makes the statements of a period for all but those whose earlier ones wait.
    ///
    /// - Returns: nodes whose statements wait.
    private func state(_ record: PaymentRecord, without blocked: Set<NodeID>) async throws -> Set<NodeID> {
        let record = try await withQuote(record)
        guard let period = try await database.read({ try PeriodRecord.fetch(record.period, in: $0) }) else { return [] }
        let candidates = try await candidates(period)
        var waiting = blocked.intersection(candidates)
        let ready = candidates.filter { !blocked.contains($0) }
        for start in stride(from: 0, to: ready.count, by: Self.batchSize) {
            try Task.checkCancellation()
            let batch = Array(ready[start..<min(start + Self.batchSize, ready.count)])
            waiting.formUnion(try await state(batch, period, quote: record.quote))
        }
        if waiting.isEmpty {
            try await database.write { session in
                guard var record = try PaymentRecord.fetch(period.number, in: session) else { return }
                record.state = .stated
                try record.save(in: session)
            }
        }
        return waiting
    }

    /// Fixes the price of a period, once.
    private func withQuote(_ record: PaymentRecord) async throws -> PaymentRecord {
        guard record.quote == nil else { return record }
        let quote: Quote?
        do { quote = try await payment.quotes.quote(at: UInt64(clamping: now.seconds)) } catch {
            try Task.checkCancellation()
            parts.logger.warning("no price of STORJ", metadata: ["reason": "\(error)"])
            quote = nil
        }
        guard let quote else { return record }
        let fixed = try await database.write { session in
            guard var fixed = try PaymentRecord.fetch(record.period, in: session) else { return record }
            fixed.quote = fixed.quote ?? quote
            try fixed.save(in: session)
            return fixed
        }
        try reached(.quoteFixed)
        return fixed
    }

    /// Nodes of a period that have no statement of it yet: those that were asked, and those with settled orders.
    private func candidates(_ period: PeriodRecord) async throws -> [NodeID] {
        let since = firstHour(period)
        return try await database.read { session in
            let stated = Set(
                try session.query(
                    "SELECT node FROM market_statements WHERE period = ?1", [.integer(Int64(clamping: period.number))]
                ) { try $0.id(0, as: NodeID.self) })
            var nodes = Set(
                try session.query(
                    "SELECT node FROM heartbeat_nodes WHERE period = ?1 AND is_covered = 1",
                    [.integer(Int64(clamping: period.number))]
                ) { try $0.id(0, as: NodeID.self) })
            nodes.formUnion(try PaidHours.nodes(since: since, in: session))
            nodes.formUnion(
                try session.query("SELECT node FROM market_farmers WHERE held > disposed") { try $0.id(0, as: NodeID.self) })
            return nodes.subtracting(stated).sorted()
        }
    }

    func firstHour(_ period: PeriodRecord) -> Int64 { period.start.seconds - Int64(settings.orderDays) * 86400 }
}
