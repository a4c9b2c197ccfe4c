import Blake3
import Contracts
import Ethereum
import Heartbeats
import StorageModel
import TestSupport
import Testing

/// One of each operation and event, with fields that are all different.
struct EncodingSamples {
    let random: RandomSource
    let operations: [SettlementOperation]
    let events: [SettlementEvent]

    init(seed: UInt64 = 1) {
        let random = RandomSource.seeded(seed)
        func word() -> Bytes32 { Bytes32(random.bytes(count: 32)) ?? Bytes32() }
        func address() -> Address { Address(padded: word()) }
        var source = random
        func amount() -> TokenAmount { TokenAmount(UInt64.random(in: 1...(1 << 56), using: &source)) }
        func signature() -> Signature { PrivateKey.generate(random: random).sign(word()) }
        func channel() -> Channel {
            Channel(payer: address(), farmer: address(), signer: address(), challenge: 86400, salt: word())
        }
        func voucher() -> SignedVoucher {
            SignedVoucher(
                voucher: Voucher(channel: word(), cumulative: amount(), period: .max, statement: word()),
                signature: signature())
        }
        let terms = AgreementTerms(
            payer: address(), farmer: address(), signer: address(), root: word(), chunkCount: 7, start: 1_800_000_000,
            period: 86400, periodCount: 256, price: amount(), window: 3600, grace: 0, collateral: amount(),
            penalty: .zero, salt: word())
        let receipt = Receipt(agreement: terms.id, periods: PeriodSet([0, 5, 255]))
        let anchor = PayoutAnchor(
            period: 3, payoutRoot: word(), reportRoot: word(), total: amount(), farmerCount: 12)
        let claim = PayoutClaim(
            satellite: address(), farmer: address(), cumulative: amount(), path: (0..<5).map { _ in word() })
        let piece = CommittedPiece(id: PieceID(storage: word()), size: 5000, hash: word())
        let sample = piece.map { piece in
            SampleProof(
                piece: piece,
                path: SetPath(steps: [SetPath.Step(sibling: SumNode(hash: word(), sum: 9), isLeft: true)]),
                chunk: ChunkProof(chunk: random.bytes(count: 1024), siblings: [word(), word()]))
        }
        self.random = random
        operations =
            [
                .mint(to: address(), amount()), .burn(amount()), .transfer(to: address(), .zero),
                .channel(.open(channel(), amount())), .channel(.openMany([channel(), channel()], amount())),
                .channel(.openMany([], amount())), .channel(.topUp(word(), amount())),
                .channel(.claim(channel(), voucher())),
                .channel(.claimMany((0..<64).map { _ in .init(channel: channel(), voucher: voucher()) })),
                .channel(.startClose(channel())), .channel(.finishClose(channel())), .channel(.farmerClose(channel())),
                .payout(.fund(satellite: address(), amount())), .payout(.anchor(anchor)), .payout(.claim(claim)),
                .payout(.claimMany([claim, claim])), .agreement(.open(terms, farmer: signature())),
                .agreement(.arm(epoch: 20000)), .agreement(.seal(epoch: .max)),
                .agreement(.settle(terms, receipt, signature())), .agreement(.reclaim(terms)),
                .agreement(.finish(terms)),
                .agreement(.withdraw),
            ] + (sample.map { [.agreement(.prove(terms, period: 255, PossessionProof(sample: $0)))] } ?? [])
        events = [
            .transferred(from: address(), to: address(), amount: amount()),
            .opened(id: word(), channel: channel(), amount: amount()),
            .toppedUp(id: word(), amount: amount(), funded: amount()),
            .claimed(
                id: word(), farmer: address(), cumulative: amount(), paid: amount(), period: 7, statement: word()),
            .closing(id: word(), closesAt: 1_800_000_001), .closed(id: word(), refunded: .zero),
            .funded(satellite: address(), amount: amount(), pool: amount()), .anchored(satellite: address(), anchor),
            .paid(satellite: address(), farmer: address(), cumulative: amount(), amount: amount()),
            .agreementOpened(id: word(), payer: address(), farmer: address()), .beaconArmed(epoch: 1, target: 2),
            .beaconSealed(epoch: 3, seed: word()),
            .proven(id: word(), farmer: address(), period: 4, target: 5, pieceID: word()),
            .settled(id: word(), periods: PeriodSet([255]), amount: amount()),
            .missed(id: word(), periods: PeriodSet([1, 2]), refund: amount(), slashed: .zero), .finished(id: word()),
        ]
    }
}

@Suite struct EncodingTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `every operation and event is read as it was written`(seed: UInt64) throws {
        let samples = EncodingSamples(seed: seed)
        for operation in samples.operations {
            #expect(try SettlementOperation(encoded: operation.encoded) == operation)
        }
        for event in samples.events { #expect(try SettlementEvent(encoded: event.encoded) == event) }
    }

    @Test func `the encoding of an operation never changes`() throws {
        let owner = try Address(String(repeating: "11", count: 20))
        let transfer = SettlementOperation.transfer(to: owner, TokenAmount(1000))
        #expect(Hexadecimal.encode(transfer.encoded) == "d902" + "94" + String(repeating: "11", count: 20) + "8203e8")
        #expect(SettlementOperation.agreement(.withdraw).encoded == [0xC1, 55])
        #expect(SettlementOperation.burn(.zero).encoded == [0xC2, 0x01, 0x80])
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func `altered bytes are refused or are another operation, and nothing traps`(seed: UInt64) throws {
        let samples = EncodingSamples(seed: seed)
        var random = samples.random
        let encodings = samples.operations.map(\.encoded) + samples.events.map(\.encoded)
        for original in encodings {
            for _ in 0..<40 {
                var bytes = original
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                default: bytes += [0]
                }
                // The encoding is the only one: what can be read is written alike.
                if let operation = try? SettlementOperation(encoded: bytes) { #expect(operation.encoded == bytes) }
                if let event = try? SettlementEvent(encoded: bytes) { #expect(event.encoded == bytes) }
                if let signed = try? SignedOperation(encoded: bytes) { #expect(signed.encoded == bytes) }
            }
        }
    }

    @Test func `a signed operation counts on one ledger, for one sender, number and name`() throws {
        let random = RandomSource.seeded(3)
        let key = PrivateKey.generate(random: random)
        let addresses = try ["aa", "bb"].map { try Address(String(repeating: $0, count: 20)) }
        let here = SettlementDomains(
            chainID: 0, channels: addresses[0], agreements: addresses[0], payouts: addresses[0])
        let there = SettlementDomains(
            chainID: 0, channels: addresses[1], agreements: addresses[1], payouts: addresses[1])
        let domain = SignedOperation.domain(of: here)
        let operation = SettlementOperation.transfer(to: addresses[1], TokenAmount(5))
        let digest = SignedOperation.digest(
            sender: key.address, number: 3, id: Bytes32(), operation: operation, in: domain)
        let signed = SignedOperation(
            sender: key.address, number: 3, id: Bytes32(), operation: operation, signature: key.sign(digest))
        #expect(try SignedOperation(encoded: signed.encoded) == signed)
        #expect(signed.signatures(in: here, ledger: domain).map(\.holds) == [true])
        var altered = Array(repeating: signed, count: 4)
        altered[0].number = 4
        altered[1].sender = addresses[0]
        altered[2].id = Bytes32(words: [1, 0, 0, 0])
        altered[3].operation = .transfer(to: addresses[1], TokenAmount(6))
        for operation in altered { #expect(operation.signatures(in: here, ledger: domain).map(\.holds) == [false]) }
        let elsewhere = SignedOperation.domain(of: there)
        #expect(signed.signatures(in: there, ledger: elsewhere).map(\.holds) == [false])
    }

    @Test func `signatures inside an operation are named with those who must have made them`() throws {
        var town = try Town()
        let channel = town.makeChannel()
        _ = try town.channel(.open(channel, TokenAmount(1000)), by: town.payer)
        let domains = town.ledger.domains
        let good = SettlementOperation.channel(.claim(channel, town.voucher(channel, 300)))
        let bad = SettlementOperation.channel(.claim(channel, town.voucher(channel, 300, by: town.other)))
        #expect(good.signatures(in: domains).map(\.holds) == [true])
        #expect(bad.signatures(in: domains).map(\.holds) == [false])
        // On trust the rules do not look at them again.
        town.ledger.takesSignaturesOnTrust = true
        #expect(throws: Never.self) { try town.act(bad, by: town.other) }
    }

    @Test func `a list too long, a number too large and a wrong count of fields are refused`() throws {
        let word = RLP.bytes([UInt8](repeating: 1, count: 32))
        let bad: [RLP] = [
            .bytes([]), .list([]), .list([.list([])]), .list([.number(99 as UInt64)]),
            .list([.number(55 as UInt64), word]),
            .list([.number(1 as UInt64), .bytes([UInt8](repeating: 1, count: 9))]),
            .list([.number(18 as UInt64), .bytes([UInt8](repeating: 1, count: 31)), .number(1 as UInt64)]),
            .list([.number(49 as UInt64)]), .list([.number(UInt256.max)]),
        ]
        for rlp in bad {
            #expect(throws: EthereumError.self) { try SettlementOperation(encoded: rlp.encoded) }
            #expect(throws: EthereumError.self) { try SettlementEvent(encoded: rlp.encoded) }
        }
    }
}
