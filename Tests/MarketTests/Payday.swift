import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Heartbeats
import Identity
import Ledger
import Logging
import Market
import Overlay
import StorageModel
import Synchronization
import TestSupport
import WireMessages

/// A marketplace where farmers are paid: a ledger of our own, wallets, and a price of STORJ that a test can take away.
final class Payday: Sendable {
    /// A source of prices that can fall silent.
    final class Prices: QuoteSource {
        let name = "test"
        private let price = Mutex<UInt64?>(250_000)

        func set(_ microUSD: UInt64?) { price.withLock { $0 = microUSD } }
        func quote(at seconds: UInt64) async throws -> Quote? {
            price.withLock { $0 }.map { Quote(microUSD: $0, time: seconds, source: Quote.label(name)) }
        }
    }

    struct Crash: Error {
        let step: PaymentStep
    }

    let place: Marketplace
    let prices = Prices()
    let ledger: EmbeddedLedger
    let backend: EmbeddedBackend
    let operatorKey: PrivateKey
    let payer: PrivateKey
    let signer: PrivateKey
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(folder: URL, funds: UInt64 = 10_000, seed: UInt64 = 1) async throws {
        place = try await Marketplace(folder: folder, seed: seed)
        operatorKey = .generate(random: place.random)
        payer = .generate(random: place.random)
        signer = .generate(random: place.random)
        var settings = EmbeddedLedgerSettings()
        settings.secretCount = 16
        settings.blockSeconds = nil
        ledger = try await EmbeddedLedger.open(
            folder: folder.path + "/ledger", operator: operatorKey, settings: settings, clock: place.clock.wallClock,
            random: place.random, logger: logger)
        backend = EmbeddedBackend(ledger, random: place.random)
        if funds > 0 { try await mint(funds) }
    }

    func mint(_ tokens: UInt64) async throws {
        let amount = TokenAmount(tokens * TokenAmount.unitsPerToken)
        _ = try await backend.perform(.mint(to: payer.address, amount), by: KeySigner(operatorKey))
    }

    var parts: PaymentParts { parts(over: backend) }

    func parts(over backend: any SettlementBackend) -> PaymentParts {
        PaymentParts(
            backend: backend, payer: KeySigner(payer), signer: KeySigner(signer), quotes: prices,
            folder: place.folder.path + "/market", address: Marketplace.address)
    }

    /// A market over the books as they are: after a crash, the next process.
    func market(
        _ change: (inout MarketSettings) -> Void = { _ in }, over other: (any SettlementBackend)? = nil,
        reached: @escaping @Sendable (PaymentStep) throws -> Void = { _ in }
    ) async throws -> Market {
        try await place.market(
            { settings in
                settings.payment.deliveryRetry = .seconds(60)
                change(&settings)
            }, payment: parts(over: other ?? backend), paymentReached: reached)
    }

    /// Farmers that have checked in and keep a purse.
    func farmers(_ count: Int) async throws -> [(farmer: Farmer, purse: Purse)] {
        try await place.farmers(count, features: NodeFeatures.heartbeats | NodeFeatures.farmer).map { farmer in
            let purse = Purse(node: farmer.identity, random: place.random)
            farmer.start { purse.register(in: &$0) }
            return (farmer, purse)
        }
    }

    @discardableResult
    func register(_ purse: Purse, _ request: Market_RegisterRequest) async throws -> Market_RegisterResponse {
        try await place.network.dialer(as: purse.node.peer).connect(to: place.url).call(MarketMethods.register, request)
    }

    /// Prices at which a few kilobytes over a day earn whole numbers: a million dollars for 10¹² bytes over a month.
    static let dearStorage: UInt64 = 1_000_000_000_000

    /// A period of a day: challenge, verdicts, pay.
    @discardableResult
    func day(_ market: Market) async throws -> UInt64 {
        try await market.runPeriod()
        for _ in 0..<4 {
            place.clock.advance(by: .seconds(21_600))
            try await market.advance()
        }
        try await market.runPayments()
        return try await market.status().period?.number ?? 0
    }

    /// The market's own books as they are now, put back by `restore`.
    func backUp() async throws {
        try await place.database.write { session in
            for table in Self.tables {
                try session.execute("DROP TABLE IF EXISTS backup_\(table)")
                try session.execute("CREATE TABLE backup_\(table) AS SELECT * FROM \(table)")
            }
        }
    }

    /// Puts back what `backUp` saw, as an operator does after a disk has died.
    func restore() async throws {
        try await place.database.write { session in
            for table in Self.tables {
                try session.execute("DELETE FROM \(table)")
                try session.execute("INSERT INTO \(table) SELECT * FROM backup_\(table)")
            }
        }
    }

    private static let tables = [
        "market_farmers", "market_channels", "market_statements", "market_paid_hours", "market_payments",
        "market_root_amounts", "heartbeat_periods", "heartbeat_nodes",
    ]

    /// An hour of settled orders, as the accounting books it.
    func settle(_ node: NodeID, hour: Int64, _ sums: [PieceAction: Int64]) async throws {
        try await place.database.write { session in
            for (action, bytes) in sums {
                try session.execute(
                    "INSERT INTO storagenode_bandwidth_rollups (node_id, hour, action, settled) VALUES (?1, ?2, ?3, ?4)",
                    [SQLValue(node), .integer(hour), SQLValue(action.rawValue), .integer(bytes)])
            }
        }
    }

    /// The accounting's table of settled orders.
    func makeRollups() async throws {
        try await place.database.migrate(
            room: "accounting-of-test",
            [
                Migration(
                    "1",
                    [
                        """
                        CREATE TABLE storagenode_bandwidth_rollups (
                            node_id {blob} NOT NULL, hour {integer} NOT NULL, action {integer} NOT NULL,
                            settled {integer} NOT NULL, PRIMARY KEY (node_id, hour, action)) {clustered}
                        """
                    ])
            ])
    }

    var journal: Journal { Journal(database: place.database) }

    /// What the books say of a wallet, less what the ledger has paid it already.
    func owed(_ purse: Purse) async throws -> Int64 { try await journal.balance(of: .farmerOwed(purse.wallet.address), .storj) }
}
