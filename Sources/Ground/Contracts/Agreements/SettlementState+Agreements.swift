import Ethereum
import Heartbeats
import StorageModel

extension SettlementState {
    mutating func apply(
        _ operation: AgreementOperation, by sender: Address, at time: LedgerTime
    ) throws(SettlementError) -> [SettlementEvent] {
        switch operation {
        case .open(let terms, let farmer): try open(terms, farmer, by: sender, at: time)
        case .arm(let epoch): try arm(epoch, at: time)
        case .seal(let epoch): try seal(epoch, at: time)
        case .prove(let terms, let period, let proof): try prove(terms, period, proof, at: time)
        case .settle(let terms, let receipt, let signature): try settle(terms, receipt, signature)
        case .reclaim(let terms): try reclaim(terms, at: time)
        case .finish(let terms): try finish(terms)
        case .withdraw: try withdraw(by: sender)
        }
    }

    private mutating func open(
        _ terms: AgreementTerms, _ signature: Signature, by sender: Address, at time: LedgerTime
    ) throws(SettlementError) -> [SettlementEvent] {
        guard terms.isSound, let escrow = terms.price.multiplied(by: terms.periodCount) else { throw .badTerms }
        guard sender == terms.payer else { throw .notAllowed }
        // A period that was over before anybody agreed could not be proven with a beacon nobody knew.
        guard terms.end(of: 0) > time.seconds else { throw .startTooEarly }
        let id = terms.id
        guard agreements[id] == nil else { throw .agreementExists }
        guard takesSignaturesOnTrust
            || (try? signature.signer(of: terms.digest(in: domains.agreements)).address) == terms.farmer
        else { throw .badSignature }
        agreements[id] = AgreementState(escrow: escrow, collateral: terms.collateral)
        var events = [try take(escrow, from: terms.payer, to: domains.agreements.contract)]
        if terms.collateral > .zero {
            events.append(try take(terms.collateral, from: terms.farmer, to: domains.agreements.contract))
        }
        return events + [.agreementOpened(id: id, payer: terms.payer, farmer: terms.farmer)]
    }

    // MARK: Beacon

    private mutating func arm(_ epoch: UInt64, at time: LedgerTime) throws(SettlementError) -> [SettlementEvent] {
        guard epoch <= time.seconds / BeaconState.epochSeconds else { throw .epochTooEarly }
        if let beacon = beacons[epoch] {
            guard beacon.seed == nil else { throw .beaconSealed }
            // A block too old to be seen can be replaced by a new one.
            guard time.height > beacon.target, time.height - beacon.target > LedgerTime.visibleHashes else {
                throw .beaconArmed
            }
        }
        let target = time.height + BeaconState.delay
        beacons[epoch] = BeaconState(target: target)
        return [.beaconArmed(epoch: epoch, target: target)]
    }

    private mutating func seal(_ epoch: UInt64, at time: LedgerTime) throws(SettlementError) -> [SettlementEvent] {
        guard var beacon = beacons[epoch] else { throw .beaconNotArmed }
        guard beacon.seed == nil else { throw .beaconSealed }
        guard time.height > beacon.target else { throw .beaconTooEarly }
        guard time.height - beacon.target <= LedgerTime.visibleHashes, let hash = time.hashes[beacon.target] else {
            throw .beaconExpired
        }
        let seed = BeaconState.seed(epoch: epoch, hash: hash)
        beacon.seed = seed
        beacons[epoch] = beacon
        return [.beaconSealed(epoch: epoch, seed: seed)]
    }

    // MARK: Periods

    private mutating func prove(
        _ terms: AgreementTerms, _ period: UInt64, _ proof: PossessionProof, at time: LedgerTime
    ) throws(SettlementError) -> [SettlementEvent] {
        let id = terms.id
        var state = try running(id)
        guard period < terms.periodCount else { throw .periodUnknown }
        guard !state.isDecided(period) else { throw .periodDecided }
        guard let seed = beacons[terms.epoch(of: period)]?.seed else { throw .beaconMissing }
        guard time.seconds <= terms.proofDeadline(of: period) else { throw .proofTooLate }
        let challenge = Challenge(
            beacon: seed, agreement: id, period: period, total: terms.chunkCount, sampleCount: 1)
        let root = SumNode(hash: terms.root, sum: terms.chunkCount)
        guard let target = challenge.chunk(sample: 0), proof.sample.objection(chunk: target, root: root) == nil else {
            throw .wrongProof
        }
        state.paid.insert(period)
        guard let rest = state.escrow.subtracting(terms.price), let credit = (credits[terms.farmer] ?? .zero).adding(terms.price)
        else { throw .amountTooLarge }
        state.escrow = rest
        agreements[id] = state
        credits[terms.farmer] = credit
        return [
            .proven(
                id: id, farmer: terms.farmer, period: period, target: target,
                pieceID: proof.sample.piece.id.storage)
        ]
    }

    private mutating func settle(
        _ terms: AgreementTerms, _ receipt: Receipt, _ signature: Signature
    ) throws(SettlementError) -> [SettlementEvent] {
        let id = terms.id
        var state = try running(id)
        guard receipt.agreement == id,
            takesSignaturesOnTrust
                || (try? signature.signer(of: receipt.digest(in: domains.agreements)).address) == terms.signer
        else { throw .badSignature }
        let named = receipt.periods.periods
        guard named.allSatisfy({ $0 < terms.periodCount }) else { throw .periodUnknown }
        let new = named.filter { !state.isDecided($0) }
        guard !new.isEmpty else { throw .nothingToSettle }
        for period in new { state.paid.insert(period) }
        guard let amount = terms.price.multiplied(by: UInt64(new.count)), let rest = state.escrow.subtracting(amount) else {
            throw .amountTooLarge
        }
        state.escrow = rest
        agreements[id] = state
        return [
            try give(amount, to: terms.farmer, from: domains.agreements.contract),
            .settled(id: id, periods: PeriodSet(new), amount: amount),
        ]
    }

    private mutating func reclaim(_ terms: AgreementTerms, at time: LedgerTime) throws(SettlementError) -> [SettlementEvent] {
        let id = terms.id
        var state = try running(id)
        let missed = (0..<terms.periodCount).filter { period in
            !state.isDecided(period) && time.seconds > terms.proofDeadline(of: period) + terms.grace
        }
        guard !missed.isEmpty else { throw .nothingToReclaim }
        for period in missed { state.missed.insert(period) }
        guard let refund = terms.price.multiplied(by: UInt64(missed.count)), let rest = state.escrow.subtracting(refund) else {
            throw .amountTooLarge
        }
        // More than there is cannot be lost; a product too large is more than there is.
        let slashed = min(terms.penalty.multiplied(by: UInt64(missed.count)) ?? state.collateral, state.collateral)
        guard let collateral = state.collateral.subtracting(slashed), let sum = refund.adding(slashed) else {
            throw .amountTooLarge
        }
        state.escrow = rest
        state.collateral = collateral
        agreements[id] = state
        return [
            try give(sum, to: terms.payer, from: domains.agreements.contract),
            .missed(id: id, periods: PeriodSet(missed), refund: refund, slashed: slashed),
        ]
    }

    private mutating func finish(_ terms: AgreementTerms) throws(SettlementError) -> [SettlementEvent] {
        let id = terms.id
        var state = try running(id)
        guard (0..<terms.periodCount).allSatisfy(state.isDecided) else { throw .notDecided }
        let rest = state.collateral
        state.collateral = .zero
        state.isFinished = true
        agreements[id] = state
        guard rest > .zero else { return [.finished(id: id)] }
        return [try give(rest, to: terms.farmer, from: domains.agreements.contract), .finished(id: id)]
    }

    private mutating func withdraw(by sender: Address) throws(SettlementError) -> [SettlementEvent] {
        guard let credit = credits[sender], credit > .zero else { throw .nothingToWithdraw }
        credits[sender] = nil
        return [try give(credit, to: sender, from: domains.agreements.contract)]
    }

    private func running(_ id: Bytes32) throws(SettlementError) -> AgreementState {
        guard let state = agreements[id] else { throw .agreementUnknown }
        guard !state.isFinished else { throw .agreementFinished }
        return state
    }
}
