import Contracts
import Ethereum
import Foundation
import Identity
import StorageModel
import TestSupport

/// What a satellite has published of one node, in a folder as strangers save it.
struct PublishedWorld {
    static let day: UInt64 = 86_400
    /// 2026-11-01T00:00:00Z.
    static let november: UInt64 = 1_793_491_200

    let random = RandomSource.seeded(23)
    let satellite: NodeIdentity
    let payer: PrivateKey
    let signer: PrivateKey
    let farmer: Address
    let node: NodeID
    private(set) var statements: [Statement] = []

    init() {
        satellite = NodeIdentity.generate(random: random)
        payer = PrivateKey.generate(random: random)
        signer = PrivateKey.generate(random: random)
        farmer = PrivateKey.generate(random: random).address
        node = NodeIdentity.generate(random: random).id
        for day in 0..<10 { work(outcome: day == 4 ? .failed : .passed) }
    }

    private mutating func work(outcome: Statement.Outcome) {
        let last = statements.last
        let from = last?.until ?? Self.november
        let until = from + Self.day
        let bytes: UInt64 = 3_000_000_000_000
        let quote = Quote(microUSD: 250_000, time: until, source: Quote.label("fixed"))
        let pay = Pay(.microUSD, quote: quote)
        let kinds: [(ServiceKind, UInt64, UInt64, UInt64)] =
            (outcome == .passed ? [(.storage, bytes, Self.day, 1_500_000)] : []) + [(.egress, 7_000_000_000, 0, 2_000_000)]
        let lines = kinds.map { kind, bytes, seconds, price in
            let amount = pay?.earned(kind, price: price, bytes: bytes, seconds: seconds) ?? .zero
            return Statement.Line(kind: kind, bytes: bytes, seconds: seconds, price: price, amount: amount)
        }
        let amount = lines.reduce(0) { $0 + $1.amount.units }
        statements.append(
            Statement(
                payerNode: satellite.id, node: node, payer: payer.address, farmer: farmer, channel: Bytes32(),
                period: UInt32(statements.count + 1), previous: last?.digest ?? Bytes32(), from: from, until: until,
                heartbeat: Statement.Heartbeat(
                    root: Bytes32(words: [9, 9, 9, 9]), chunkCount: bytes / 1024, byteCount: bytes,
                    seed: Bytes32(words: [7, 7, 7, 7]), sampleCount: 80, outcome: outcome, evidence: Bytes32()),
                hours: [], orders: Statement.settledOrders([]), sheet: Bytes32(), denomination: .microUSD, quote: quote,
                lines: lines, held: .zero, disposed: .zero, amount: TokenAmount(amount),
                cumulative: TokenAmount((last?.cumulative.units ?? 0) + amount)))
    }

    var manifest: Manifest {
        Manifest(
            satelliteChain: satellite.peer.concatenated, address: "127.0.0.1:7777", sequence: 1, issuedAt: Self.november,
            validUntil: Self.november + 365 * Self.day, payer: payer.address, signer: signer.address,
            tokens: [.storj(chainID: 0, contract: .zero)],
            settlement: Manifest.Settlement(chainID: 0, channels: .zero, payouts: .zero, agreements: .zero),
            customerPrices: Manifest.CustomerPrices(
                storageTBMonth: 4_000_000, egressTB: 7_000_000, millionSegmentMonth: 8_800_000, minimumMonth: 0),
            nodePrices: NodePrices(), fee: 20_000, noticeSeconds: 0, periodSeconds: Self.day, timeScale: 1)
    }

    func signed(_ manifest: Manifest) -> SignedManifest {
        SignedManifest(
            manifest: manifest, satelliteSignature: satellite.sign(manifest.digest.bytes),
            signerSignature: signer.sign(manifest.digest))
    }

    func signed(_ statement: Statement) -> SignedStatement {
        SignedStatement(statement: statement, signature: signer.sign(SignedStatement.signingDigest(statement)))
    }

    var payouts: PayoutFile? {
        PayoutFile(
            satellite: payer.address, period: 10, reportRoot: Bytes32(),
            amounts: [farmer: statements.last?.cumulative ?? .zero])
    }

    /// Writes all of it.
    func save(in folder: URL) throws {
        try write(signed(manifest).encoded, "manifest.bin", in: folder)
        for statement in statements {
            try write(signed(statement).encoded, "statements/\(statement.period)/\(node).bin", in: folder)
        }
        if let payouts { try write(payouts.encoded, "payouts/10.bin", in: folder) }
        try write(try monthJSON(), "month.json", in: folder)
    }

    func monthJSON() throws -> [UInt8] {
        guard let month = BillingMonth("2026-11") else { return [] }
        let sum = try MonthStatement(of: statements, in: month, createdAt: 1)
        return Array(try JSONEncoder().encode(MonthDocument(sum)))
    }

    func write(_ bytes: [UInt8], _ name: String, in folder: URL) throws {
        let url = folder.appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}
