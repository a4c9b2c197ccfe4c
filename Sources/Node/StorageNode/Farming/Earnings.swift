package import Contracts
package import Ethereum
package import Ledger
package import StorageModel

/// What a farmer earns, and how far the money has come: due by statements, promised by vouchers, claimed on the ledger.
package struct Earnings: Sendable {
    /// One payer's.
    package struct Line: Sendable {
        /// Who pays.
        package let payer: Payer
        /// How it stands.
        package let standing: PayerStanding
        /// Statements the node agreed to.
        package let statements: Int
        /// The newest one's period and when it came; nil before the first.
        package let lastPeriod: UInt64?
        package let lastAt: Timestamp?
        /// What statements pay in all.
        package let owed: TokenAmount
        /// What of it vouchers promise, or roots on the ledger.
        package let vouchered: TokenAmount
        /// What was paid out; nil while the ledger cannot be asked.
        package let claimed: TokenAmount?
        /// What is held back.
        package let held: TokenAmount
        /// Periods without pay that should have come.
        package let overdue: Int
    }

    /// By payer, ordered by id.
    package let lines: [Line]
    /// What was refused and not settled since.
    package let refusals: [RefusedStatement]
}

/// The money of a node at a glance.
package struct WalletStatus: Sendable {
    /// Who is paid.
    package let wallet: Address
    /// Whether the wallet's key is at the node.
    package let hasKey: Bool
    /// Who signs sheets.
    package let signer: Address
    /// Where the money is.
    package let ledger: SettlementDescription
    /// What the wallet has; nil while the ledger cannot be asked.
    package let balance: TokenAmount?
    /// What proofs have earned and waits; nil while the ledger cannot be asked.
    package let credit: TokenAmount?
    /// When the ledger was last seen.
    package let viewedAt: Timestamp?
    /// Why the ledger cannot be asked; nil when it can.
    package let problem: String?
}

extension Farmer {
    /// What is earned, by payer.
    ///
    /// - Parameter asksLedger: whether roots' payments are asked for; else `claimed` is nil for whom roots pay.
    /// - Throws: `DatabaseError`.
    package func earnings(asksLedger: Bool = true) async throws -> Earnings {
        let sums = try await book.sums()
        let channels = try await book.channels()
        var lines: [Earnings.Line] = []
        for payer in try await book.payers() {
            let own = channels.filter { $0.payer == payer.satellite }
            let sum = sums[payer.satellite]
            var vouchered = own.reduce(TokenAmount.zero) { $0.adding($1.vouchered) ?? $0 }
            var claimed: TokenAmount? = own.reduce(TokenAmount.zero) { $0.adding($1.state.claimed) ?? $0 }
            if payer.payment != .none, let manifest = payer.manifest {
                // Roots promise what the last statement they pay said, as soon as they are on the ledger. A payer that pays
                // by a channel now may have begun with roots.
                let last = try await book.lastRootStatement(of: payer.satellite)?.statement.cumulative ?? .zero
                vouchered = vouchered.adding(last) ?? vouchered
                let paid = asksLedger ? try? await backend.paid(to: keys.wallet, by: manifest.payer) : nil
                claimed = paid.flatMap { claimed?.adding($0) }
            }
            lines.append(
                .init(
                    payer: payer, standing: standing(of: payer.satellite), statements: sum?.count ?? 0,
                    lastPeriod: sum?.lastPeriod, lastAt: sum?.lastAt, owed: sum?.earned ?? .zero, vouchered: vouchered,
                    claimed: claimed, held: sum?.held ?? .zero,
                    overdue: try await overduePeriods(of: payer.satellite).count))
        }
        return Earnings(lines: lines, refusals: try await book.refusals())
    }

    /// The wallet and its ledger.
    ///
    /// - Throws: `DatabaseError`.
    package func walletStatus() async throws -> WalletStatus {
        var (balance, credit): (TokenAmount?, TokenAmount?)
        var problem: String?
        do {
            balance = try await backend.balance(of: keys.wallet)
            credit = try await backend.credit(of: keys.wallet)
        } catch {
            problem = "\(error)"
        }
        return WalletStatus(
            wallet: keys.wallet, hasKey: keys.walletKey != nil, signer: keys.hotKey.address,
            ledger: backend.description, balance: balance, credit: credit, viewedAt: try await book.viewedAt(),
            problem: problem)
    }
}
