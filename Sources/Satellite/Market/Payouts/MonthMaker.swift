package import Contracts
import Database
import Ethereum
import Ledger
import Overlay
import StorageModel
import Upkeep

/// A node's month, and what nodes of the field are told of it, in micro-dollars.
package struct PaidMonth: Sendable, Hashable {
    package let statement: MonthStatement
    /// Nil when a price was in STORJ and nobody knows what a token cost: nothing is guessed.
    package let dollars: Dollars?

    /// Amounts in micro-dollars.
    package struct Dollars: Sendable, Hashable {
        package var held: Int64 = 0
        package var disposed: Int64 = 0
        package var paid: Int64 = 0
        package var distributed: Int64 = 0
    }
}

/// Sums up a node's statements, with the receipts that are for them.
struct MonthMaker: Sendable {
    let parts: UpkeepParts
    let payment: PaymentParts
    let withholding: Withholding

    /// What the books have of a node.
    private struct Books: Sendable {
        var statements: [Statement] = []
        /// By the statement's digest.
        var receipts: [Bytes32: [PayoutReceipt]] = [:]
    }

    /// All months of a node, oldest first.
    ///
    /// - Throws: `DatabaseError`.
    func months(of node: NodeID) async throws -> [PaidMonth] {
        let books = try await parts.database.read { try Self.books(of: node, in: $0) }
        var prices: [UInt64: Quote] = [:]
        for statement in books.statements where statement.quote == nil && prices[statement.until] == nil {
            // A price that cannot be had leaves the month without dollars.
            prices[statement.until] = (try? await payment.quotes.quote(at: statement.until)) ?? nil
        }
        let byMonth = Dictionary(grouping: books.statements) { BillingMonth(seconds: $0.until) }
        return try byMonth.sorted { $0.key < $1.key }.map { month, statements in
            try self.month(month, statements, books, prices)
        }
    }

    private func month(
        _ month: BillingMonth, _ statements: [Statement], _ books: Books, _ prices: [UInt64: Quote]
    ) throws -> PaidMonth {
        let receipts = statements.flatMap { books.receipts[$0.digest] ?? [] }
        let statement = try MonthStatement(
            of: statements, in: month, codes: codes(of: statements[0].node, month), receipts: Self.joined(receipts),
            createdAt: statements.last?.until ?? 0, price: { prices[$0] })
        var dollars: PaidMonth.Dollars? = PaidMonth.Dollars()
        for statement in statements {
            let arrived = (books.receipts[statement.digest] ?? []).reduce(TokenAmount.zero) { $0.adding($1.amount) ?? $0 }
            guard let quote = statement.quote ?? prices[statement.until], let held = quote.usd(for: statement.held),
                let disposed = quote.usd(for: statement.disposed), let paid = quote.usd(for: statement.amount),
                let distributed = quote.usd(for: arrived)
            else {
                dollars = nil
                break
            }
            dollars?.held += held.micro
            dollars?.disposed += disposed.micro
            dollars?.paid += paid.micro
            dollars?.distributed += distributed.micro
        }
        return PaidMonth(statement: statement, dollars: dollars)
    }

    /// Parts of the same receipt together again.
    private static func joined(_ receipts: [PayoutReceipt]) -> [PayoutReceipt] {
        var joined: [PayoutReceipt] = []
        for receipt in receipts {
            if let index = joined.firstIndex(where: { $0.transaction == receipt.transaction && $0.index == receipt.index }) {
                joined[index].amount = joined[index].amount.adding(receipt.amount) ?? joined[index].amount
            } else {
                joined.append(receipt)
            }
        }
        return joined
    }

    private func codes(of node: NodeID, _ month: BillingMonth) -> Set<PayoutCode> {
        guard let record = parts.overlay.record(of: node) else { return [] }
        var codes: Set<PayoutCode> = []
        if record.disqualifiedAt != nil { codes.insert(.disqualified) }
        if record.exitFinishedAt != nil, record.exitSucceeded {
            codes.insert(.exited)
        } else if record.exitInitiatedAt != nil, record.exitFinishedAt == nil {
            codes.insert(.exiting)
        }
        if let contact = record.lastContactSuccess, contact.seconds < month.start { codes.insert(.offline) }
        if withholding.isWithholding(joinedAt: BillingMonth(record.createdAt), at: month) { codes.insert(.inWithholding) }
        return codes
    }

    // MARK: Books

    private static func books(of node: NodeID, in session: SQLSession) throws -> Books {
        var books = Books()
        books.statements = try StatementRecord.fetch(untilIn: 0..<UInt64.max, node: node, in: session).map(\.statement)
        let sources = Set(books.statements.map { Source(farmer: $0.farmer, channel: $0.channel.isZero ? nil : $0.channel) })
        for source in sources {
            let statements = try statements(of: source, in: session)
            let receipts = try ReceiptRecord.fetch(farmer: source.farmer, channel: source.channel, in: session)
            let spread = ReceiptAllocation.spread(statements.map(\.amount), receipts.map(\.receipt))
            for (statement, parts) in zip(statements, spread) where statement.node == node {
                books.receipts[statement.digest] = parts
            }
        }
        return books
    }

    /// Where money for statements comes from.
    private struct Source: Hashable {
        let farmer: Address
        let channel: Bytes32?
    }

    /// Everything that is paid from a source, oldest first: a wallet may have several nodes.
    private static func statements(of source: Source, in session: SQLSession) throws -> [Statement] {
        try session.query(
            """
            SELECT statement FROM market_statements
            WHERE farmer = ?1 AND (channel = ?2 OR (?2 IS NULL AND channel IS NULL)) ORDER BY until_at, period, node
            """, [.blob(source.farmer.bytes), SQLValue(source.channel?.bytes)]
        ) { try SignedStatement(stored: $0.blob(0)).statement }
    }
}
