import Contracts
import DRPC
import Ethereum
import Foundation
import Ledger
import Logging
import StorageModel
import TestSupport
import Testing

/// The ledgers the conformance suite runs on.
enum StageKind: String, CaseIterable, Sendable {
    /// Our own, in this process.
    case embedded
    /// Our own, kept by somebody else.
    case remote
    /// Contracts on the development chain.
    case chain

    /// The chain only where it is installed; the suites of the chain report that they are skipped otherwise.
    static var allCases: [StageKind] { [.embedded, .remote] + (DevChain.isEnabled ? [.chain] : []) }

    /// Runs a test on a new ledger.
    func withStage(_ body: (SettlementStage) async throws -> Void) async throws {
        if self == .chain { return try await ChainTown.withStage(body) }
        try await withTemporaryFolder { folder in
            let clock = TestClock()
            let random = RandomSource.seeded(41)
            let key = PrivateKey.generate(random: random)
            let ledger = try await EmbeddedLedger.open(
                folder: folder.path, operator: key, settings: .forTests, clock: clock.wallClock, random: random,
                logger: .silent)
            let backend: any SettlementBackend =
                switch self {
                case .embedded, .chain: EmbeddedBackend(ledger, random: random)
                case .remote: try await Self.remote(ledger, clock, random)
                }
            let stage = try await SettlementStage(
                backend: backend, operatorSigner: KeySigner(key), random: random,
                turnClock: { clock.advance(by: .seconds(Int64($0))) },
                addBlocks: { for _ in 0..<$0 { try await ledger.closeBlock() } })
            try await body(stage)
            let books = try await ledger.read { $0.state }
            #expect(books.total == books.minted)
            try await ledger.close()
            // Whatever the test did, a stranger finds the log in order.
            let finding = try await LedgerAudit.verify(file: folder.path + "/ledger.log", operator: key.address)
            #expect(finding.objection == nil)
            #expect(finding.books?.state == books)
        }
    }

    private static func remote(
        _ ledger: EmbeddedLedger, _ clock: TestClock, _ random: RandomSource
    ) async throws -> RemoteLedgerBackend {
        let network = InProcessNetwork()
        var router = RPCRouter()
        LedgerEndpoint(ledger, clock: clock.wallClock).register(in: &router)
        let id = NodeID.random(using: random)
        network.register(router, id: id, address: "satellite:7777")
        return try await RemoteLedgerBackend.connect(
            dialer: network.dialer(as: nil), url: NodeURL(id: id, address: "satellite:7777"), random: random)
    }
}

extension EmbeddedLedgerSettings {
    /// Blocks are closed by hand.
    static var forTests: EmbeddedLedgerSettings {
        var settings = EmbeddedLedgerSettings()
        settings.blockSeconds = nil
        settings.secretCount = 3
        return settings
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
