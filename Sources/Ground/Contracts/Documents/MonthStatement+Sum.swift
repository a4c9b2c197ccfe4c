import StorageModel

extension MonthStatement {
    /// Why statements make no month.
    package enum Objection: Error, Hashable, Sendable, CustomStringConvertible {
        /// There is none.
        case empty
        /// They are of several nodes or payers, or of another month.
        case foreign(period: UInt32)
        /// They are not one after the other.
        case order(period: UInt32)
        /// What is due grew by something else than what the statement says.
        case sum(period: UInt32)
        /// More than there can be.
        case outOfRange

        package var description: String {
            switch self {
            case .empty: "there is no statement"
            case .foreign(let period): "the statement of period \(period) is of another node, payer or month"
            case .order(let period): "the statement of period \(period) does not follow on the one before it"
            case .sum(let period): "what is due does not grow by what the statement of period \(period) says"
            case .outOfRange: "the sums are more than there can be"
            }
        }
    }

    /// The sum of a node's statements of a month.
    ///
    /// Statements that follow on each other are checked against what the payer says is due: it grows by exactly their sum.
    ///
    /// - Parameters:
    ///   - statements: oldest first; there are gaps where some are not known.
    ///   - codes: what is said of the node.
    ///   - receipts: of what arrived for these statements.
    ///   - createdAt: seconds since 1970.
    ///   - price: what a token cost at the end of a statement that has no quote because its prices are in STORJ.
    /// - Throws: `Objection`.
    package init(
        of statements: [Statement], in month: BillingMonth, codes: Set<PayoutCode> = [], receipts: [PayoutReceipt] = [],
        createdAt: UInt64, price: (UInt64) -> Quote? = { _ in nil }
    ) throws(Objection) {
        guard let first = statements.first, let last = statements.last else { throw .empty }
        try Self.check(statements, month)
        var sums: [ServiceKind: Service] = [:]
        var (held, disposed, paid) = (TokenAmount.zero, TokenAmount.zero, TokenAmount.zero)
        for statement in statements {
            for line in statement.lines {
                let worth = line.worth(in: statement, quote: statement.quote ?? price(statement.until))
                sums[line.kind] = try Self.add(line, worth, to: sums[line.kind])
            }
            held = try Self.add(statement.held, to: held)
            disposed = try Self.add(statement.disposed, to: disposed)
            paid = try Self.add(statement.amount, to: paid)
        }
        guard let owed = paid.subtracting(disposed) else { throw .outOfRange }
        var distributed = TokenAmount.zero
        for receipt in receipts { distributed = try Self.add(receipt.amount, to: distributed) }
        self.init(
            payerNode: first.payerNode, node: first.node, farmer: last.farmer, month: month, createdAt: createdAt,
            codes: codes,
            periods: statements.map {
                Period(period: $0.period, statement: $0.digest, outcome: $0.heartbeat?.outcome, amount: $0.amount)
            }, services: sums.values.sorted { $0.kind.rawValue < $1.kind.rawValue }, held: held, disposed: disposed,
            owed: owed, paid: paid, distributed: distributed,
            quotes: Set(statements.compactMap(\.quote)).sorted { ($0.time, $0.sequence) < ($1.time, $1.sequence) },
            receipts: receipts.sorted { ($0.height, $0.index) < ($1.height, $1.index) })
    }

    private static func check(_ statements: [Statement], _ month: BillingMonth) throws(Objection) {
        guard let first = statements.first else { return }
        for statement in statements {
            guard statement.node == first.node, statement.payerNode == first.payerNode, BillingMonth(seconds: statement.until) == month
            else {
                throw .foreign(period: statement.period)
            }
        }
        for (last, next) in zip(statements, statements.dropFirst()) {
            guard last.period < next.period, last.until <= next.until else { throw .order(period: next.period) }
            guard next.previous == last.digest, next.channel == last.channel else { continue }
            guard last.cumulative.adding(next.amount) == next.cumulative else { throw .sum(period: next.period) }
        }
    }

    private static func add(_ amount: TokenAmount, to sum: TokenAmount) throws(Objection) -> TokenAmount {
        guard let sum = sum.adding(amount) else { throw .outOfRange }
        return sum
    }

    private static func add(
        _ line: Statement.Line, _ worth: USDAmount?, to sum: Service?
    ) throws(Objection) -> Service {
        var sum = sum ?? Service(kind: line.kind, quantity: 0, earned: .zero, worth: .zero)
        // Two factors of 64 bits fit in 128.
        let quantity = UInt128(line.bytes) * (line.kind == .storage ? UInt128(line.seconds) : 1)
        let (total, overflow) = sum.quantity.addingReportingOverflow(quantity)
        guard !overflow else { throw .outOfRange }
        sum.quantity = total
        sum.earned = try add(line.amount, to: sum.earned)
        sum.worth = sum.worth.flatMap { known in worth.flatMap { known.adding($0) } }
        return sum
    }
}

extension Statement.Line {
    /// What the line is in dollars; nil when its price is in STORJ and there is no quote.
    func worth(in statement: Statement, quote: Quote?) -> USDAmount? {
        switch statement.denomination {
        case .microUSD:
            Pay.worth(kind, price: price, bytes: bytes, seconds: seconds).flatMap(Int64.init(exactly:)).map(
                USDAmount.init(micro:))
        case .storj: quote?.usd(for: amount)
        }
    }
}

extension BillingMonth {
    /// The month a moment lies in, by its seconds since 1970.
    package init(seconds: UInt64) {
        self.init(Timestamp(seconds: Int64(clamping: seconds), nanoseconds: 0) ?? Timestamp(microseconds: .max))
    }
}
