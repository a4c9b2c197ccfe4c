import Contracts
import Ethereum
import StorageModel
import TestSupport

/// A node's statements, one a day, as a satellite signs them.
struct Payday {
    static let day: UInt64 = 86_400
    /// 2026-11-01T00:00:00Z.
    static let november: UInt64 = 1_793_491_200

    let random = RandomSource.seeded(17)
    let payer: PrivateKey
    let signer: PrivateKey
    let farmer: Address
    let satellite: NodeID
    let node: NodeID
    var statements: [Statement] = []

    init() {
        payer = PrivateKey.generate(random: random)
        signer = PrivateKey.generate(random: random)
        farmer = PrivateKey.generate(random: random).address
        // The last byte is the version, which text does not keep.
        satellite = NodeID(storage: Bytes32(words: [1, 2, 3, 4 << 8]))
        node = NodeID(storage: Bytes32(words: [5, 6, 7, 8 << 8]))
    }

    /// Adds the next day's statement.
    ///
    /// - Parameter outcome: nil settles nothing but traffic.
    mutating func work(
        days: UInt64 = 1, bytes: UInt64 = 2_000_000_000_000, egress: UInt64 = 0,
        outcome: Statement.Outcome? = .passed, held percent: UInt64 = 0, disposed: TokenAmount = .zero,
        channel: Bytes32 = Bytes32(), denomination: PriceSheet.Denomination = .microUSD
    ) {
        let last = statements.last
        let from = last?.until ?? Self.november
        let until = from + days * Self.day
        let quote = denomination == .microUSD ? Quote(microUSD: 250_000, time: until, source: Quote.label("fixed")) : nil
        let pay = Pay(denomination, quote: quote)
        var lines: [Statement.Line] = []
        if outcome == .passed {
            let amount = pay?.earned(.storage, price: 1_500_000, bytes: bytes, seconds: until - from) ?? .zero
            lines.append(
                Statement.Line(kind: .storage, bytes: bytes, seconds: until - from, price: 1_500_000, amount: amount))
        }
        if egress > 0 {
            let amount = pay?.earned(.egress, price: 2_000_000, bytes: egress, seconds: 0) ?? .zero
            lines.append(Statement.Line(kind: .egress, bytes: egress, seconds: 0, price: 2_000_000, amount: amount))
        }
        let sum = lines.reduce(0) { $0 + $1.amount.units }
        let held = sum * percent / 100
        let amount = TokenAmount(sum - held + disposed.units)
        let before = last.map { $0.channel == channel ? $0.cumulative.units : 0 } ?? 0
        statements.append(
            Statement(
                payerNode: satellite, node: node, payer: payer.address, farmer: farmer, channel: channel,
                period: UInt32(truncatingIfNeeded: until), previous: last?.digest ?? Bytes32(), from: from, until: until,
                heartbeat: outcome.map {
                    Statement.Heartbeat(
                        root: Bytes32(words: [9, 9, 9, 9]), chunkCount: bytes / 1024, byteCount: bytes,
                        seed: Bytes32(words: [7, 7, 7, 7]), sampleCount: 80, outcome: $0, evidence: Bytes32())
                }, hours: [], orders: Statement.settledOrders([]), sheet: Bytes32(), denomination: denomination,
                quote: quote, lines: lines, held: TokenAmount(held), disposed: disposed, amount: amount,
                cumulative: TokenAmount(before + amount.units)))
    }

    /// All of them with the satellite's signature.
    var signed: [SignedStatement] {
        statements.map { SignedStatement(statement: $0, signature: signer.sign(SignedStatement.signingDigest($0))) }
    }

    var manifest: Manifest {
        Manifest(
            satelliteChain: [], address: "127.0.0.1:7777", sequence: 1, issuedAt: Self.november,
            validUntil: Self.november + 365 * Self.day, payer: payer.address, signer: signer.address, tokens: [],
            settlement: nil,
            customerPrices: Manifest.CustomerPrices(
                storageTBMonth: 4_000_000, egressTB: 7_000_000, millionSegmentMonth: 8_800_000, minimumMonth: 0),
            nodePrices: NodePrices(), fee: 0, noticeSeconds: 0, periodSeconds: Self.day, timeScale: 1)
    }
}
