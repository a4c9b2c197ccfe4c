import Chores
import Contracts
import DRPC
import Database
import Direct
import Encryption
import Ethereum
import Foundation
import Identity
import Ledger
import Logging
import StorageModel
import StorageNode
import TestSupport

/// A customer and farmers with real nodes over TLS, and a ledger whose clock a test turns.
final class DirectFixture: Sendable {
    let clock: TestClock
    let ledger: EmbeddedLedger
    let backend: any SettlementBackend
    let customer: Customer
    let parts: DirectParts
    let farmers: [TestFarmer]
    private let operatorKey: PrivateKey
    private let settings: DirectSettings

    /// Settings by which every farmer gets a piece of everything, so that tests know who has what.
    private static func everybody(_ settings: DirectSettings, _ count: Int) -> DirectSettings {
        var settings = settings
        // A busy machine must not look like a farmer that is away.
        settings.timeout = max(settings.timeout, .seconds(600))
        let required = max(1, count * 2 / 5)
        settings.scheme = settings.scheme ?? RedundancyScheme(
            required: required, repair: required, optimal: count, total: count)
        return settings
    }

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    /// Shared by all tests of this process, as programs do it.
    static let loops = RPCEventLoops(threadCount: 2)
    /// What a customer begins with.
    static let riches = TokenAmount(1000 * TokenAmount.unitsPerToken)
    /// What is locked for a farmer.
    static let deposit = TokenAmount(5 * TokenAmount.unitsPerToken)

    /// Runs a test with farmers whose nodes are up.
    ///
    /// - Parameter change: adjusts the nodes' settings.
    static func run(
        farmers count: Int = 5, seed: UInt64 = 1, settings: DirectSettings = DirectSettings(),
        _ change: (inout StorageNodeSettings) -> Void = { _ in }, _ body: (DirectFixture) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let fixture = try await DirectFixture(
                count: count, seed: seed, settings: settings, change: change, folder: folder)
            do {
                try await body(fixture)
            } catch {
                await fixture.stop()
                throw error
            }
            await fixture.stop()
        }
    }

    private init(
        count: Int, seed: UInt64, settings: DirectSettings, change: (inout StorageNodeSettings) -> Void,
        folder: URL
    ) async throws {
        let random = RandomSource.seeded(seed)
        clock = TestClock()
        operatorKey = PrivateKey.generate(random: random)
        var blocks = EmbeddedLedgerSettings()
        blocks.blockSeconds = nil
        ledger = try await EmbeddedLedger.open(
            folder: folder.appending(path: "ledger").path, operator: operatorKey, settings: blocks,
            clock: clock.wallClock, random: random, logger: Self.silent)
        let embedded = EmbeddedBackend(ledger, random: random)
        backend = embedded
        var farmers: [TestFarmer] = []
        for number in 0..<count {
            var nodeSettings = StorageNodeSettings()
            nodeSettings.minimumAllocatedSpace = 0
            nodeSettings.allocatedSpace = 1 << 30
            nodeSettings.farming.firstPrices = FarmerPrices(
                denomination: .storj, storage: UInt64(600_000_000 + 50_000_000 * number), egress: 800_000_000, repair: 0,
                audit: 0)
            nodeSettings.farming.maximumCollateral = Self.riches
            change(&nodeSettings)
            farmers.append(
                try await TestFarmer(
                    folder: folder.appending(path: "node\(number)"), settings: nodeSettings, backend: embedded,
                    clock: clock, random: random))
        }
        self.farmers = farmers
        let identity = NodeIdentity.generate(random: random)
        let dialer = try TLSDialer(identity: identity, settings: RPCDialerSettings(), eventLoops: Self.loops)
        parts = DirectParts(
            identity: identity, wallet: .generate(random: random), signer: .generate(random: random),
            contentKey: .random(using: random), database: try Database.open(.memory), ledger: embedded, quotes: nil,
            dialer: dialer, clock: clock.wallClock, sleeper: .system, random: random, logger: Self.silent)
        self.settings = Self.everybody(settings, count)
        customer = try await Customer(parts: parts, settings: self.settings)
        try await mint(Self.riches, to: parts.wallet.address)
    }

    private func stop() async {
        for farmer in farmers { await farmer.stop() }
        if let dialer = parts.dialer as? TLSDialer { await dialer.close() }
        // Whether the ledger could say good-bye changes no test's result.
        try? await ledger.close()
    }

    /// The operator puts money into the ledger.
    func mint(_ amount: TokenAmount, to owner: Address) async throws {
        _ = try await backend.perform(.mint(to: owner, amount), by: KeySigner(operatorKey))
    }

    /// A customer with the same books and other settings, as after a restart.
    func restarted(ledger: (any SettlementBackend)? = nil) async throws -> Customer {
        var parts = parts
        if let ledger { parts.ledger = ledger }
        return try await Customer(parts: parts, settings: settings)
    }

    /// Lets time pass on every clock there is, and blocks be closed.
    func pass(days: Int64 = 0, seconds: Int64 = 0) async throws {
        clock.advance(by: .seconds(days * 86400 + seconds))
        try await mine()
    }

    /// Closes blocks, as many as a beacon needs.
    func mine(_ count: Int = 8) async throws {
        for _ in 0..<count { try await ledger.closeBlock() }
    }

    /// Hires all farmers.
    func hire() async throws {
        try await customer.hire(farmers.map(\.url), deposit: Self.deposit)
    }

    /// Draws what heartbeats need: arms, waits for the blocks, and asks again.
    func heartbeat(_ customer: Customer? = nil) async throws -> [HeartbeatOutcome] {
        let customer = customer ?? self.customer
        let first = try await customer.heartbeat()
        guard first.contains(where: { $0.verdict == "waiting" }) else { return first }
        try await mine()
        return try await customer.heartbeat()
    }

    /// Bytes that nobody could guess.
    func content(_ count: Int, seed: UInt64 = 9) -> [UInt8] { RandomSource.seeded(seed).bytes(count: count) }

    /// Fetches an object whole.
    func fetch(_ name: String) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await customer.get(name) { bytes += $0 }
        return bytes
    }

    func balance(_ owner: Address) async throws -> TokenAmount { try await backend.balance(of: owner) }
}
