import Blake3
import Contracts
import Ethereum
import Heartbeats
import StorageModel
import TestSupport
import Testing

@Suite struct AgreementTests {
    @Test func `a period is paid by a proof, another by a receipt, the third is refunded`() async throws {
        var town = try Town()
        let land = try Land()
        let terms = land.terms(town)
        _ = try town.act(.agreement(.open(terms, farmer: land.signature(town, terms))), by: town.payer)
        #expect(town.balance(town.payer) == 1_000_000 - 300)
        #expect(town.balance(town.farmer) == 1_000_000 - 50)

        let seed = try seal(terms.epoch(of: 0), &town)
        let proof = try await land.proof(terms, period: 0, seed: seed)
        _ = try town.act(.agreement(.prove(terms, period: 0, proof)), by: town.other)
        #expect(throws: SettlementError.periodDecided) {
            try town.act(.agreement(.prove(terms, period: 0, proof)), by: town.other)
        }
        _ = try town.act(.agreement(.withdraw), by: town.farmer)
        #expect(town.balance(town.farmer) == 1_000_000 - 50 + 100)
        #expect(throws: SettlementError.nothingToWithdraw) { try town.act(.agreement(.withdraw), by: town.farmer) }

        // The receipt names the proven period too: it is paid once.
        let receipt = Receipt(agreement: terms.id, periods: PeriodSet([0, 1]))
        let signed = town.payer.sign(receipt.digest(in: town.ledger.domains.agreements))
        let events = try town.act(.agreement(.settle(terms, receipt, signed)), by: town.farmer)
        #expect(events.last == .settled(id: terms.id, periods: PeriodSet([1]), amount: TokenAmount(100)))
        #expect(throws: SettlementError.nothingToSettle) {
            try town.act(.agreement(.settle(terms, receipt, signed)), by: town.farmer)
        }

        #expect(throws: SettlementError.notDecided) { try town.act(.agreement(.finish(terms)), by: town.other) }
        town.time.seconds = terms.proofDeadline(of: 2) + terms.grace
        #expect(throws: SettlementError.nothingToReclaim) { try town.act(.agreement(.reclaim(terms)), by: town.payer) }
        town.wait(seconds: 1)
        let missed = try town.act(.agreement(.reclaim(terms)), by: town.other)
        #expect(
            missed.last
                == .missed(id: terms.id, periods: PeriodSet([2]), refund: TokenAmount(100), slashed: TokenAmount(20)))
        _ = try town.act(.agreement(.finish(terms)), by: town.other)
        #expect(town.balance(town.payer) == 1_000_000 - 300 + 120)
        #expect(town.balance(town.farmer) == 1_000_000 + 200 - 20)
        #expect(throws: SettlementError.agreementFinished) { try town.act(.agreement(.finish(terms)), by: town.other) }
        town.checkBooks()
    }

    @Test func `proofs are taken to the last second, with the beacon only, and only the right ones`() async throws {
        var town = try Town()
        let land = try Land()
        let terms = land.terms(town)
        _ = try town.act(.agreement(.open(terms, farmer: land.signature(town, terms))), by: town.payer)
        let guess = try await land.proof(terms, period: 0, seed: Bytes32())
        #expect(throws: SettlementError.beaconMissing) {
            try town.act(.agreement(.prove(terms, period: 0, guess)), by: town.farmer)
        }
        let seed = try seal(terms.epoch(of: 0), &town)
        let proof = try await land.proof(terms, period: 0, seed: seed)
        #expect(throws: SettlementError.periodUnknown) {
            try town.act(.agreement(.prove(terms, period: 3, proof)), by: town.farmer)
        }
        var other = terms
        other.salt = UInt256(9).bytes32
        #expect(throws: SettlementError.agreementUnknown) {
            try town.act(.agreement(.prove(other, period: 0, proof)), by: town.farmer)
        }
        let elsewhere = try await land.proof(terms, chunk: (try land.target(terms, period: 0, seed: seed) + 1) % land.set.root.sum)
        #expect(throws: SettlementError.wrongProof) {
            try town.act(.agreement(.prove(terms, period: 0, elsewhere)), by: town.farmer)
        }
        town.time.seconds = terms.proofDeadline(of: 0) + 1
        #expect(throws: SettlementError.proofTooLate) {
            try town.act(.agreement(.prove(terms, period: 0, proof)), by: town.farmer)
        }
        town.time.seconds -= 1
        _ = try town.act(.agreement(.prove(terms, period: 0, proof)), by: town.farmer)
        town.checkBooks()
    }

    @Test func `a beacon is armed in its epoch, drawn from the fixed block, and armed again when nobody drew it`() throws {
        var town = try Town()
        let epoch = town.time.seconds / 86400
        #expect(throws: SettlementError.epochTooEarly) { try town.act(.agreement(.arm(epoch: epoch + 1)), by: town.other) }
        #expect(throws: SettlementError.beaconNotArmed) { try town.act(.agreement(.seal(epoch: epoch)), by: town.other) }
        #expect(
            try town.act(.agreement(.arm(epoch: epoch)), by: town.other) == [.beaconArmed(epoch: epoch, target: 1005)])
        #expect(throws: SettlementError.beaconArmed) { try town.act(.agreement(.arm(epoch: epoch)), by: town.other) }
        town.wait(seconds: 60, blocks: 5)
        #expect(throws: SettlementError.beaconTooEarly) { try town.act(.agreement(.seal(epoch: epoch)), by: town.other) }
        town.wait(seconds: 60, blocks: 257)
        #expect(throws: SettlementError.beaconExpired) { try town.act(.agreement(.seal(epoch: epoch)), by: town.other) }
        _ = try town.act(.agreement(.arm(epoch: epoch)), by: town.other)
        town.wait(seconds: 60, blocks: 6)
        _ = try town.act(.agreement(.seal(epoch: epoch)), by: town.other)
        for operation: AgreementOperation in [.seal(epoch: epoch), .arm(epoch: epoch)] {
            #expect(throws: SettlementError.beaconSealed) { try town.act(.agreement(operation), by: town.other) }
        }
    }

    @Test func `terms that make no sense, or that the farmer did not sign, are refused`() throws {
        var town = try Town()
        let land = try Land()
        let good = land.terms(town)
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
        change(.badTerms) { $0.price = TokenAmount(.max) }
        change(.badTerms) { $0.chunkCount = 0 }
        change(.badTerms) { $0.penalty = TokenAmount(51) }
        change(.badTerms) { $0.window = .max }
        change(.badTerms) { $0.start = .max }
        change(.startTooEarly) { $0.start -= 10 * 86400 }
        change(.notAllowed) { $0.payer = town.other.address }
        change(.balanceTooLow) { $0.price = TokenAmount(1_000_000) }
        let before = town.ledger
        for (terms, error) in changes {
            #expect(throws: error) {
                try town.act(.agreement(.open(terms, farmer: land.signature(town, terms))), by: town.payer)
            }
        }
        let forged = town.other.sign(good.digest(in: town.ledger.domains.agreements))
        #expect(throws: SettlementError.badSignature) {
            try town.act(.agreement(.open(good, farmer: forged)), by: town.payer)
        }
        #expect(town.ledger == before)
    }

    private func seal(_ epoch: UInt64, _ town: inout Town) throws -> Bytes32 {
        town.time.seconds = epoch * 86400
        _ = try town.act(.agreement(.arm(epoch: epoch)), by: town.other)
        town.wait(seconds: 60, blocks: 6)
        guard case .beaconSealed(_, let seed)? = try town.act(.agreement(.seal(epoch: epoch)), by: town.other).first else {
            throw SettlementError.beaconMissing
        }
        return seed
    }
}

/// Pieces a farmer holds.
struct Land {
    let set: CommittedSet
    private let contents: [PieceID: [UInt8]]

    init() throws {
        let random = RandomSource.seeded(77)
        var contents: [PieceID: [UInt8]] = [:]
        for size in [1, 1024, 5000, 70_000] { contents[PieceID.random(using: random)] = random.bytes(count: size) }
        self.contents = contents
        set = try CommittedSet(
            contents.map { id, bytes in
                try #require(CommittedPiece(id: id, size: Int64(bytes.count), hash: Blake3Hasher.hash(bytes)))
            })
    }

    func terms(_ town: Town) -> AgreementTerms {
        AgreementTerms(
            payer: town.payer.address, farmer: town.farmer.address, signer: town.payer.address, root: set.root.hash,
            chunkCount: set.root.sum, start: town.time.seconds, period: 86400, periodCount: 3, price: TokenAmount(100),
            window: 3600, grace: 7200, collateral: TokenAmount(50), penalty: TokenAmount(20), salt: Bytes32())
    }

    func signature(_ town: Town, _ terms: AgreementTerms) -> Signature {
        town.farmer.sign(terms.digest(in: town.ledger.domains.agreements))
    }

    func target(_ terms: AgreementTerms, period: UInt64, seed: Bytes32) throws -> UInt64 {
        try #require(
            Challenge(beacon: seed, agreement: terms.id, period: period, total: terms.chunkCount, sampleCount: 1)
                .chunk(sample: 0))
    }

    func proof(_ terms: AgreementTerms, period: UInt64, seed: Bytes32) async throws -> PossessionProof {
        try await proof(terms, chunk: try target(terms, period: period, seed: seed))
    }

    func proof(_ terms: AgreementTerms, chunk: UInt64) async throws -> PossessionProof {
        let place = try #require(set.locate(chunk: chunk))
        let piece = set.pieces[place.piece]
        let bytes = try #require(contents[piece.id])
        let group = try #require(Blake3Tree.groupRange(chunk: place.chunk, size: piece.size))
        var hasher = Blake3Hasher(collectingGroups: true)
        hasher.update(bytes)
        let chunk = try ChunkProof.make(
            chunk: place.chunk, size: piece.size, group: Array(bytes[Int(group.lowerBound)..<Int(group.upperBound)]),
            groupValues: piece.size <= Blake3Tree.groupSize ? [] : hasher.groupValues())
        return PossessionProof(sample: SampleProof(piece: piece, path: set.path(piece: place.piece), chunk: chunk))
    }
}
