package import Accounting
import Chores
package import Contracts
import Database
package import StorageModel
import Upkeep

/// For operators, and for the answers to nodes.
extension Market {
    /// What nodes are told about pay; nil when nobody is paid.
    package var payBooks: (any PayBooks)? { payouts?.books }

    /// Reads receipts and goes on with the run that is under way, or begins one that is due.
    package func runPayouts() async throws { try await payouts?.cycle.triggerAndWait() }

    /// Begins a run now, unless one is under way, and takes it as far as it goes.
    ///
    /// - Throws: `MarketError.unpaid`; what the run throws.
    package func beginPayouts() async throws {
        guard let payouts else { throw MarketError.unpaid }
        payouts.runner.request()
        try await payouts.cycle.triggerAndWait()
    }

    /// The last runs, newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func payoutRuns(limit: Int) async throws -> [PayoutRun] {
        try await parts.database.read { try PayoutRun.fetch(limit: limit, in: $0) }
    }

    /// What arrived at farmers, newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func receipts(limit: Int) async throws -> [ReceiptRecord] {
        try await parts.database.read { try ReceiptRecord.fetch(limit: limit, in: $0) }
    }

    /// A node's months, oldest first; none when nobody is paid.
    ///
    /// - Throws: `DatabaseError`, `MonthStatement.Objection`.
    package func months(of node: NodeID) async throws -> [PaidMonth] { try await payouts?.months.months(of: node) ?? [] }

    /// All nodes' statements of a month, by node.
    ///
    /// - Throws: `DatabaseError`, `MonthStatement.Objection`.
    package func months(_ month: BillingMonth) async throws -> [MonthStatement] {
        let nodes = try await parts.database.read { session in
            try session.query(
                "SELECT DISTINCT node FROM market_statements WHERE until_at >= ?1 AND until_at < ?2 ORDER BY node",
                [.integer(month.start), .integer(month.end)]
            ) { try $0.id(0, as: NodeID.self) }
        }
        var months: [MonthStatement] = []
        for node in nodes {
            months += try await self.months(of: node).map(\.statement).filter { $0.month == month }
        }
        return months
    }

    /// What wallets are to get by the newest root and have not got, by wallet: for tools that pay outside.
    ///
    /// - Throws: `DatabaseError`.
    package func prepayout() async throws -> [PayoutPayment] {
        try await parts.database.read { session in
            let paid = try ReceiptRecord.paidByRoots(in: session)
            return try RootAmounts.fetchAll(in: session).sorted { $0.key < $1.key }.compactMap { wallet, owed in
                guard let due = owed.subtracting(paid[wallet] ?? .zero), due > .zero else { return nil }
                return PayoutPayment(wallet: wallet, amount: due)
            }
        }
    }
}
