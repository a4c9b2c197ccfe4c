import Contracts
import Ethereum
import Heartbeats
import Ledger
import StorageModel
import WireMessages

/// What a statement is made of: everything that is known of a node and a period, read at one moment.
struct StatementInput: Sendable {
    /// The period that is stated.
    let period: PeriodRecord
    /// When its pieces were counted, seconds since 1970.
    let asOf: UInt64
    /// The period before, and its `asOf`; nil for the satellite's first.
    let before: (number: UInt64, asOf: UInt64)?
    let farmer: FarmerRecord
    /// The channel it is paid by; nil for roots.
    let channel: ChannelRecord?
    let heartbeat: NodeHeartbeat?
    /// The node's sheets; the one in force when the settled time begins counts.
    let sheets: SheetBook
    /// Settled orders that are in no statement yet.
    let orders: [SettledOrders]
    /// When the node came.
    let joinedAt: BillingMonth
    /// Whether it has left in good order.
    let hasLeft: Bool
}

/// Makes statements: a pure function of its input.
struct StatementMaker: Sendable {
    /// What came of it.
    enum Result: Sendable {
        case statement(Statement)
        /// There is nothing to state.
        case nothing
        /// It needs what is not known now, and is made later.
        case waits(String)
    }

    let satellite: NodeID
    let payer: Address
    let timeScale: UInt64
    let nodePrices: NodePrices
    let withholding: Withholding
    /// Kinds of service by the wire's number of the action.
    private static let kinds: [UInt32: ServiceKind] = [
        UInt32(PieceAction.put.rawValue): .ingress, UInt32(PieceAction.get.rawValue): .egress,
        UInt32(PieceAction.getAudit.rawValue): .audit, UInt32(PieceAction.getRepair.rawValue): .repair,
        UInt32(PieceAction.putRepair.rawValue): .ingress,
    ]

    /// The statement of one node.
    ///
    /// - Parameter quote: what dollars are converted by; nil when nobody knows.
    func make(_ input: StatementInput, quote: Quote?) -> Result {
        let heartbeat = input.heartbeat.flatMap { Self.heartbeat($0, input.period, satellite: satellite) }
        let isLast = input.hasLeft && input.farmer.balance.rest > .zero
        guard heartbeat != nil || !input.orders.isEmpty || isLast else { return .nothing }
        if let channel = input.channel, channel.state == .proposed { return .waits("the channel is not open yet") }
        let range = settled(input, heartbeat)
        let sheet = input.sheets.inForce(at: range.from)?.signed
        let denomination = sheet?.sheet.denomination ?? .microUSD
        guard let pay = Pay(denomination, quote: quote) else { return .waits("no price of STORJ is known") }
        var orders: [SettledOrders] = []
        var bytes: [ServiceKind: UInt64] = [:]
        for order in Self.firstHours(input.orders) {
            orders.append(order)
            guard let kind = Self.kinds[order.action] else { continue }
            let (sum, overflow) = bytes[kind, default: 0].addingReportingOverflow(order.bytes)
            guard !overflow else { return .waits("settled orders add up to more than there can be") }
            bytes[kind] = sum
        }
        let (seconds, overflow) = (range.until - range.from).multipliedReportingOverflow(by: timeScale)
        guard !overflow else { return .waits("the time is too long") }
        if let heartbeat, heartbeat.outcome == .passed, seconds > 0 { bytes[.storage] = heartbeat.byteCount }
        guard let lines = lines(bytes, seconds: seconds, pay, sheet?.sheet) else {
            return .waits("the pay is more than there can be")
        }
        return assemble(input, heartbeat, range, orders, lines, pay, sheet)
    }

    /// The time that is settled: from where the statement of the period before ended; from that period's heartbeat when
    /// the node was not in it. A void heartbeat leaves the time to the next one.
    private func settled(_ input: StatementInput, _ heartbeat: Statement.Heartbeat?) -> (from: UInt64, until: UInt64) {
        let last = input.farmer.lastUntil
        let follows = last > 0 && input.farmer.lastPeriod == input.before?.number
        let from = follows ? last : max(last, min(input.before?.asOf ?? input.asOf, input.asOf))
        return heartbeat?.outcome == .void ? (from, from) : (from, max(from, input.asOf))
    }

    /// The orders of as many hours as a statement may name; the others come with the next one.
    private static func firstHours(_ orders: [SettledOrders]) -> [SettledOrders] {
        var hours: Set<UInt64> = []
        return orders.filter { order in
            guard hours.count < Statement.maximumHourCount || hours.contains(order.hour) else { return false }
            hours.insert(order.hour)
            return true
        }
    }

    private func lines(
        _ bytes: [ServiceKind: UInt64], seconds: UInt64, _ pay: Pay, _ sheet: PriceSheet?
    ) -> [Statement.Line]? {
        var lines: [Statement.Line] = []
        for kind in ServiceKind.allCases {
            guard let count = bytes[kind], count > 0 else { continue }
            let price = sheet?.price(of: kind) ?? nodePrices.price(of: kind)
            let time = kind == .storage ? seconds : 0
            guard let amount = pay.earned(kind, price: price, bytes: count, seconds: time) else { return nil }
            lines.append(Statement.Line(kind: kind, bytes: count, seconds: time, price: price, amount: amount))
        }
        return lines
    }

    private func assemble(
        _ input: StatementInput, _ heartbeat: Statement.Heartbeat?, _ range: (from: UInt64, until: UInt64),
        _ orders: [SettledOrders], _ lines: [Statement.Line], _ pay: Pay, _ sheet: SignedPriceSheet?
    ) -> Result {
        let before = input.channel?.promised ?? input.farmer.rootCumulative
        guard let number = UInt32(exactly: input.period.number),
            let sum = lines.reduce(TokenAmount.zero as TokenAmount?, { $0?.adding($1.amount) })
        else { return .waits("the pay is more than there can be") }
        let month = BillingMonth(Timestamp(microseconds: Int64(clamping: input.asOf) * 1_000_000))
        let (held, disposed) = withholding.split(
            earned: sum, balance: input.farmer.balance, joinedAt: input.joinedAt, at: month, hasLeft: input.hasLeft)
        guard let amount = sum.subtracting(held)?.adding(disposed), let cumulative = before.adding(amount),
            cumulative.units <= Int64.max
        else { return .waits("the pay is more than there can be") }
        return .statement(
            Statement(
                payerNode: satellite, node: input.farmer.node, payer: payer, farmer: input.farmer.wallet,
                channel: input.channel?.id ?? Bytes32(), period: number, previous: input.farmer.lastStatement,
                from: range.from, until: range.until, heartbeat: heartbeat, hours: Set(orders.map(\.hour)).sorted(),
                orders: Statement.settledOrders(orders), sheet: sheet?.digest ?? Bytes32(),
                denomination: pay.denomination, quote: pay.quote, lines: lines, held: held, disposed: disposed, amount: amount,
                cumulative: cumulative))
    }

    /// What a heartbeat gave; nil for a node that was not asked, or has no verdict.
    private static func heartbeat(
        _ row: NodeHeartbeat, _ period: PeriodRecord, satellite: NodeID
    ) -> Statement.Heartbeat? {
        let outcome: Statement.Outcome
        switch row.verdict {
        case .passed: outcome = .passed
        case .failed: outcome = .failed
        case .unreachable: outcome = .unreachable
        case .void: outcome = .void
        case .pending: return nil
        }
        guard row.isCovered else { return nil }
        let seed = period.beacon.map {
            HeartbeatJudge.challenge(row, period, beacon: $0, satellite: satellite).seed
        }
        return Statement.Heartbeat(
            root: row.holding.root.hash, chunkCount: row.holding.root.sum, byteCount: row.holding.byteCount,
            seed: seed ?? Bytes32(), sampleCount: period.sampleCount, outcome: outcome, evidence: row.evidence ?? Bytes32())
    }
}
