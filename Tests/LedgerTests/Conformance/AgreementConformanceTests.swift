import Contracts
import Ethereum
import Heartbeats
import Ledger
import StorageModel
import TestSupport
import Testing

@Suite struct AgreementConformanceTests {
    /// Draws the beacon of an epoch, in it.
    private func seal(_ epoch: UInt64, _ stage: SettlementStage) async throws -> Bytes32 {
        try await stage.wait(until: epoch * BeaconState.epochSeconds)
        let armed = try await stage.agreement(.arm(epoch: epoch), by: stage.other)
        guard case .beaconArmed(epoch, let target)? = armed.first else { throw SettlementError.beaconNotArmed }
        let height = try await stage.backend.time().height
        try await stage.mine(target + 1 - height)
        let sealed = try await stage.agreement(.seal(epoch: epoch), by: stage.other)
        guard case .beaconSealed(epoch, let seed)? = sealed.first else { throw SettlementError.beaconMissing }
        #expect(try await stage.backend.beacon(epoch: epoch) == BeaconState(target: target, seed: seed))
        return seed
    }

    @Test(arguments: StageKind.allCases)
    func `a period is paid by a proof, another by a receipt, the third is refunded`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let estate = try Estate()
            let terms = try await estate.terms(stage)
            let payer = stage.payer.address
            let farmer = stage.farmer.address
            #expect(
                try await stage.agreement(.open(terms, farmer: estate.signature(stage, terms)), by: stage.payer) == [
                    stage.transfer(payer, stage.agreementsAddress, 300),
                    stage.transfer(farmer, stage.agreementsAddress, 50),
                    .agreementOpened(id: terms.id, payer: payer, farmer: farmer),
                ])
            #expect(
                try await stage.backend.agreement(terms.id)
                    == AgreementState(escrow: TokenAmount(300), collateral: TokenAmount(50)))

            let seed = try await seal(terms.epoch(of: 0), stage)
            let target = try estate.target(terms, period: 0, seed: seed)
            let proof = try estate.proof(terms, chunk: target)
            #expect(
                try await stage.agreement(.prove(terms, period: 0, proof), by: stage.other) == [
                    .proven(
                        id: terms.id, farmer: farmer, period: 0, target: target,
                        pieceID: proof.sample.piece.id.storage)
                ])
            #expect(try await stage.backend.credit(of: farmer) == TokenAmount(100))
            await #expect(throws: SettlementError.periodDecided) {
                try await stage.agreement(.prove(terms, period: 0, proof), by: stage.other)
            }
            #expect(
                try await stage.agreement(.withdraw, by: stage.farmer)
                    == [stage.transfer(stage.agreementsAddress, farmer, 100)])
            await #expect(throws: SettlementError.nothingToWithdraw) {
                try await stage.agreement(.withdraw, by: stage.farmer)
            }

            // The receipt names the proven period too: it is paid once.
            let receipt = Receipt(agreement: terms.id, periods: PeriodSet([0, 1]))
            let signed = stage.payer.key.sign(receipt.digest(in: stage.domains.agreements))
            #expect(
                try await stage.agreement(.settle(terms, receipt, signed), by: stage.farmer) == [
                    stage.transfer(stage.agreementsAddress, farmer, 100),
                    .settled(id: terms.id, periods: PeriodSet([1]), amount: TokenAmount(100)),
                ])
            await #expect(throws: SettlementError.nothingToSettle) {
                try await stage.agreement(.settle(terms, receipt, signed), by: stage.farmer)
            }
            await #expect(throws: SettlementError.notDecided) {
                try await stage.agreement(.finish(terms), by: stage.other)
            }

            try await stage.wait(until: terms.proofDeadline(of: 2) + terms.grace)
            await #expect(throws: SettlementError.nothingToReclaim) {
                try await stage.agreement(.reclaim(terms), by: stage.payer)
            }
            try await stage.wait(seconds: 1)
            #expect(
                try await stage.agreement(.reclaim(terms), by: stage.other) == [
                    stage.transfer(stage.agreementsAddress, payer, 120),
                    .missed(id: terms.id, periods: PeriodSet([2]), refund: TokenAmount(100), slashed: TokenAmount(20)),
                ])
            #expect(
                try await stage.agreement(.finish(terms), by: stage.other) == [
                    stage.transfer(stage.agreementsAddress, farmer, 30), .finished(id: terms.id),
                ])
            await #expect(throws: SettlementError.agreementFinished) {
                try await stage.agreement(.finish(terms), by: stage.other)
            }
            #expect(try await stage.units(stage.payer) == SettlementStage.startUnits - 180)
            #expect(try await stage.units(stage.farmer) == SettlementStage.startUnits + 180)
        }
    }

    @Test(arguments: StageKind.allCases)
    func `proofs are taken to the last second, with the beacon only, and only the right ones`(kind: StageKind)
        async throws
    {
        try await kind.withStage { stage in
            let estate = try Estate()
            let terms = try await estate.terms(stage)
            try await stage.agreement(.open(terms, farmer: estate.signature(stage, terms)), by: stage.payer)
            let guess = try estate.proof(terms, chunk: 0)
            await #expect(throws: SettlementError.beaconMissing) {
                try await stage.agreement(.prove(terms, period: 0, guess), by: stage.farmer)
            }
            let seed = try await seal(terms.epoch(of: 0), stage)
            let target = try estate.target(terms, period: 0, seed: seed)
            let good = try estate.proof(terms, chunk: target)
            let elsewhere = try estate.proof(terms, chunk: (target + 1) % estate.set.root.sum)
            await #expect(throws: SettlementError.wrongProof) {
                try await stage.agreement(.prove(terms, period: 0, elsewhere), by: stage.farmer)
            }
            await #expect(throws: SettlementError.periodUnknown) {
                try await stage.agreement(.prove(terms, period: 3, good), by: stage.farmer)
            }
            var other = terms
            other.salt = UInt256(9).bytes32
            await #expect(throws: SettlementError.agreementUnknown) {
                try await stage.agreement(.prove(other, period: 0, good), by: stage.farmer)
            }
            try await stage.wait(until: terms.proofDeadline(of: 0))
            try await stage.agreement(.prove(terms, period: 0, good), by: stage.farmer)
            let late = try await estate.terms(stage, salt: 1)
            try await stage.agreement(.open(late, farmer: estate.signature(stage, late)), by: stage.payer)
            let lateSeed = try await seal(late.epoch(of: 0), stage)
            let lateProof = try estate.proof(late, chunk: estate.target(late, period: 0, seed: lateSeed))
            try await stage.wait(until: late.proofDeadline(of: 0) + 1)
            await #expect(throws: SettlementError.proofTooLate) {
                try await stage.agreement(.prove(late, period: 0, lateProof), by: stage.farmer)
            }
        }
    }

    @Test(arguments: StageKind.allCases)
    func `a beacon is armed in its epoch, drawn from the fixed block, and armed again when nobody drew it`(
        kind: StageKind
    ) async throws {
        try await kind.withStage { stage in
            let epoch = try await stage.backend.time().seconds / BeaconState.epochSeconds
            #expect(try await stage.backend.beacon(epoch: epoch) == nil)
            await #expect(throws: SettlementError.epochTooEarly) {
                try await stage.agreement(.arm(epoch: epoch + 1), by: stage.other)
            }
            await #expect(throws: SettlementError.beaconNotArmed) {
                try await stage.agreement(.seal(epoch: epoch), by: stage.other)
            }
            try await stage.agreement(.arm(epoch: epoch), by: stage.other)
            await #expect(throws: SettlementError.beaconArmed) {
                try await stage.agreement(.arm(epoch: epoch), by: stage.other)
            }
            await #expect(throws: SettlementError.beaconTooEarly) {
                try await stage.agreement(.seal(epoch: epoch), by: stage.other)
            }
            try await stage.mine(5 + 257)
            await #expect(throws: SettlementError.beaconExpired) {
                try await stage.agreement(.seal(epoch: epoch), by: stage.other)
            }
            _ = try await seal(epoch, stage)
            for operation: AgreementOperation in [.seal(epoch: epoch), .arm(epoch: epoch)] {
                await #expect(throws: SettlementError.beaconSealed) {
                    try await stage.agreement(operation, by: stage.other)
                }
            }
        }
    }

    @Test(arguments: StageKind.allCases)
    func `terms that make no sense, or that somebody did not sign, are refused`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let estate = try Estate()
            let good = try await estate.terms(stage)
            var changes: [(AgreementTerms, SettlementError)] = []
            func change(_ error: SettlementError, _ body: (inout AgreementTerms) -> Void) {
                var terms = good
                body(&terms)
                changes.append((terms, error))
            }
            change(.badTerms) { $0.periodCount = 0 }
            change(.badTerms) { $0.periodCount = 257 }
            change(.badTerms) { $0.period = 0 }
            change(.badTerms) { $0.price = .zero }
            change(.badTerms) { $0.chunkCount = 0 }
            change(.badTerms) { $0.penalty = TokenAmount(51) }
            change(.startTooEarly) { $0.start -= 10 * 86400 }
            change(.notAllowed) { $0.payer = stage.other.address }
            change(.balanceTooLow) { $0.price = TokenAmount(SettlementStage.startUnits) }
            for (terms, error) in changes {
                await #expect(throws: error) {
                    try await stage.agreement(.open(terms, farmer: estate.signature(stage, terms)), by: stage.payer)
                }
            }
            let forged = stage.other.key.sign(good.digest(in: stage.domains.agreements))
            await #expect(throws: SettlementError.badSignature) {
                try await stage.agreement(.open(good, farmer: forged), by: stage.payer)
            }
            try await stage.agreement(.open(good, farmer: estate.signature(stage, good)), by: stage.payer)
            await #expect(throws: SettlementError.agreementExists) {
                try await stage.agreement(.open(good, farmer: estate.signature(stage, good)), by: stage.payer)
            }
            let receipt = Receipt(agreement: good.id, periods: PeriodSet([0]))
            let stranger = stage.other.key.sign(receipt.digest(in: stage.domains.agreements))
            await #expect(throws: SettlementError.badSignature) {
                try await stage.agreement(.settle(good, receipt, stranger), by: stage.farmer)
            }
            let beyond = Receipt(agreement: good.id, periods: PeriodSet([3]))
            let signed = stage.payer.key.sign(beyond.digest(in: stage.domains.agreements))
            await #expect(throws: SettlementError.periodUnknown) {
                try await stage.agreement(.settle(good, beyond, signed), by: stage.farmer)
            }
            var unknown = good
            unknown.salt = UInt256(3).bytes32
            for operation: AgreementOperation in [.reclaim(unknown), .finish(unknown)] {
                await #expect(throws: SettlementError.agreementUnknown) {
                    try await stage.agreement(operation, by: stage.farmer)
                }
            }
            #expect(try await stage.units(stage.payer) == SettlementStage.startUnits - 300)
        }
    }
}
