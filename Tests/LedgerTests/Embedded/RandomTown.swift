import Contracts
import Ethereum
import StorageModel
import TestSupport

/// People who do whatever comes to their minds, most of it allowed.
struct RandomTown {
    let operatorKey: PrivateKey
    let people: [PrivateKey]
    private let domains: SettlementDomains
    private var random: RandomSource
    private var channels: [Channel] = []
    private var agreements: [AgreementTerms] = []
    private var trees: [Address: PayoutTree] = [:]
    private var period: UInt64 = 1

    init(operatorKey: PrivateKey, people count: Int, domains: SettlementDomains, seed: UInt64) {
        random = .seeded(seed)
        self.operatorKey = operatorKey
        self.domains = domains
        let source = random
        people = (0..<count).map { _ in .generate(random: source) }
    }

    /// What is done next, and by whom.
    mutating func next(at time: LedgerTime) -> (SettlementOperation, PrivateKey) {
        switch Int.random(in: 0..<20, using: &random) {
        case 0, 1: (.mint(to: person().address, amount(10_000)), Bool.random(using: &random) ? operatorKey : person())
        case 2: (.burn(amount(100)), person())
        case 3, 4: (.transfer(to: person().address, amount(500)), person())
        case 5, 6: open()
        case 7: (.channel(.topUp(channel().id, amount(300))), person())
        case 8, 9, 10: claim()
        case 11: closing()
        case 12: (.payout(.fund(satellite: person().address, amount(1000))), person())
        case 13: anchor()
        case 14, 15: payoutClaim()
        case 16: agree(time)
        case 17, 18: decide(time)
        default: beacon(time)
        }
    }

    // MARK: Money and channels

    private mutating func person() -> PrivateKey { people[Int.random(in: 0..<people.count, using: &random)] }

    private mutating func amount(_ limit: UInt64) -> TokenAmount { TokenAmount(.random(in: 0...limit, using: &random)) }

    private mutating func newChannel(_ payer: PrivateKey) -> Channel {
        Channel(
            payer: payer.address, farmer: person().address, signer: payer.address, challenge: 3600,
            salt: UInt256(UInt64(channels.count / 2)).bytes32)
    }

    private mutating func channel() -> Channel {
        if channels.isEmpty { return newChannel(people[0]) }
        // Mostly the newest.
        let first = max(0, channels.count - 40)
        return channels[Int.random(in: first..<channels.count, using: &random)]
    }

    private mutating func open() -> (SettlementOperation, PrivateKey) {
        let payer = person()
        let opened = (0..<Int.random(in: 1...3, using: &random)).map { _ in newChannel(payer) }
        channels += opened
        return (.channel(opened.count == 1 ? .open(opened[0], amount(400)) : .openMany(opened, amount(400))), payer)
    }

    private mutating func voucher(_ channel: Channel) -> SignedVoucher {
        let signer = people.first { $0.address == channel.signer } ?? people[0]
        let forger = Int.random(in: 0..<20, using: &random) == 0 ? person() : signer
        return Voucher(channel: channel.id, cumulative: amount(800), period: 1, statement: Bytes32())
            .signed(by: forger, in: domains.channels)
    }

    private mutating func claim() -> (SettlementOperation, PrivateKey) {
        if Bool.random(using: &random) {
            let channel = channel()
            return (.channel(.claim(channel, voucher(channel))), person())
        }
        let claims = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let channel = channel()
            return ChannelOperation.Claim(channel: channel, voucher: voucher(channel))
        }
        return (.channel(.claimMany(claims)), person())
    }

    private mutating func closing() -> (SettlementOperation, PrivateKey) {
        let channel = channel()
        let payer = people.first { $0.address == channel.payer } ?? people[0]
        let farmer = people.first { $0.address == channel.farmer } ?? people[0]
        return switch Int.random(in: 0..<3, using: &random) {
        case 0: (.channel(.startClose(channel)), payer)
        case 1: (.channel(.finishClose(channel)), person())
        default: (.channel(.farmerClose(channel)), farmer)
        }
    }

    // MARK: Payouts

    private mutating func anchor() -> (SettlementOperation, PrivateKey) {
        let satellite = person()
        period += 1
        var entries: [Address: TokenAmount] = [:]
        for person in people {
            entries[person.address] = TokenAmount(period * 10 + UInt64.random(in: 0...9, using: &random))
        }
        guard let tree = PayoutTree(entries) else { return (.agreement(.withdraw), satellite) }
        trees[satellite.address] = tree
        let anchor = PayoutAnchor(
            period: period - UInt64.random(in: 0...1, using: &random), payoutRoot: tree.root, reportRoot: Bytes32(),
            total: .zero, farmerCount: UInt64(entries.count))
        return (.payout(.anchor(anchor)), satellite)
    }

    private mutating func payoutClaim() -> (SettlementOperation, PrivateKey) {
        let satellite = person().address
        let tree = trees[satellite]
        let claims = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let farmer = person().address
            let cumulative = tree?.entries.first { $0.farmer == farmer }?.cumulative
            return PayoutClaim(
                satellite: satellite, farmer: farmer, cumulative: cumulative ?? .zero,
                path: tree?.path(of: farmer) ?? [])
        }
        return (.payout(claims.count == 1 ? .claim(claims[0]) : .claimMany(claims)), person())
    }

    // MARK: Agreements

    private mutating func agree(_ time: LedgerTime) -> (SettlementOperation, PrivateKey) {
        let payer = person()
        let farmer = person()
        let terms = AgreementTerms(
            payer: payer.address, farmer: farmer.address, signer: payer.address, root: UInt256(1).bytes32,
            chunkCount: 5,
            start: time.seconds, period: 86400, periodCount: .random(in: 1...4, using: &random),
            price: TokenAmount(.random(in: 1...50, using: &random)), window: 3600, grace: 60,
            collateral: TokenAmount(20), penalty: TokenAmount(7), salt: UInt256(UInt64(agreements.count)).bytes32)
        agreements.append(terms)
        return (.agreement(.open(terms, farmer: farmer.sign(terms.digest(in: domains.agreements)))), payer)
    }

    private mutating func decide(_ time: LedgerTime) -> (SettlementOperation, PrivateKey) {
        guard !agreements.isEmpty else { return agree(time) }
        let terms = agreements[Int.random(in: max(0, agreements.count - 20)..<agreements.count, using: &random)]
        let payer = people.first { $0.address == terms.payer } ?? people[0]
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            let receipt = Receipt(
                agreement: terms.id,
                periods: PeriodSet((0..<terms.periodCount).filter { _ in Bool.random(using: &random) }))
            return (
                .agreement(.settle(terms, receipt, payer.sign(receipt.digest(in: domains.agreements)))), person()
            )
        case 1: return (.agreement(.reclaim(terms)), person())
        case 2: return (.agreement(.finish(terms)), person())
        default: return (.agreement(.withdraw), person())
        }
    }

    private mutating func beacon(_ time: LedgerTime) -> (SettlementOperation, PrivateKey) {
        let today = time.seconds / BeaconState.epochSeconds
        let epoch = today - .random(in: 0...1, using: &random)
        return (.agreement(Bool.random(using: &random) ? .arm(epoch: epoch) : .seal(epoch: epoch)), person())
    }
}
