package import Contracts
package import Ethereum
package import StorageModel

/// Compares a payer's statement with what the node knows itself: its own signed set, its own settled orders, its own sheet,
/// its own price of STORJ.
///
/// What speaks for the node is taken as it is; what speaks against it by more than the tolerance is refused.
/// - Source: economy design §3.2, §4.
package struct StatementCheck: Sendable {
    /// What the farmer allows.
    package var settings: FarmingSettings
    /// The node.
    package var node: NodeID
    /// Who is paid.
    package var wallet: Address
    /// Who pays, worked for.
    package var payer: Payer
    /// The last statement of the payer; nil before the first, or when the book was lost.
    package var last: Statement?
    /// Whether the statement before was refused, so that what comes after it does not follow on `last`.
    package var followsRefusal = false
    /// What the node signed for the period; nil when it signed nothing, or the book was lost.
    package var period: OwnPeriod?
    /// Settled orders that no statement pays yet.
    package var unpaid: [(sum: SettledOrders, settledAt: Timestamp)]
    /// The sheet in force when the period began; nil when the payer had none.
    package var sheet: SignedPriceSheet?
    /// The price of STORJ by the node's own source; nil when prices are in STORJ.
    package var quote: Quote?
    /// Seconds since 1970.
    package var now: UInt64

    /// How far apart clocks may be, in seconds.
    static let clockTolerance: UInt64 = 2 * 3600
    /// How old the price of STORJ may be at the period's end, in seconds.
    static let quoteAge: UInt64 = 3600

    /// Checks a statement.
    ///
    /// - Throws: `StatementRefusal`, the first there is.
    package func check(_ signed: SignedStatement) throws(StatementRefusal) {
        try checkParties(signed)
        let statement = signed.statement
        if let objection = objection(to: statement) { throw .unsound("\(objection)") }
        guard statement.until <= now + Self.clockTolerance else { throw .future }
        try checkHeartbeat(statement)
        try checkQuote(statement)
        for (kind, own) in ownAmounts(for: statement) {
            let stated = statement.line(kind)?.amount ?? .zero
            guard isEnough(stated, own) else { throw .tooLittle(kind, own: own, stated: stated) }
        }
        let sum = statement.amount.adding(statement.held) ?? statement.amount
        let (allowed, overflow) = sum.units.multipliedReportingOverflow(by: settings.maximumHeld)
        guard overflow || statement.held.units <= allowed / 1000 else { throw .held(statement.held) }
    }

    /// What the node makes of the period: the statement with its own figures. Nil when they cannot be summed up.
    package func own(for statement: Statement) -> Statement? {
        var own = statement
        own.lines = ownLines(for: statement)
        if let sheet { (own.sheet, own.denomination) = (sheet.digest, sheet.sheet.denomination) }
        own.quote = own.denomination == .microUSD ? quote ?? statement.quote : nil
        (own.held, own.disposed) = (.zero, .zero)
        guard let amount = own.lines.reduce(TokenAmount.zero as TokenAmount?, { $0?.adding($1.amount) }),
            let before = statement.cumulative.subtracting(statement.amount), let cumulative = before.adding(amount)
        else { return nil }
        (own.amount, own.cumulative) = (amount, cumulative)
        return own
    }

    // MARK: Parts

    private func checkParties(_ signed: SignedStatement) throws(StatementRefusal) {
        let statement = signed.statement
        guard let manifest = payer.manifest, payer.refusal == nil else {
            throw .payer(payer.refusal ?? "its manifest is not known")
        }
        guard statement.payerNode == payer.satellite else { throw .otherParty("payer") }
        guard statement.node == node else { throw .otherParty("node") }
        guard statement.farmer == wallet else { throw .otherParty("wallet") }
        guard statement.payer == manifest.payer else { throw .otherParty("paying wallet") }
        let channel = payer.payment == .channel ? payer.channel?.id ?? Bytes32() : Bytes32()
        // Nothing due needs no channel.
        guard statement.channel == channel || statement.cumulative == .zero else { throw .otherParty("channel") }
        guard signed.isSigned(by: manifest.signer) else { throw .badSignature }
    }

    /// What is wrong inside the statement, or between it and the one before.
    private func objection(to statement: Statement) -> Statement.Objection? {
        let scale = payer.manifest?.timeScale ?? 1
        let isFirst = last == nil && statement.previous == Bytes32()
        guard !isFirst, last == nil || followsRefusal else { return statement.objection(after: last, scale: scale) }
        if let last, last.period >= statement.period || last.until > statement.from { return .time }
        // The book was lost, or the statement before refused: what came before is the payer's word, and only the rest can be
        // checked.
        var (before, after) = (statement, statement)
        before.channel = Keccak256.hash(statement.channel.bytes)
        before.until = statement.from
        before.period = statement.period > 0 ? statement.period - 1 : 0
        after.previous = before.digest
        return statement.period == 0 ? .previous : after.objection(after: before, scale: scale)
    }

    private func checkHeartbeat(_ statement: Statement) throws(StatementRefusal) {
        guard let period else { return }
        guard let heartbeat = statement.heartbeat else {
            guard period.answeredAt == nil || period.byteCount == 0 || statement.from == statement.until else {
                throw .verdict("that there was no heartbeat")
            }
            return
        }
        guard heartbeat.root == period.root, heartbeat.chunkCount == period.chunkCount,
            heartbeat.byteCount == period.byteCount
        else { throw .otherHeartbeat }
        // What was shown before the end cannot have failed.
        guard let answered = period.answeredAt, answered <= period.end, period.byteCount > 0 else { return }
        switch heartbeat.outcome {
        case .passed, .void: return
        case .failed: throw .verdict("failed")
        case .unreachable: throw .verdict("unreachable")
        }
    }

    private func checkQuote(_ statement: Statement) throws(StatementRefusal) {
        guard let stated = statement.quote else { return }
        guard stated.pair == Quote.storjUSD, stated.time + Self.quoteAge >= statement.until,
            stated.time <= now + Self.clockTolerance
        else { throw .quoteOfOtherTime }
        guard let quote else { return }
        let (high, low) = (max(quote.microUSD, stated.microUSD), min(quote.microUSD, stated.microUSD))
        let difference = UInt128(high - low) * 1000
        guard difference <= UInt128(quote.microUSD) * UInt128(settings.quoteTolerance) else {
            throw .quote(own: quote.microUSD, stated: stated.microUSD)
        }
    }

    // MARK: Own figures

    private func isEnough(_ stated: TokenAmount, _ own: TokenAmount) -> Bool {
        UInt128(stated.units) * 1000 + 1000 >= UInt128(own.units) * UInt128(1000 - min(1000, settings.tolerance))
    }

    private func ownAmounts(for statement: Statement) -> [(ServiceKind, TokenAmount)] {
        ownLines(for: statement).map { ($0.kind, $0.amount) }
    }

    private func ownLines(for statement: Statement) -> [Statement.Line] {
        // Computed with the statement's own quote, which was compared with ours: it counts once, not twice.
        let denomination = sheet?.sheet.denomination ?? .microUSD
        guard let pay = Pay(denomination, quote: statement.quote ?? quote) else { return [] }
        return ServiceKind.allCases.compactMap { kind in
            let (bytes, seconds) = ownFigures(kind, statement)
            let price = sheet?.sheet.price(of: kind) ?? payer.manifest?.nodePrices.price(of: kind) ?? 0
            guard bytes > 0, let amount = pay.earned(kind, price: price, bytes: bytes, seconds: seconds) else { return nil }
            return Statement.Line(kind: kind, bytes: bytes, seconds: seconds, price: price, amount: amount)
        }
    }

    private func ownFigures(_ kind: ServiceKind, _ statement: Statement) -> (bytes: UInt64, seconds: UInt64) {
        guard kind == .storage else { return (ownTraffic(kind, statement), 0) }
        guard let heartbeat = statement.heartbeat, heartbeat.outcome == .passed else { return (0, 0) }
        let (time, overflow) = (statement.until - min(statement.from, statement.until))
            .multipliedReportingOverflow(by: payer.manifest?.timeScale ?? 1)
        return (period?.byteCount ?? heartbeat.byteCount, overflow ? .max : time)
    }

    /// Bytes of the hours the statement pays, and of those it should pay because they were settled before its time began.
    private func ownTraffic(_ kind: ServiceKind, _ statement: Statement) -> UInt64 {
        let hours = Set(statement.hours)
        return unpaid.reduce(0) { sum, order in
            let isDue = UInt64(clamping: order.settledAt.seconds) < statement.from
            guard ServiceKind(action: order.sum.action) == kind, isDue || hours.contains(order.sum.hour) else { return sum }
            let (next, overflow) = sum.addingReportingOverflow(order.sum.bytes)
            return overflow ? .max : next
        }
    }
}
