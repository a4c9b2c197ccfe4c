package import Contracts
import Database
import Ethereum
import Ledger
import Logging
import StorageModel

/// Once a month: what partners' customers paid becomes statements, a root on the ledger, and payouts.
///
/// A run is written down as a whole before anything is sent; whatever interrupts it, it goes on where it was, since it asks
/// the ledger what is there already.
package struct PartnerRuns: Sendable {
    let parts: BillingParts
    private let settings: BillingSettings
    private let partners: PartnerBook

    init(parts: BillingParts, settings: BillingSettings, partners: PartnerBook) {
        self.parts = parts
        self.settings = settings
        self.partners = partners
    }

    /// A run as it was written down.
    struct Run {
        let month: BillingMonth
        let root: Bytes32
        let payoutRoot: Bytes32
        let total: TokenAmount
        let wallets: UInt64

        var anchor: PayoutAnchor {
            PayoutAnchor(
                period: UInt64(month.number), payoutRoot: payoutRoot, reportRoot: root, total: total, farmerCount: wallets)
        }
    }

    /// Prepares the run of a month that is over, and brings everything on its way that is not yet there.
    ///
    /// - Throws: `DatabaseError`, `LedgerError`, `BillingError`; what was done stays done.
    package func run(_ month: BillingMonth) async throws {
        guard parts.clock.now().seconds >= month.end, !(try await partners.all().isEmpty) else { return }
        // A clock that runs ahead must not use up months: a chain knows better.
        if let backend = parts.payouts?.backend, backend.description.kind == .ethereum,
            try await backend.time().seconds < UInt64(clamping: month.end)
        {
            return
        }
        try await prepare(month)
        for run in try await runs(state: "prepared") { try await settle(run) }
    }

    private func runs(state: String) async throws -> [Run] {
        try await parts.database.read { session in
            try session.query(
                "SELECT month, root, payout_root, total, wallets FROM partner_runs WHERE state = ?1 ORDER BY month",
                [.text(state)]
            ) { row in
                guard let month = BillingMonth(number: UInt32(clamping: row.integer(0))), let root = Bytes32(row.blob(1)),
                    let payoutRoot = Bytes32(row.blob(2))
                else { throw DatabaseError(.corrupt, "a partner run is not what was written") }
                return Run(
                    month: month, root: root, payoutRoot: payoutRoot, total: TokenAmount(UInt64(clamping: row.integer(3))),
                    wallets: UInt64(clamping: row.integer(4)))
            }
        }
    }

    // MARK: Preparing

    private func prepare(_ month: BillingMonth) async throws {
        let quote = try await parts.quotes?.quote(at: UInt64(clamping: parts.clock.now().seconds))
        let builder = PartnerRunBuilder(
            month: month, satellite: parts.satellite, payer: parts.payouts?.signer.address ?? .zero,
            percent: settings.partnerPercent, minimum: settings.partnerMinimum, quote: parts.payouts == nil ? nil : quote,
            now: parts.clock.now())
        let isNew = try await parts.database.write { session in
            let last = try session.first("SELECT MAX(month) FROM partner_runs") { $0.optionalInteger(0) } ?? nil
            // Months are run in order, and once.
            guard last ?? -1 < Int64(month.number) else { return false }
            try builder.build(in: session)
            return true
        }
        if isNew { parts.logger.info("partners' statements made", metadata: ["month": "\(month)"]) }
    }

    // MARK: Settling

    private func settle(_ run: Run) async throws {
        if let account = parts.payouts { try await anchor(run, account) }
        try await publish(run.month)
        try await parts.database.write { session in
            try session.execute(
                "UPDATE partner_runs SET state = 'settled' WHERE month = ?1", [SQLValue(run.month.number)])
        }
        parts.logger.info("partners paid", metadata: ["month": "\(run.month)", "total": "\(run.total)"])
    }

    /// Puts the money and the root on the ledger, then has everybody paid. Each step looks first whether it was done.
    private func anchor(_ run: Run, _ account: PartnerAccount) async throws {
        let payer = account.signer.address
        var state = try await account.backend.payout(of: payer) ?? PayoutState()
        var paid = TokenAmount.zero
        let claims = try await claims(run, payer)
        for claim in claims {
            paid = paid.adding(try await account.backend.paid(to: claim.farmer, by: payer)) ?? paid
        }
        let there = state.pool.adding(paid) ?? paid
        if let missing = run.total.subtracting(there), missing > .zero {
            try await account.backend.prepare(account.treasury)
            try await perform(
                .fund(satellite: payer, missing), by: account.treasury, account, "\(run.month)/fund/\(missing.units)")
        }
        if state.anchor.map({ $0.period < run.anchor.period }) ?? true {
            try await perform(.anchor(run.anchor), by: account.signer, account, "\(run.month)/anchor")
            state = try await account.backend.payout(of: payer) ?? PayoutState()
        }
        // A later month's root holds everything of this one's.
        guard state.anchor == run.anchor else { return }
        var open: [PayoutClaim] = []
        for claim in claims where try await account.backend.paid(to: claim.farmer, by: payer) < claim.cumulative {
            open.append(claim)
        }
        for start in stride(from: 0, to: open.count, by: ChannelOperation.maximumCount) {
            let part = Array(open[start..<min(start + ChannelOperation.maximumCount, open.count)])
            let name = part.map { "\($0.farmer)/\($0.cumulative.units)" }.joined(separator: "/")
            try await perform(.claimMany(part), by: account.treasury, account, "\(run.month)/claim/\(name)")
        }
    }

    /// Does something on the ledger under a name of its own: what was submitted before a crash is not submitted again.
    ///
    /// Something that failed gets another name the next time, since it would stay failed under this one.
    private func perform(
        _ operation: PayoutOperation, by signer: any SettlementSigner, _ account: PartnerAccount, _ name: String
    ) async throws {
        let attempt = try await parts.database.read { session in
            try session.first("SELECT value FROM billing_counters WHERE name = 'partner-attempts'") { $0.integer(0) } ?? 0
        }
        let id = OperationID(storage: Keccak256.hash(Array("partners/\(name)/\(attempt)".utf8)))
        do {
            _ = try await account.backend.perform(.payout(operation), by: signer, id: id, sleeper: parts.sleeper)
        } catch let error where Self.isFinal(error) {
            try await parts.database.write { session in _ = try CustomerBook.count("partner-attempts", in: session) }
            throw error
        }
    }

    private static func isFinal(_ error: any Error) -> Bool {
        switch error {
        case is SettlementError, LedgerError.operationFailed, LedgerError.operationDropped: true
        default: false
        }
    }

    /// What everybody can claim: from the statements themselves, as a stranger would.
    private func claims(_ run: Run, _ payer: Address) async throws -> [PayoutClaim] {
        let statements = try await statements(run.month)
        var claims: [Address: PayoutClaim] = [:]
        for statement in statements where statement.cumulative > .zero {
            claims[statement.wallet] = PayoutClaim(
                satellite: payer, farmer: statement.wallet, cumulative: statement.cumulative, path: statement.payoutPath)
        }
        return claims.values.sorted { $0.farmer < $1.farmer }
    }

    private func statements(_ month: BillingMonth) async throws -> [PartnerStatement] {
        try await parts.database.read { session in
            try session.query(
                "SELECT document FROM partner_statements WHERE month = ?1 ORDER BY partner", [SQLValue(month.number)]
            ) { try PartnerStatement(encoded: $0.blob(0)) }
        }
    }

    private func publish(_ month: BillingMonth) async throws {
        guard let folder = parts.folder else { return }
        for statement in try await statements(month) {
            try DocumentFile.write(
                statement.encoded, to: "\(folder)/partners/\(statement.partner)", name: "\(month).bin")
        }
    }
}
