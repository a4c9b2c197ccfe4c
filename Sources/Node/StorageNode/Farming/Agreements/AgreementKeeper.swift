package import Chores
import Contracts
import Ethereum
import Heartbeats
import Ledger
import Logging
package import PieceStore
import StorageModel

/// Sees to it that every period of every agreement is paid: by the payer's receipt, or by a proof on the ledger.
///
///     period over ─receipt?─► settled together with others, when it is worth the fee or time runs out
///          └─ none near the deadline ─► arm, seal, prove ─► credit ─► withdraw
///
/// - Source: economy design §3.4, §7.3.
package final class AgreementKeeper: Sendable {
    private let farmer: Farmer
    private let book: AgreementBook
    private let prover: PossessionProver
    private let sleeper: Sleeper

    /// The keeper of a farmer's agreements.
    package init(_ farmer: Farmer, book: AgreementBook, store: PieceStore, sleeper: Sleeper) {
        self.farmer = farmer
        self.book = book
        self.sleeper = sleeper
        prover = PossessionProver(store: store)
    }

    /// The recurring work.
    package func makeCycle() -> Cycle {
        Cycle(
            name: "agreements", interval: farmer.settings.watchInterval, startsImmediately: true, sleeper: sleeper,
            clock: farmer.parts.clock, logger: farmer.parts.logger, work: { [self] in try await work() })
    }

    /// Looks at every agreement once.
    ///
    /// - Throws: `LedgerError` when the ledger cannot be asked; what one agreement lacks keeps no other waiting.
    package func work() async throws {
        let now = try await farmer.backend.time().seconds
        for agreement in try await book.agreements() where !agreement.isOver {
            do {
                try await work(agreement, now: now)
            } catch let error where !(error is CancellationError || error is LedgerError) {
                farmer.parts.logger.error(
                    "an agreement cannot be looked after",
                    metadata: ["agreement": "\(Hexadecimal.encode(agreement.id.bytes))", "payer": "\(agreement.payer)", "error": "\(error)"])
                try await book.note(
                    agreement.id, isOpen: agreement.isOpen, isOver: agreement.isOver, problem: "\(error)")
            }
        }
        try await withdraw()
    }

    private func work(_ agreement: FarmAgreement, now: UInt64) async throws {
        guard var state = try await farmer.backend.agreement(agreement.id) else {
            // The ledger takes it no more once the first period is over.
            let isOver = now >= agreement.terms.end(of: 0) && !agreement.isOpen
            return try await book.note(agreement.id, isOpen: false, isOver: isOver, problem: nil)
        }
        if !state.isFinished {
            try await settle(agreement, state, now: now)
            state = try await farmer.backend.agreement(agreement.id) ?? state
            try await prove(agreement, state, now: now)
            state = try await farmer.backend.agreement(agreement.id) ?? state
            if (0..<agreement.terms.periodCount).allSatisfy(state.isDecided) {
                try await perform(.finish(agreement.terms))
                state.isFinished = true
            }
        }
        try await book.note(agreement.id, isOpen: true, isOver: state.isFinished, problem: nil)
    }

    // MARK: Receipts

    private func settle(_ agreement: FarmAgreement, _ state: AgreementState, now: UInt64) async throws {
        guard let signature = agreement.receiptSignature else { return }
        let due = agreement.receipt.periods.filter { !state.isDecided($0) }
        guard let first = due.first, let value = agreement.terms.price.multiplied(by: UInt64(due.count)) else { return }
        let operation = AgreementOperation.settle(
            agreement.terms, Receipt(agreement: agreement.id, periods: agreement.receipt), signature)
        // After the deadline the payer may soon take the money back, and the last receipt is all there will be.
        let isUrgent =
            now > agreement.terms.proofDeadline(of: first)
            || agreement.receipt.periods.count == Int(agreement.terms.periodCount)
        let isDue = try await isWorth(value, operation, factor: isUrgent ? 1 : farmer.settings.claimFactor)
        if isDue { try await perform(operation) }
    }

    // MARK: Proofs

    private func prove(_ agreement: FarmAgreement, _ state: AgreementState, now: UInt64) async throws {
        let terms = agreement.terms
        let margin = UInt64(clamping: farmer.settings.proofMargin.components.seconds)
        for period in 0..<terms.periodCount where terms.end(of: period) <= now {
            let deadline = terms.proofDeadline(of: period)
            guard !state.isDecided(period), !agreement.receipt.contains(period), now <= deadline, now + margin >= deadline
            else { continue }
            guard let seed = try await beacon(terms.epoch(of: period), now: now) else { continue }
            guard let encoded = try await book.pieces(of: agreement.id) else { continue }
            let proof: PossessionProof
            do {
                proof = try await prover.proof(
                    terms: terms, period: period, beacon: seed, set: try CommittedSet(encoded: encoded),
                    payer: agreement.payer)
            } catch let error as PieceStoreError {
                // This period is lost; the next one's chunk may be there.
                farmer.parts.logger.error(
                    "a period cannot be proven",
                    metadata: ["agreement": "\(Hexadecimal.encode(agreement.id.bytes))", "period": "\(period)", "error": "\(error)"])
                continue
            }
            let operation = AgreementOperation.prove(terms, period: period, proof)
            guard try await isWorth(terms.price, operation) else {
                farmer.parts.logger.warning(
                    "a period is not proven because that costs more than it brings",
                    metadata: ["agreement": "\(Hexadecimal.encode(agreement.id.bytes))", "period": "\(period)", "price": "\(terms.price)"])
                continue
            }
            try await perform(operation)
            farmer.parts.logger.notice(
                "a period was proven on the ledger",
                metadata: ["agreement": "\(Hexadecimal.encode(agreement.id.bytes))", "payer": "\(agreement.payer)", "period": "\(period)"])
        }
    }

    /// The ledger's number for an epoch, drawn by us when nobody else has; nil while it cannot be drawn.
    private func beacon(_ epoch: UInt64, now: UInt64) async throws -> Bytes32? {
        guard now / BeaconState.epochSeconds >= epoch else { return nil }
        do {
            var beacon = try await farmer.backend.beacon(epoch: epoch)
            if let seed = beacon?.seed { return seed }
            let height = try await farmer.backend.time().height
            let isLost = beacon.map { height > $0.target && height - $0.target > LedgerTime.visibleHashes } ?? true
            if isLost {
                try await perform(.arm(epoch: epoch))
                beacon = try await farmer.backend.beacon(epoch: epoch)
            }
            guard let target = beacon?.target, try await farmer.backend.time().height > target else { return nil }
            try await perform(.seal(epoch: epoch))
        } catch let error as SettlementError where Self.races.contains(error) {
            // Somebody else was quicker, or it is a block too early: the next round knows.
        }
        return try await farmer.backend.beacon(epoch: epoch)?.seed
    }

    private static let races: Set<SettlementError> = [
        .beaconArmed, .beaconSealed, .beaconTooEarly, .beaconExpired, .beaconNotArmed, .epochTooEarly,
    ]

    private func withdraw() async throws {
        guard let owner = farmer.keys.owner else { return }
        let credit = try await farmer.backend.credit(of: farmer.keys.wallet)
        guard credit > .zero else { return }
        guard try await isWorth(credit, .withdraw, factor: farmer.settings.claimFactor) else { return }
        _ = try await farmer.backend.perform(.agreement(.withdraw), by: owner, sleeper: sleeper)
    }

    /// Whether something brings so many times what it costs. A factor of zero in the settings takes everything.
    private func isWorth(_ value: TokenAmount, _ operation: AgreementOperation, factor: UInt64 = 1) async throws -> Bool {
        guard farmer.settings.claimFactor > 0, let fee = try await farmer.backend.fee(of: .agreement(operation)) else {
            return true
        }
        return fee.multiplied(by: factor).map { value >= $0 } ?? false
    }

    private func perform(_ operation: AgreementOperation) async throws {
        _ = try await farmer.backend.perform(.agreement(operation), by: farmer.keys.claimer, sleeper: sleeper)
    }
}
