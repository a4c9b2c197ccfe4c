import Ethereum
import StorageModel

/// A month's statement as it is published and exported: JSON with amounts as decimal text, never as floating point.
package struct MonthDocument: Codable, Hashable, Sendable {
    package struct Period: Codable, Hashable, Sendable {
        package var period: UInt32
        package var statement: String
        package var verdict: String?
        package var amount: String
    }

    package struct Service: Codable, Hashable, Sendable {
        package var kind: String
        /// Bytes; of storage, byte-seconds.
        package var quantity: String
        package var earned: String
        package var usd: String?
    }

    package struct QuoteEntry: Codable, Hashable, Sendable {
        package var microUSD: UInt64
        package var time: UInt64
        package var source: String
        package var sequence: UInt64
    }

    package struct Receipt: Codable, Hashable, Sendable {
        package var transaction: String
        package var height: UInt64
        package var index: UInt32
        package var time: UInt64
        package var amount: String
    }

    package var satellite: String
    package var node: String
    package var farmer: String
    package var month: String
    package var createdAt: UInt64
    package var codes: String
    package var services: [Service]
    package var held: String
    package var disposed: String
    package var owed: String
    package var paid: String
    package var distributed: String
    package var periods: [Period]
    package var quotes: [QuoteEntry]
    package var receipts: [Receipt]

    /// What is no month; the text names the part.
    package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        package let part: String
        package var description: String { "malformed month: \(part)" }
    }

    /// The document of a month.
    package init(_ month: MonthStatement) {
        satellite = "\(month.payerNode)"
        node = "\(month.node)"
        farmer = "\(month.farmer)"
        self.month = "\(month.month)"
        createdAt = month.createdAt
        codes = PayoutCode.text(month.codes)
        services = month.services.map {
            Service(kind: $0.kind.name, quantity: "\($0.quantity)", earned: "\($0.earned)", usd: $0.worth.map { "\($0)" })
        }
        held = "\(month.held)"
        disposed = "\(month.disposed)"
        owed = "\(month.owed)"
        paid = "\(month.paid)"
        distributed = "\(month.distributed)"
        periods = month.periods.map {
            Period(
                period: $0.period, statement: Hexadecimal.encode($0.statement.bytes), verdict: $0.outcome.map { "\($0)" },
                amount: "\($0.amount)")
        }
        quotes = month.quotes.map {
            QuoteEntry(
                microUSD: $0.microUSD, time: $0.time, source: Hexadecimal.encode($0.source.bytes), sequence: $0.sequence)
        }
        receipts = month.receipts.map {
            Receipt(
                transaction: "0x" + Hexadecimal.encode($0.transaction.bytes), height: $0.height, index: $0.index,
                time: $0.time, amount: "\($0.amount)")
        }
    }

    /// The month the document is of.
    ///
    /// - Throws: `Malformed`.
    package func statement() throws -> MonthStatement {
        guard let payerNode = try? NodeID(text: satellite) else { throw Malformed(part: "satellite") }
        guard let nodeID = try? NodeID(text: node) else { throw Malformed(part: "node") }
        guard let wallet = try? Address(farmer) else { throw Malformed(part: "farmer") }
        let month = try Self.some(BillingMonth(self.month), "month")
        return MonthStatement(
            payerNode: payerNode, node: nodeID, farmer: wallet, month: month, createdAt: createdAt,
            codes: try Self.some(PayoutCode.parse(codes), "codes"),
            periods: try periods.map { period in
                let outcome = try period.verdict.map { text in
                    try Self.some(Statement.Outcome.allCases.first { "\($0)" == text }, "verdict of period \(period.period)")
                }
                return MonthStatement.Period(
                    period: period.period, statement: try Self.word(period.statement, "statement of period \(period.period)"),
                    outcome: outcome, amount: try Self.amount(period.amount, "amount of period \(period.period)"))
            },
            services: try services.map { service in
                MonthStatement.Service(
                    kind: try Self.some(ServiceKind.allCases.first { $0.name == service.kind }, "kind \(service.kind)"),
                    quantity: try Self.some(UInt128(service.quantity), "quantity of \(service.kind)"),
                    earned: try Self.amount(service.earned, "pay of \(service.kind)"),
                    worth: try service.usd.map { try Self.some(USDAmount($0), "dollars of \(service.kind)") })
            }, held: try Self.amount(held, "held"), disposed: try Self.amount(disposed, "disposed"),
            owed: try Self.amount(owed, "owed"), paid: try Self.amount(paid, "paid"),
            distributed: try Self.amount(distributed, "distributed"),
            quotes: try quotes.map {
                Quote(
                    microUSD: $0.microUSD, time: $0.time, source: try Self.word($0.source, "source of a quote"),
                    sequence: $0.sequence)
            },
            receipts: try receipts.map {
                PayoutReceipt(
                    transaction: try Self.word($0.transaction, "transaction"), height: $0.height, index: $0.index,
                    time: $0.time, amount: try Self.amount($0.amount, "amount of a receipt"))
            })
    }

    private static func some<Value>(_ value: Value?, _ part: String) throws -> Value {
        guard let value else { throw Malformed(part: part) }
        return value
    }

    private static func amount(_ text: String, _ part: String) throws -> TokenAmount { try some(TokenAmount(text), part) }

    private static func word(_ text: String, _ part: String) throws -> Bytes32 {
        let digits = text.hasPrefix("0x") ? String(text.dropFirst(2)) : text
        return try some(Hexadecimal.decode(digits).flatMap { Bytes32($0) }, part)
    }
}
