import Blake3
import Contracts
import Ethereum
import Heartbeats
import Ledger
import StorageModel
import TestSupport
import Testing

/// Throws operations, sensible ones and others, of people who have dealt with each other before.
struct OperationDice {
    let people: [KeySigner]
    let minter: KeySigner
    let domains: SettlementDomains
    let land: FarmLand
    private var random: RandomSource
    private(set) var channels: [Channel] = []
    private(set) var agreements: [AgreementTerms] = []
    private var trees: [Address: PayoutTree] = [:]
    private var salt: UInt64 = 0

    init(seed: UInt64, people: [KeySigner], minter: KeySigner, domains: SettlementDomains) throws {
        self.people = people
        self.minter = minter
        self.domains = domains
        land = try FarmLand(seed: seed)
        random = .seeded(seed)
    }

    mutating func number(_ range: Range<UInt64>) -> UInt64 { UInt64.random(in: range, using: &random) }

    private mutating func person() -> KeySigner { people[Int(number(0..<UInt64(people.count)))] }

    /// One time in so many.
    private mutating func rarely(_ count: UInt64 = 8) -> Bool { number(0..<count) == 0 }

    private mutating func amount() -> TokenAmount { rarely(20) ? .zero : TokenAmount(number(1..<3000)) }

    private func person(_ address: Address) -> KeySigner { people.first { $0.address == address } ?? people[0] }

    /// Something somebody tries, with who tries it.
    mutating func roll(_ state: SettlementState, _ time: LedgerTime) async throws -> (SettlementOperation, KeySigner) {
        switch number(0..<20) {
        case 0:
            let receiver = person()
            return (.transfer(to: receiver.address, rarely() ? TokenAmount(.max) : amount()), person())
        case 1:
            let isRight = !rarely(3)
            return (.mint(to: person().address, amount()), isRight ? minter : person())
        case 2: return (.burn(rarely() ? TokenAmount(1 << 40) : amount()), person())
        case 3...10: return try await channelOperation(state)
        case 11...13: return payoutOperation(state)
        default: return try await agreementOperation(state, time)
        }
    }

    // MARK: Channels

    private mutating func makeChannel() -> Channel {
        salt += 1
        let (payer, farmer) = (person(), person())
        let challenges: [UInt64] = [3600, 7200, 86400, 3599, 90 * 86400 + 1]
        return Channel(
            payer: payer.address, farmer: rarely(20) ? .zero : farmer.address, signer: payer.address,
            challenge: challenges[Int(number(0..<(rarely() ? 5 : 3)))], salt: UInt256(salt).bytes32)
    }

    private mutating func someChannel() -> Channel {
        channels.isEmpty || rarely(20) ? makeChannel() : channels[Int(number(0..<UInt64(channels.count)))]
    }

    private mutating func claim(_ state: SettlementState) -> ChannelOperation.Claim {
        let channel = someChannel()
        let claimed = state.channels[channel.id]?.claimed.units ?? 0
        let cumulative = rarely() ? number(0..<claimed + 1) : claimed + number(1..<1500)
        let key = rarely(10) ? person().key : person(channel.signer).key
        let voucher = Voucher(
            channel: channel.id, cumulative: TokenAmount(cumulative), period: UInt32(number(0..<1000)),
            statement: UInt256(number(0..<1000)).bytes32)
        return .init(channel: channel, voucher: voucher.signed(by: key, in: domains.channels))
    }

    private mutating func channelOperation(_ state: SettlementState) async throws -> (SettlementOperation, KeySigner) {
        switch number(0..<12) {
        case 0...2:
            let channel = rarely(10) ? someChannel() : makeChannel()
            channels.append(channel)
            return (.channel(.open(channel, amount())), rarely(10) ? person() : person(channel.payer))
        case 3:
            let payer = person()
            let made = (0..<number(0..<4)).map { _ in
                var channel = makeChannel()
                if !rarely(10) { channel.payer = payer.address }
                channel.signer = channel.payer
                return channel
            }
            channels += made
            return (.channel(.openMany(made, amount())), payer)
        case 4: return (.channel(.topUp(someChannel().id, amount())), person())
        case 5, 6:
            let claim = claim(state)
            return (.channel(.claim(claim.channel, claim.voucher)), person())
        case 7, 8: return (.channel(.claimMany((0..<number(0..<5)).map { _ in claim(state) })), person())
        case 9:
            let channel = someChannel()
            return (.channel(.startClose(channel)), rarely(4) ? person() : person(channel.payer))
        case 10: return (.channel(.finishClose(someChannel())), person())
        default:
            let channel = someChannel()
            return (.channel(.farmerClose(channel)), rarely(4) ? person() : person(channel.farmer))
        }
    }

    // MARK: Payouts

    private mutating func payoutOperation(_ state: SettlementState) -> (SettlementOperation, KeySigner) {
        let satellite = person()
        switch number(0..<6) {
        case 0, 1: return (.payout(.fund(satellite: satellite.address, amount())), person())
        case 2: return (.payout(.anchor(anchor(satellite, state))), satellite)
        case 3, 4: return (.payout(.claim(payoutClaim(satellite))), person())
        default: return (.payout(.claimMany((0..<number(0..<4)).map { _ in payoutClaim(person()) })), person())
        }
    }

    private mutating func anchor(_ satellite: KeySigner, _ state: SettlementState) -> PayoutAnchor {
        let last = state.payouts[satellite.address]?.anchor?.period ?? 0
        var entries: [Address: TokenAmount] = [:]
        for farmer in people {
            let paid = state.paid[PayoutKey(satellite: satellite.address, farmer: farmer.address)]?.units ?? 0
            entries[farmer.address] = TokenAmount(paid + number(0..<800))
        }
        let tree = PayoutTree(entries)
        let period = rarely() ? last : last + number(1..<3)
        if period > last { trees[satellite.address] = tree }
        return PayoutAnchor(
            period: period, payoutRoot: tree?.root ?? Bytes32(), reportRoot: UInt256(number(0..<99)).bytes32,
            total: TokenAmount(number(0..<9999)), farmerCount: UInt64(entries.count))
    }

    private mutating func payoutClaim(_ satellite: KeySigner) -> PayoutClaim {
        let farmer = person()
        let tree = trees[satellite.address]
        let entry = tree?.entries.first { $0.farmer == farmer.address }
        let more: UInt64 = rarely(10) ? 1 : 0
        return PayoutClaim(
            satellite: satellite.address, farmer: farmer.address,
            cumulative: TokenAmount((entry?.cumulative.units ?? 5) + more), path: tree?.path(of: farmer.address) ?? [])
    }

    // MARK: Agreements

    private mutating func makeTerms(_ time: LedgerTime) -> AgreementTerms {
        salt += 1
        let payer = person()
        let collateral = number(0..<300)
        var terms = AgreementTerms(
            payer: payer.address, farmer: person().address, signer: payer.address, root: land.set.root.hash,
            chunkCount: land.set.root.sum, start: time.seconds, period: [3600, 43200, 86400][Int(number(0..<3))],
            periodCount: number(1..<4), price: TokenAmount(number(1..<400)), window: 3600, grace: 7200,
            collateral: TokenAmount(collateral), penalty: TokenAmount(number(0..<collateral + 1)),
            salt: UInt256(salt).bytes32)
        if rarely(15) { terms.start -= 10 * 86400 }
        if rarely(15) { terms.penalty = TokenAmount(collateral + 1) }
        return terms
    }

    private mutating func someTerms(_ time: LedgerTime) -> AgreementTerms {
        agreements.isEmpty || rarely(20) ? makeTerms(time) : agreements[Int(number(0..<UInt64(agreements.count)))]
    }

    private mutating func agreementOperation(
        _ state: SettlementState, _ time: LedgerTime
    ) async throws -> (SettlementOperation, KeySigner) {
        let today = time.seconds / BeaconState.epochSeconds
        switch number(0..<16) {
        case 0...2:
            let terms = rarely(10) ? someTerms(time) : makeTerms(time)
            agreements.append(terms)
            let key = rarely(10) ? person().key : person(terms.farmer).key
            let signature = key.sign(terms.digest(in: domains.agreements))
            return (.agreement(.open(terms, farmer: signature)), rarely(10) ? person() : person(terms.payer))
        case 3, 4: return (.agreement(.arm(epoch: rarely() ? today + 1 : today - (rarely(3) ? 1 : 0))), person())
        case 5, 6, 7: return (.agreement(.seal(epoch: today - (rarely(3) ? 1 : 0))), person())
        case 8...10:
            let terms = someTerms(time)
            let period = number(0..<terms.periodCount + (rarely(10) ? 1 : 0))
            let seed = state.beacons[terms.epoch(of: period)]?.seed ?? Bytes32()
            let target = try land.target(terms, period: period, seed: seed)
            let chunk = rarely() ? (target + 1) % land.set.root.sum : target
            return (.agreement(.prove(terms, period: period, try await land.proof(chunk: chunk))), person())
        case 11, 12:
            let terms = someTerms(time)
            let mask = number(0..<1 << terms.periodCount) | (rarely() ? 1 << terms.periodCount : 0)
            let receipt = Receipt(agreement: terms.id, periods: PeriodSet(mask: UInt256(mask)))
            let key = rarely(10) ? person().key : person(terms.signer).key
            return (.agreement(.settle(terms, receipt, key.sign(receipt.digest(in: domains.agreements)))), person())
        case 13: return (.agreement(.reclaim(someTerms(time))), person())
        case 14: return (.agreement(.finish(someTerms(time))), person())
        default: return (.agreement(.withdraw), person())
        }
    }
}

/// Pieces a farmer holds, and proofs that it does.
struct FarmLand {
    let set: CommittedSet
    private let contents: [PieceID: [UInt8]]

    init(seed: UInt64) throws {
        let random = RandomSource.seeded(seed)
        var contents: [PieceID: [UInt8]] = [:]
        for size in [1, 1024, 5000, 70_000] { contents[PieceID.random(using: random)] = random.bytes(count: size) }
        self.contents = contents
        set = try CommittedSet(
            contents.map { id, bytes in
                try #require(CommittedPiece(id: id, size: Int64(bytes.count), hash: Blake3Hasher.hash(bytes)))
            })
    }

    func target(_ terms: AgreementTerms, period: UInt64, seed: Bytes32) throws -> UInt64 {
        try #require(
            Challenge(beacon: seed, agreement: terms.id, period: period, total: terms.chunkCount, sampleCount: 1)
                .chunk(sample: 0))
    }

    func proof(chunk: UInt64) async throws -> PossessionProof {
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
