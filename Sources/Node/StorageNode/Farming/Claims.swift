package import Chores
import Contracts
import DRPC
import Ethereum
import Ledger
import Logging
package import StorageModel
import WireMessages

/// Watches the ledger, and takes vouchers and payout roots there when it is time.
///
/// A claim is on the disk before it is sent, under a number of its own: after a crash the same one is sent again, and a claim
/// that was paid brings nothing a second time.
package final class Claims: Sendable {
    let farmer: Farmer
    private let random: RandomSource
    private let sender = Sending()

    /// Keeps two rounds from claiming the same at once.
    private actor Sending {
        private var subjects: Set<Bytes32> = []
        func begin(_ subject: Bytes32) -> Bool { subjects.insert(subject).inserted }
        func end(_ subject: Bytes32) { subjects.remove(subject) }

        private var promises: [NodeID: TokenAmount] = [:]
        func promisedByRoots(of payer: NodeID) -> TokenAmount? { promises[payer] }
        func note(_ promised: TokenAmount, byRootsOf payer: NodeID) { promises[payer] = promised }
        func forgetRoots(of payer: NodeID) { promises[payer] = nil }
    }

    /// The claims of a farmer.
    package init(_ farmer: Farmer, random: RandomSource) {
        self.farmer = farmer
        self.random = random
    }

    /// The recurring work.
    package func makeCycle(sleeper: Sleeper) -> Cycle {
        let parts = farmer.parts
        return Cycle(
            name: "vouchers and claims", interval: parts.settings.watchInterval, startsImmediately: true, sleeper: sleeper,
            clock: parts.clock, logger: parts.logger, work: { [self] in try await work() })
    }

    /// Looks at the ledger, notes how claims ended, and claims what is due.
    ///
    /// - Throws: `LedgerError` when the ledger cannot be asked; what is known stays, and standings grow old with it.
    package func work() async throws {
        do {
            try await watch()
            try await farmer.refreshStandings()
        } catch {
            try await farmer.refreshStandings()
            throw error
        }
        for channel in try await farmer.book.channels() { try await claimIfDue(channel) }
        for payer in try await farmer.book.payers() { try await claimRootIfDue(of: payer) }
        try await farmer.refreshStandings()
    }

    private func watch() async throws {
        _ = try await farmer.backend.time()
        try await settleOpenClaims()
        for channel in try await farmer.book.channels() where !channel.state.isClosed {
            try await farmer.look(at: channel.channel.id)
        }
        try await farmer.book.noteView(at: farmer.parts.clock.now())
    }

    /// Notes how claims ended. One that the ledger never saw, because of a crash before it was sent, is over too: what it
    /// would have brought is claimed anew.
    private func settleOpenClaims() async throws {
        for var claim in try await farmer.book.claims(onlyOpen: true) {
            switch try await farmer.backend.status(of: claim.operation) {
            case .queued, .broadcast, .included: continue
            case .final: break
            case .failed(.refused(let error)): claim.problem = "\(error)"
            case .failed(.other(let reason)): claim.problem = reason
            case .dropped: continue
            case .unknown: claim.problem = "it was never sent"
            }
            claim.endedAt = farmer.parts.clock.now()
            try await farmer.book.save(claim)
        }
    }

    // MARK: Vouchers

    /// Claims a channel's newest voucher when the policy says so.
    private func claimIfDue(_ channel: KnownChannel) async throws {
        guard channel.claimable > .zero, let voucher = channel.voucher else { return }
        let operation = SettlementOperation.channel(.claim(channel.channel, voucher))
        let fee = try await farmer.backend.fee(of: operation)
        var isLeaving = farmer.isLeaving(channel.payer)
        if case .draining = farmer.standing(of: channel.payer) { isLeaving = true }
        guard
            let reason = ClaimPolicy.reason(
                claimable: channel.claimable, locked: channel.state.locked, isClosing: channel.state.closesAt != nil,
                isLeaving: isLeaving, fee: fee, settings: farmer.settings)
        else { return }
        _ = try await send(
            operation, .voucher, subject: channel.channel.id, amount: channel.claimable, fee: fee, reason: reason)
    }

    /// Claims everything that vouchers and roots promise, whatever it costs.
    ///
    /// - Parameter payer: of whom; nil for all.
    /// - Returns: the claims that were sent.
    /// - Throws: `FarmingError.nothingToClaim`, `LedgerError`, `SettlementError`.
    package func claimAll(of payer: NodeID? = nil) async throws -> [FarmClaim] {
        try await watch()
        var sent: [FarmClaim] = []
        for channel in try await farmer.book.channels() where payer.map({ $0 == channel.payer }) ?? true {
            guard channel.claimable > .zero, let voucher = channel.voucher else { continue }
            let operation = SettlementOperation.channel(.claim(channel.channel, voucher))
            let claim = try await send(
                operation, .voucher, subject: channel.channel.id, amount: channel.claimable,
                fee: try await farmer.backend.fee(of: operation), reason: .asked)
            if let claim { sent.append(claim) }
        }
        for known in try await farmer.book.payers() where payer.map({ $0 == known.satellite }) ?? true {
            if let claim = try await claimRootIfDue(of: known, reason: .asked) { sent.append(claim) }
        }
        guard !sent.isEmpty else { throw FarmingError.nothingToClaim }
        return sent
    }

    // MARK: Roots

    /// Claims what the newest root says, when it is due: the satellite may have done it meanwhile, which is as good.
    ///
    /// A payer that pays by a channel now may still owe what its roots said before.
    @discardableResult
    private func claimRootIfDue(of payer: Payer, reason asked: ClaimPolicy.Reason? = nil) async throws -> FarmClaim? {
        guard let manifest = payer.manifest, let state = try await farmer.backend.payout(of: manifest.payer),
            let anchor = state.anchor, state.pool > .zero
        else { return nil }
        let paid = try await farmer.backend.paid(to: farmer.keys.wallet, by: manifest.payer)
        guard let due = try await promisedByRoots(of: payer), due > paid,
            let claim = try await rootClaim(of: payer, anchor), let rest = claim.cumulative.subtracting(paid), rest > .zero
        else { return nil }
        let operation = SettlementOperation.payout(.claim(claim))
        let fee = try await farmer.backend.fee(of: operation)
        let amount = min(rest, state.pool)
        let reason =
            asked
            ?? ClaimPolicy.reason(
                claimable: amount, locked: .init(.max), isClosing: false, isLeaving: farmer.isLeaving(payer.satellite),
                fee: fee, settings: farmer.settings)
        guard let reason else { return nil }
        return try await send(
            operation, .root, subject: manifest.payer.word, amount: amount, fee: fee, reason: reason)
    }

    /// What the roots of a payer promise in all; nil for nothing.
    private func promisedByRoots(of payer: Payer) async throws -> TokenAmount? {
        guard let last = try await farmer.book.lastStatement(of: payer.satellite)?.statement else { return nil }
        if last.channel == Bytes32() {
            await sender.forgetRoots(of: payer.satellite)
            return last.cumulative
        }
        // It does not change while statements name a channel, and finding it may read many of them.
        if let known = await sender.promisedByRoots(of: payer.satellite) { return known }
        let promised = try await farmer.book.lastRootStatement(of: payer.satellite)?.statement.cumulative ?? .zero
        await sender.note(promised, byRootsOf: payer.satellite)
        return promised
    }

    /// The farmer's claim by the published amounts; nil when they are not there, or do not fit the ledger.
    private func rootClaim(of payer: Payer, _ anchor: PayoutAnchor) async throws -> PayoutClaim? {
        guard let url = farmer.parts.trust.satellites.first(where: { $0.id == payer.satellite }) else { return nil }
        do {
            let bytes = try await MarketFiles.get(
                "payouts/\(anchor.period).bin", of: url, dialer: farmer.parts.dialer)
            let file = try PayoutFile(encoded: bytes)
            guard file.anchor == anchor, let claim = file.claim(of: farmer.keys.wallet) else { return nil }
            return claim
        } catch {
            try Task.checkCancellation()
            farmer.parts.logger.warning(
                "a payout root's amounts cannot be read",
                metadata: ["satellite": "\(payer.satellite)", "error": "\(error)"])
            return nil
        }
    }

    // MARK: Sending

    /// Sends an operation unless one about the same is under way; nil then.
    @discardableResult
    func send(
        _ operation: SettlementOperation, _ kind: FarmClaim.Kind, subject: Bytes32, amount: TokenAmount,
        fee: TokenAmount?, reason: ClaimPolicy.Reason, by signer: (any SettlementSigner)? = nil
    ) async throws -> FarmClaim? {
        guard await sender.begin(subject) else { return nil }
        do {
            let claim = try await sendAlone(operation, kind, subject, amount, fee, reason, signer ?? farmer.keys.claimer)
            await sender.end(subject)
            return claim
        } catch {
            await sender.end(subject)
            throw error
        }
    }

    private func sendAlone(
        _ operation: SettlementOperation, _ kind: FarmClaim.Kind, _ subject: Bytes32, _ amount: TokenAmount,
        _ fee: TokenAmount?, _ reason: ClaimPolicy.Reason, _ signer: any SettlementSigner
    ) async throws -> FarmClaim? {
        let open = try await farmer.book.claims(onlyOpen: true)
        guard !open.contains(where: { $0.subject == subject && $0.kind == kind }),
            let id = OperationID(random.bytes(count: OperationID.byteCount))
        else { return nil }
        let now = farmer.parts.clock.now()
        var claim = FarmClaim(
            operation: id, subject: subject, kind: kind, amount: amount, fee: fee, begunAt: now)
        try await farmer.book.save(claim)
        farmer.parts.logger.notice(
            "something is claimed on the ledger",
            metadata: ["kind": "\(kind.rawValue)", "amount": "\(amount)", "reason": "\(reason.rawValue)"])
        do {
            _ = try await farmer.backend.submit(operation, by: signer, id: id)
            try await settle(&claim)
        } catch let error as SettlementError {
            claim.problem = "\(error)"
            claim.endedAt = farmer.parts.clock.now()
            try await farmer.book.save(claim)
        }
        return claim
    }

    /// Where finality is at once there is nothing to wait for.
    private func settle(_ claim: inout FarmClaim) async throws {
        guard case .final = try await farmer.backend.status(of: claim.operation) else { return }
        claim.endedAt = farmer.parts.clock.now()
        try await farmer.book.save(claim)
        if claim.kind == .voucher { try await farmer.look(at: claim.subject) }
    }
}
