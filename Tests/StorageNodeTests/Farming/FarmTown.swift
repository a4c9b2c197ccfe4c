import Chores
import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Heartbeats
import Identity
import Ledger
import Logging
import StorageModel
import StorageNode
import Synchronization
import TestSupport
import WireMessages

/// A farmer, a satellite that pays, and a ledger, over a network in memory. The farmer can be killed and started again.
final class FarmTown: Sendable {
    let clock = TestClock()
    let random: RandomSource
    let network = InProcessNetwork()
    let node: NodeIdentity
    let satellite: NodeIdentity
    let stranger: NodeIdentity
    let stub = PayerStub()
    let ledger: TestLedger
    let quotes = TestQuotes()
    /// The satellite's wallet and its signing key.
    let payer: PrivateKey
    let signer: PrivateKey
    let keys: FarmerKeys
    let settings: FarmingSettings
    private let folder: String
    private let running: Mutex<Running?>
    private let isLeaving = Mutex(false)

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let hour: UInt64 = 3600

    /// What dies with the process.
    struct Running: Sendable {
        let farmer: Farmer
        let registrations: Registrations
        let claims: Claims
        let database: Database
    }

    /// Runs a test with a farmer that is registered and paid by a channel of 10 STORJ.
    static func run(
        seed: UInt64 = 3, registers: Bool = true, _ change: (inout FarmingSettings) -> Void = { _ in },
        _ body: (FarmTown) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            var settings = FarmingSettings()
            change(&settings)
            let town = try FarmTown(seed: seed, folder: folder.path, settings: settings)
            try await town.start()
            if registers {
                try await town.openChannel(deposit: TokenAmount(10 * TokenAmount.unitsPerToken))
                try await town.register()
            }
            try await body(town)
            try town.farm.database.close()
        }
    }

    private init(seed: UInt64, folder: String, settings: FarmingSettings) throws {
        self.folder = folder
        self.settings = settings
        random = .seeded(seed)
        node = .generate(random: random)
        satellite = .generate(random: random)
        stranger = .generate(random: random)
        payer = .generate(random: random)
        signer = .generate(random: random)
        keys = FarmerKeys(walletKey: .generate(random: random), hotKey: .generate(random: random))
        ledger = TestLedger(clock: clock)
        running = Mutex(nil)
        network.register(stub.router(), identity: satellite.peer, address: "satellite:7777")
        stub.change { $0.manifest = self.manifest() }
        try ledger.perform(.mint(to: payer.address, TokenAmount(1000 * TokenAmount.unitsPerToken)), by: TestLedger.keeper)
    }

    /// The farmer that runs.
    var farm: Running {
        guard let farm = running.withLock({ $0 }) else { preconditionFailure("start the farmer first") }
        return farm
    }

    var book: FarmBook { farm.farmer.book }
    var seconds: UInt64 { UInt64(clamping: clock.now.seconds) }

    /// Starts the farmer, or starts it again from what is on the disk.
    func start() async throws {
        if let old = running.withLock({ $0 }) { try old.database.close() }
        let database = try Database.open(.file(path: folder + "/farming.db"))
        let dialer = network.dialer(as: node.peer)
        let trust = TrustList(
            satellites: [NodeURL(id: satellite.id, address: "satellite:7777")], dialer: dialer, logger: Self.silent)
        let farmer = try await Farmer.open(
            .init(
                identity: node, farming: FarmingParts(keys: keys, backend: ledger, quotes: quotes, database: database),
                settings: settings, trust: trust, dialer: dialer, clock: clock.wallClock, logger: Self.silent,
                leaving: { [self] in isLeaving.withLock { $0 } ? [satellite.id] : [] }))
        let registrations = Registrations(farmer)
        var router = RPCRouter()
        FarmerEndpoint(farmer, registrations: registrations).register(in: &router)
        network.register(router, identity: node.peer, address: "node:28967")
        running.withLock {
            $0 = Running(
                farmer: farmer, registrations: registrations, claims: Claims(farmer, random: random), database: database)
        }
    }

    /// The disk with the farmer's book is lost.
    func loseBook() async throws {
        try running.withLock { farm in
            try farm?.database.close()
            farm = nil
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("farming.db") {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
        try await start()
    }

    func leave() { isLeaving.withLock { $0 = true } }

    func register() async throws {
        try await farm.registrations.register(NodeURL(id: satellite.id, address: "satellite:7777"))
    }

    var standing: PayerStanding { farm.farmer.standing(of: satellite.id) }

    // MARK: What the satellite makes

    func manifest(_ change: (inout Manifest) -> Void = { _ in }, by identity: NodeIdentity? = nil) -> SignedManifest {
        let domains = ledger.description.domains
        var manifest = Manifest(
            satelliteChain: satellite.chain.concatenated, address: "satellite:7777", sequence: 1, issuedAt: seconds,
            validUntil: seconds + 100 * 86400, payer: payer.address, signer: signer.address,
            tokens: [.storj(chainID: ledger.description.chainID, contract: .zero)],
            settlement: .init(
                chainID: ledger.description.chainID, channels: domains.channels.contract,
                payouts: domains.payoutsContract, agreements: domains.agreements.contract),
            customerPrices: .init(storageTBMonth: 4_000_000, egressTB: 7_000_000, millionSegmentMonth: 8_800_000, minimumMonth: 0),
            nodePrices: NodePrices(), fee: 10_000, noticeSeconds: 30 * 86400, periodSeconds: 86400, timeScale: 1)
        change(&manifest)
        return SignedManifest(
            manifest: manifest, satelliteSignature: (identity ?? satellite).sign(manifest.digest.bytes),
            signerSignature: signer.sign(manifest.digest))
    }

    @discardableResult
    func openChannel(deposit: TokenAmount, salt: UInt64 = 1) async throws -> Channel {
        let channel = Channel(
            payer: payer.address, farmer: keys.wallet, signer: signer.address, challenge: 7 * 86400,
            salt: Bytes32(words: [0, 0, 0, salt]))
        try ledger.perform(.channel(.open(channel, deposit)), by: payer.address)
        stub.change { $0.channel = channel }
        return channel
    }

    /// A period of a day that the node signed for and answered, and that is over now.
    func livePeriod(_ number: UInt64, bytes: UInt64 = 100_000_000_000, answers: Bool = true) async throws {
        let start = clock.now
        clock.advance(by: .seconds(86400))
        let period = HeartbeatPeriod(
            satellite: satellite.id, number: number, start: start, end: clock.now, asOf: start, secretHash: Bytes32())
        try await book.note(
            HeartbeatCommitment(
                period: period, node: node.id, agreement: Bytes32(), sampleCount: 80, holding: holding(bytes)))
        if answers { try await book.noteAnswer(satellite: satellite.id, period: number, at: start.advanced(by: .seconds(60))) }
    }

    func holding(_ bytes: UInt64) -> HeartbeatHolding {
        HeartbeatHolding(
            root: SumNode(hash: Bytes32(words: [4, 4, 4, bytes]), sum: bytes / 1024), pieceCount: 10, byteCount: bytes)
    }

    /// What a right satellite states of the period that was just lived; `change` makes it a wrong one before the sums.
    func statement(
        _ period: UInt32, bytes: UInt64 = 100_000_000_000, orders: [SettledOrders] = [], last: Statement? = nil,
        outcome: Statement.Outcome = .passed, _ change: (inout Statement) -> Void = { _ in }
    ) -> Statement {
        let sheet = stub.now.registrations.last?.sheet
        let set = holding(bytes)
        let until = seconds
        var statement = Statement(
            payerNode: satellite.id, node: node.id, payer: payer.address, farmer: keys.wallet,
            channel: stub.now.channel?.id ?? Bytes32(), period: period, previous: last?.digest ?? Bytes32(),
            from: last?.until ?? until - 86400, until: until,
            heartbeat: .init(
                root: set.root.hash, chunkCount: set.root.sum, byteCount: set.byteCount, seed: Bytes32(words: [1, 1, 1, 1]),
                sampleCount: 80, outcome: outcome, evidence: Bytes32(words: [2, 2, 2, 2])),
            hours: Set(orders.map(\.hour)).sorted(), orders: Statement.settledOrders(orders),
            sheet: sheet?.digest ?? Bytes32(), denomination: sheet?.sheet.denomination ?? .microUSD,
            quote: Quote(microUSD: 250_000, time: until, source: Quote.label("satellite")),
            lines: [], held: .zero, disposed: .zero, amount: .zero, cumulative: .zero)
        if statement.denomination == .storj { statement.quote = nil }
        if outcome == .passed { statement.lines.append(line(.storage, bytes, until - statement.from)) }
        let sent = orders.filter { $0.action == UInt32(PieceAction.get.rawValue) }.reduce(0) { $0 + $1.bytes }
        if sent > 0 { statement.lines.append(line(.egress, sent, 0)) }
        change(&statement)
        sumUp(&statement, last)
        return statement
    }

    private func line(_ kind: ServiceKind, _ bytes: UInt64, _ seconds: UInt64) -> Statement.Line {
        let price = stub.now.registrations.last?.sheet.sheet.price(of: kind) ?? NodePrices().price(of: kind)
        return Statement.Line(kind: kind, bytes: bytes, seconds: seconds, price: price, amount: .zero)
    }

    private func sumUp(_ statement: inout Statement, _ last: Statement?) {
        guard let pay = Pay(statement.denomination, quote: statement.quote) else { return }
        var sum = TokenAmount.zero
        for index in statement.lines.indices {
            let line = statement.lines[index]
            let amount =
                pay.earned(line.kind, price: line.price, bytes: line.bytes, seconds: line.seconds) ?? .zero
            statement.lines[index].amount = amount
            sum = sum.adding(amount) ?? sum
        }
        statement.amount = sum.subtracting(statement.held) ?? .zero
        let before = last.map { $0.channel == statement.channel ? $0.cumulative : .zero } ?? .zero
        statement.cumulative = before.adding(statement.amount) ?? before
    }

    func voucher(
        _ statement: Statement, by key: PrivateKey? = nil, in domain: SigningDomain? = nil,
        _ change: (inout Voucher) -> Void = { _ in }
    ) -> SignedVoucher {
        var voucher = Voucher(
            channel: statement.channel, cumulative: statement.cumulative, period: statement.period,
            statement: statement.digest)
        change(&voucher)
        return voucher.signed(by: key ?? signer, in: domain ?? ledger.description.domains.channels)
    }

    func signed(_ statement: Statement, by key: PrivateKey? = nil) -> SignedStatement {
        SignedStatement(statement: statement, signature: (key ?? signer).sign(SignedStatement.signingDigest(statement)))
    }

    // MARK: Speaking to the node

    func connect(as peer: PeerIdentity?) async throws -> any RPCConnection {
        try await network.dialer(as: peer).connect(to: NodeURL(id: node.id, address: "node:28967"))
    }

    /// Sends a statement, by default with its voucher.
    @discardableResult
    func deliver(
        _ statement: Statement, voucher: SignedVoucher? = nil, signed: SignedStatement? = nil, as peer: PeerIdentity? = nil
    ) async throws -> Market_StatementResponse {
        var request = Market_StatementRequest()
        request.statement = Data((signed ?? self.signed(statement)).encoded)
        request.voucher = Data((voucher ?? self.voucher(statement)).encoded)
        return try await connect(as: peer ?? satellite.peer).call(FarmerMethods.deliver, request)
    }

    /// Lives a period and has it paid.
    @discardableResult
    func paidPeriod(_ number: UInt32, last: Statement? = nil, bytes: UInt64 = 100_000_000_000) async throws -> Statement {
        try await livePeriod(UInt64(number), bytes: bytes)
        let statement = statement(number, bytes: bytes, last: last)
        _ = try await deliver(statement)
        return statement
    }
}
