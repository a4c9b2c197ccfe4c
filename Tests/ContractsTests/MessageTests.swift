import Contracts
import Ethereum
import Identity
import StorageModel
import TestSupport
import Testing

@Suite struct MessageTests {
    private let random = RandomSource.seeded(11)

    private func word() -> Bytes32 { Bytes32(random.bytes(count: 32)) ?? Bytes32() }

    private func statement() -> Statement {
        Statement(
            payerNode: NodeID(storage: word()), node: NodeID(storage: word()), payer: Address(padded: word()),
            farmer: Address(padded: word()), channel: word(), period: 1_800_000_000, previous: word(), from: 1_800_000_000,
            until: 1_800_086_400,
            heartbeat: Statement.Heartbeat(
                root: word(), chunkCount: 977, byteCount: 1_000_000, seed: word(), sampleCount: 80, outcome: .passed,
                evidence: word()),
            hours: [1_799_996_400, 1_800_000_000], orders: word(), sheet: word(), denomination: .microUSD,
            quote: Quote(microUSD: 251_700, time: 1_800_086_400, source: Quote.label("test"), sequence: 3),
            lines: [
                Statement.Line(kind: .storage, bytes: 1_000_000, seconds: 86_400, price: 1_500_000_000, amount: TokenAmount(19_864)),
                Statement.Line(kind: .egress, bytes: 10_000_000, seconds: 0, price: 2_000_000, amount: TokenAmount(7945)),
            ], held: TokenAmount(809), disposed: TokenAmount(5), amount: TokenAmount(27_005),
            cumulative: TokenAmount(1_027_005))
    }

    /// Every way to spoil one encoding by a byte: none may be read as something else with the same bytes.
    private func checkStrictness<Value: RLPValue & Equatable>(_ value: Value) throws {
        let bytes = value.encoded
        #expect(try Value(encoded: bytes) == value)
        #expect(throws: EthereumError.self) { try Value(encoded: bytes + [0]) }
        #expect(throws: EthereumError.self) { try Value(encoded: bytes.dropLast()) }
        for index in bytes.indices {
            var spoilt = bytes
            spoilt[index] ^= 1 << (random.next() % 8)
            // Bytes that are read are written again the same: there is one encoding for each value.
            if let other = try? Value(encoded: spoilt) { #expect(other.encoded == spoilt && other != value) }
        }
    }

    @Test func `every message has one encoding, and nothing else is read`() throws {
        let key = PrivateKey.generate(random: random)
        let node = NodeIdentity.generate(random: random)
        let channel = Channel(
            payer: key.address, farmer: Address(padded: word()), signer: key.address, challenge: 86_400, salt: word())
        try checkStrictness(channel)
        let domain = SigningDomain(name: "StorjChannels", version: "1", chainID: 5, contract: Address(padded: word()))
        let voucher = Voucher(channel: channel.id, cumulative: TokenAmount(7), period: 3, statement: word())
        try checkStrictness(voucher.signed(by: key, in: domain))
        let binding = WalletBinding(node: node.id, wallet: key.address, signer: key.address, sequence: 4, validUntil: 9)
        try checkStrictness(binding.signed(by: node, signer: key, wallet: nil))
        try checkStrictness(binding.signed(by: node, signer: key, wallet: key))
        let sheet = PriceSheet(
            farmer: key.address, node: node.id, denomination: .storj, storageTBMonth: 1, egressTB: 0, repairTB: 300,
            auditTB: 4, ingressTB: 5, validFrom: 6, validUntil: 7, sequence: 8)
        try checkStrictness(sheet.signed(by: key))
        try checkStrictness(statement())
        try checkStrictness(
            SignedStatement(statement: statement(), signature: key.sign(SignedStatement.signingDigest(statement()))))
        let file = try #require(
            PayoutFile(
                satellite: key.address, period: 9, reportRoot: word(),
                amounts: [key.address: TokenAmount(5), channel.farmer: TokenAmount(6)]))
        try checkStrictness(file)
        #expect(file.isSound && file.anchor.total == TokenAmount(11))
        let empty = try #require(PayoutFile(satellite: key.address, period: 9, reportRoot: word(), amounts: [:]))
        #expect(empty.isSound && empty.tree == nil)
        try checkStrictness(empty)
        try checkStrictness(manifest(node, key))
    }

    private func manifest(_ node: NodeIdentity, _ key: PrivateKey) -> Manifest {
        Manifest(
            satelliteChain: [1, 2, 3], address: "satellite.example:7777", sequence: 1, issuedAt: 2, validUntil: 100,
            payer: key.address, signer: key.address, tokens: [.storj(chainID: 1, contract: Address(padded: word()))],
            settlement: Manifest.Settlement(
                chainID: 1, channels: Address(padded: word()), payouts: Address(padded: word()),
                agreements: Address(padded: word())),
            customerPrices: Manifest.CustomerPrices(
                storageTBMonth: 4_000_000, egressTB: 7_000_000, millionSegmentMonth: 8_800_000, minimumMonth: 0),
            nodePrices: NodePrices(), fee: 20_000, noticeSeconds: 2_592_000, periodSeconds: 86_400, timeScale: 1)
    }

    @Test func `a manifest counts with both signatures, for its satellite, in its time, and says whether STORJ is taken`() throws {
        let node = NodeIdentity.generate(random: random)
        let key = PrivateKey.generate(random: random)
        var manifest = manifest(node, key)
        manifest.satelliteChain = node.peer.concatenated
        func signed(_ manifest: Manifest) -> SignedManifest {
            SignedManifest(
                manifest: manifest, satelliteSignature: node.sign(manifest.digest.bytes),
                signerSignature: key.sign(manifest.digest))
        }
        #expect(try signed(manifest).verify(satellite: node.id, now: 100).id == node.id)
        #expect(throws: MessageRefusal.expired) { try signed(manifest).verify(satellite: node.id, now: 101) }
        #expect(throws: MessageRefusal.otherNode) { try signed(manifest).verify(satellite: NodeID(), now: nil) }
        var changed = signed(manifest)
        changed.manifest.fee += 1
        #expect(throws: MessageRefusal.wrongSignature("satellite")) { try changed.verify(satellite: nil, now: nil) }
        var foreign = signed(manifest)
        foreign.signerSignature = PrivateKey.generate(random: random).sign(manifest.digest)
        #expect(throws: MessageRefusal.wrongSignature("signer")) { try foreign.verify(satellite: nil, now: nil) }
        #expect(manifest.acceptsSTORJ && manifest.settlesInSTORJ)
        manifest.tokens[0].chainID = 2
        #expect(manifest.acceptsSTORJ && !manifest.settlesInSTORJ)
        manifest.tokens[0].symbol = "USDC"
        #expect(!manifest.acceptsSTORJ)
    }

    @Test func `the statement's example adds up, and every change of it is noticed`() throws {
        let good = statement()
        var last = good
        last.period -= 86_400
        last.until = good.from
        last.cumulative = TokenAmount(1_000_000)
        var next = good
        next.previous = last.digest
        #expect(next.objection(after: last) == nil)
        func objection(_ change: (inout Statement) -> Void) -> Statement.Objection? {
            var statement = next
            change(&statement)
            return statement.objection(after: last)
        }
        #expect(objection { $0.from -= 1 } == .time)
        #expect(objection { $0.period = last.period } == .time)
        #expect(objection { $0.previous = Bytes32() } == .previous)
        #expect(objection { $0.until += 1 } == .storage)
        #expect(objection { $0.heartbeat?.outcome = .failed } == .storage)
        #expect(objection { $0.heartbeat = nil } == .storage)
        #expect(objection { $0.lines.removeFirst() } == .storage)
        #expect(objection { $0.lines.reverse() } == .lines)
        #expect(objection { $0.hours.reverse() } == .hours)
        #expect(objection { $0.quote = nil } == .quote)
        #expect(objection { $0.denomination = .storj } == .quote)
        #expect(objection { $0.lines[1].bytes += 1_000_000 } == .amount(.egress, expected: TokenAmount(8740)))
        #expect(objection { $0.amount = TokenAmount(27_006) } == .sum)
        #expect(objection { $0.cumulative = TokenAmount(1_027_004) } == .sum)
        #expect(objection { $0.held = TokenAmount(1 << 40) } == .sum)
    }

    @Test func `pay is exact in whole numbers: 128-bit arithmetic agrees with 256 bits, and overflow is noticed`() throws {
        for _ in 0..<2000 {
            let price = random.next() >> (random.next() % 64)
            let bytes = random.next() >> (random.next() % 64)
            let seconds = random.next() >> (random.next() % 64)
            let micro = max(1, random.next() >> (random.next() % 64))
            let quote = Quote(microUSD: micro, time: 1, source: Bytes32())
            let pay = try #require(Pay(.microUSD, quote: quote))
            let expected = exact([price, bytes, seconds, 100_000_000], [1_000_000_000_000, 2_592_000, micro])
            #expect(pay.earned(.storage, price: price, bytes: bytes, seconds: seconds)?.units == expected)
            let tokens = try #require(Pay(.storj, quote: nil))
            #expect(
                tokens.earned(.egress, price: price, bytes: bytes, seconds: seconds)?.units
                    == exact([price, bytes], [1_000_000_000_000]))
        }
        #expect(Pay(.microUSD, quote: nil) == nil)
        #expect(Pay(.microUSD, quote: Quote(microUSD: 0, time: 1, source: Bytes32())) == nil)
        // A terabyte over a month at a dollar and a half is six STORJ at a quarter of a dollar.
        let quarter = try #require(Pay(.microUSD, quote: Quote(microUSD: 250_000, time: 1, source: Bytes32())))
        #expect(
            quarter.earned(.storage, price: 1_500_000, bytes: 1_000_000_000_000, seconds: 2_592_000) == TokenAmount("6"))
    }

    /// ⌊ product ÷ product ⌋ in 256 bits; nil for more than 64 bits.
    private func exact(_ factors: [UInt64], _ divisors: [UInt64]) -> UInt64? {
        func product(_ numbers: [UInt64]) -> UInt256 {
            numbers.reduce(UInt256(1)) { $0.multipliedReportingOverflow(by: UInt256($1)).value }
        }
        return product(factors).quotientAndRemainder(dividingBy: product(divisors))?.quotient.uint64
    }
}
