import Accounting
import Chores
import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Identity
import Ledger
import Logging
import Market
import Metabase
import Orders
import Overlay
import StorageModel
import Upkeep
import WireMessages

extension Benchmark {
    /// What paying farmers costs a satellite.
    static var statements: [Benchmark] {
        [
            Benchmark(
                name: "period statements", unit: "s/10000 farmers", ceiling: "2 signatures and a transaction's rows each: 2"
            ) { scale in try await Payroll.run(farmers: scale == .real ? 10_000 : 20) }
        ]
    }
}

/// Farmers with channels, a day's heartbeats and settled orders of each: statements and vouchers are made, stored and
/// delivered, and the root is anchored.
private struct Payroll: Sendable {
    private static let start = Timestamp(microseconds: 1_767_225_600_000_000)
    private static let clock = WallClock { start.advanced(by: .seconds(86_400)) }
    private static let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    private static let address = "satellite:7777"

    private let database: Database
    private let satellite = NodeIdentity.generate(random: .system)
    private let network = InProcessNetwork()
    private let key: PrivateKey
    private let nodes: [NodeID]

    private init(folder: URL, farmers: Int) throws {
        database = try Database.open(.file(path: folder.appending(path: "bench.db").path))
        var secret = [UInt8](repeating: 0, count: 32)
        secret[31] = 7
        key = try PrivateKey(secret: Bytes32(secret) ?? Bytes32())
        nodes = (0..<farmers).map { NodeID(storage: Bytes32(words: [UInt64($0 + 1), 2, 3, 4 << 8])) }
    }

    static func run(farmers: Int) async throws -> Benchmark.Result {
        try await Workload.withFolder { folder in
            let payroll = try Payroll(folder: folder, farmers: farmers)
            let market = try await payroll.open(folder)
            try await payroll.hire()
            // Opens the channels.
            try await market.runPayments()
            // The first heartbeat says what is there, the second that it was kept.
            try await payroll.work(0)
            try await market.runPayments()
            try await payroll.work(1)
            let start = Stopwatch.wall.read()
            try await market.runPayments()
            let seconds = Stopwatch.wall.read() - start
            let statements = try await market.statements(period: payroll.period(1), limit: farmers + 1)
            let accepted = statements.count { $0.state == .accepted && $0.voucher != nil && $0.statement.amount > .zero }
            precondition(accepted == farmers, "what is measured is right: \(accepted) of \(farmers)")
            let sum = statements.reduce(0 as UInt64) { $0 + $1.statement.amount.units }
            try payroll.database.close()
            return Benchmark.Result(
                figure: seconds * 10_000 / Double(farmers), digest: Benchmark.digest(Array("\(accepted) \(sum)".utf8)))
        }
    }

    private func period(_ index: Int) -> UInt64 { UInt64(Self.start.seconds) + UInt64(index) * 43_200 }

    // MARK: Rooms

    private func open(_ folder: URL) async throws -> Market {
        let metabase = Metabase(database: database, clock: Self.clock, random: .system)
        try await metabase.load()
        let cipher = OrderMetadataCipher(keys: [[UInt8](repeating: 7, count: 32)])
        let accounting = Accounting(
            database: database, metabase: metabase, satellite: satellite.peer, cipher: cipher,
            settings: AccountingSettings(), clock: Self.clock, sleeper: .system, logger: Self.logger)
        try await accounting.load()
        let dialer = network.dialer(as: satellite.peer)
        let overlay = Overlay(
            database: database, settings: OverlaySettings(), dialer: dialer,
            resolver: AddressResolver { _ in throw OverlayError.badAddress("no names here") }, clock: Self.clock,
            sleeper: .system, random: .system, logger: Self.logger)
        try await overlay.load()
        try await addNodes()
        try await overlay.load()
        let parts = UpkeepParts(
            database: database, metabase: metabase, overlay: overlay,
            issuer: OrderLimitIssuer(identity: satellite, cipher: cipher), identity: satellite, dialer: dialer,
            clock: Self.clock, sleeper: .system, random: .system, logger: Self.logger)
        var settings = MarketSettings()
        settings.period = .zero
        let market = Market(
            parts: parts, settings: settings, folder: folder.path + "/heartbeats", payment: try await payment(folder))
        try await market.load()
        return market
    }

    private func payment(_ folder: URL) async throws -> PaymentParts {
        let ledger = try await EmbeddedLedger.open(
            folder: folder.path + "/ledger", operator: key, clock: Self.clock, logger: Self.logger)
        let backend = EmbeddedBackend(ledger)
        let funds = TokenAmount(1_000_000 * TokenAmount.unitsPerToken)
        _ = try await backend.perform(.mint(to: key.address, funds), by: KeySigner(key))
        return PaymentParts(
            backend: backend, payer: KeySigner(key), signer: KeySigner(key), quotes: FixedQuotes(microUSD: 250_000),
            folder: folder.path + "/market", address: Self.address)
    }

    // MARK: Books

    /// Nodes that have checked in, and answer to statements.
    private func addNodes() async throws {
        var router = RPCRouter()
        router.unary(FarmerMethods.deliver) { _, _ in
            var response = Market_StatementResponse()
            response.accepted = true
            return response
        }
        router.unary(FarmerMethods.highestVoucher) { _, _ in Market_HighestVoucherResponse() }
        for node in nodes { network.register(router, id: node, address: "\(node)") }
        let nodes = nodes
        try await database.write { session in
            for node in nodes {
                try session.execute(
                    """
                    INSERT INTO nodes (id, address, last_ip_port, last_net, country_code, email, wallet, wallet_features,
                        free_disk, piece_count, version_major, version_minor, version_patch, version_commit, is_release,
                        debounce_limit, features, created_at, last_contact_success, exit_succeeded, is_contained)
                    VALUES (?1, ?2, ?2, ?2, '', '', '', '', ?3, 0, 3, 0, 1, '', 1, 0, ?4, ?5, ?5, 0, 0)
                    """,
                    [
                        SQLValue(node), .text("\(node)"), .integer(1 << 40),
                        .integer(Int64(NodeFeatures.heartbeats | NodeFeatures.farmer)), SQLValue(Self.start),
                    ])
            }
        }
    }

    /// Farmers as they are after they have registered.
    private func hire() async throws {
        let (nodes, key) = (nodes, key)
        try await database.write { session in
            for node in nodes {
                let binding = WalletBinding(
                    node: node, wallet: key.address, signer: key.address, sequence: 1, validUntil: 4_000_000_000)
                let signed = SignedWalletBinding(
                    binding: binding, nodeSignature: [], signerSignature: key.sign(Bytes32()), walletSignature: nil)
                try session.execute(
                    """
                    INSERT INTO market_farmers (node, wallet, signer, binding, binding_sequence, last_period, last_until,
                        root_cumulative, held, disposed) VALUES (?1, ?2, ?2, ?3, 1, 0, 0, 0, 0, 0)
                    """, [SQLValue(node), .blob(key.address.bytes), .blob(signed.encoded)])
                let sheet = PriceSheet(
                    farmer: key.address, node: node, denomination: .microUSD, storageTBMonth: 1_500_000,
                    egressTB: 2_000_000, repairTB: 2_000_000, auditTB: 2_000_000, ingressTB: 0, validFrom: 1,
                    validUntil: 4_000_000_000, sequence: 1)
                let signedSheet = SignedPriceSheet(sheet: sheet, signature: key.sign(Bytes32()))
                try session.execute(
                    """
                    INSERT INTO market_price_sheets (node, sequence, sheet, received_at, counts_from)
                    VALUES (?1, 1, ?2, 1, 1)
                    """, [SQLValue(node), .blob(signedSheet.encoded)])
            }
        }
    }

    /// A period's heartbeats, and an hour of orders of each node.
    private func work(_ index: Int) async throws {
        let nodes = nodes
        let number = Int64(period(index))
        let hour = Self.start.seconds + Int64(index) * 3600
        try await database.write { session in
            try session.execute(
                """
                INSERT INTO heartbeat_periods (number, state, secret, start_at, commit_until, end_at, as_of, sample_count,
                    commitments_root, challenged_at, report_root, passed, failed, unreachable, void)
                VALUES (?1, 3, ?2, ?3, ?3, ?3, ?3, 80, ?2, ?3, ?2, 0, 0, 0, 0)
                """, [.integer(number), .blob(Bytes32().bytes), .integer(number * 1_000_000)])
            for node in nodes {
                try session.execute(
                    """
                    INSERT INTO heartbeat_nodes (period, node, is_covered, root, chunks, pieces, bytes, unprovable_pieces,
                        unprovable_bytes, verdict, sample, objection, evidence, attempts, by_uploader, by_repair, by_record)
                    VALUES (?1, ?2, 1, ?3, 1000000000, 400000, 1000000000000, 0, 0, 0, 0, 0, ?3, 0, 0, 0, 80)
                    """, [.integer(number), SQLValue(node), .blob(Bytes32().bytes)])
                for action in [PieceAction.get, .getAudit, .getRepair] {
                    try session.execute(
                        """
                        INSERT INTO storagenode_bandwidth_rollups (node_id, hour, action, settled)
                        VALUES (?1, ?2, ?3, 1000000000)
                        """, [SQLValue(node), .integer(hour), SQLValue(action.rawValue)])
                }
            }
        }
    }
}
