import Chores
import Contracts
import Database
import Ethereum
import Foundation
import Ledger
import Logging
import StorageModel
import Subprocesses
import Synchronization

/// Our own ledger, with blocks that are closed on request.
final class EmbeddedDisputeWorld: DisputeWorld {
    let backend: any SettlementBackend
    let wallets: [PrivateKey]
    private let ledger: EmbeddedLedger
    private let key: PrivateKey
    private let now: Hands

    init(folder: URL) async throws {
        let hands = Hands(seconds: 1_800_000_000)
        now = hands
        key = .generate(random: .system)
        var settings = EmbeddedLedgerSettings()
        settings.blockSeconds = nil
        ledger = try await EmbeddedLedger.open(
            folder: folder.path, operator: key, settings: settings, clock: hands.clock,
            logger: Logger(label: "ledger") { _ in SwiftLogNoOpLogHandler() })
        backend = EmbeddedBackend(ledger)
        wallets = (0..<4).map { _ in .generate(random: .system) }
    }

    var clock: WallClock { now.clock }

    func mint(_ amount: TokenAmount, to owners: [Address]) async throws {
        for owner in owners { _ = try await backend.perform(.mint(to: owner, amount), by: KeySigner(key)) }
    }

    func pass(seconds: Int64) async throws {
        now.advance(seconds)
        try await mine(1)
    }

    func mine(_ count: Int) async throws { for _ in 0..<count { try await ledger.closeBlock() } }

    func read() async throws {}

    func gas(of transactions: [Bytes32]) async throws -> [UInt64?] { transactions.map { _ in nil } }

    func close() async throws { try await ledger.close() }
}

/// A clock whose hands a show turns.
final class Hands: Sendable {
    private let seconds: Mutex<Int64>

    init(seconds: Int64) { self.seconds = Mutex(seconds) }

    func advance(_ count: Int64) { seconds.withLock { $0 += count } }

    func set(_ count: UInt64) { seconds.withLock { $0 = Int64(clamping: count) } }

    var clock: WallClock { WallClock { Timestamp(microseconds: self.seconds.withLock { $0 } * 1_000_000) } }
}

/// A development chain with our contracts, as a child of this process.
final class ChainDisputeWorld: DisputeWorld {
    private static let start: Int64 = 1_800_000_000
    private static let chainID: UInt64 = 1337

    let backend: any SettlementBackend
    let wallets: [PrivateKey]
    private let chain: EthereumBackend
    private let deployer: KeySigner
    private let now = Hands(seconds: start)

    /// Runs `body` with a chain that is gone afterwards.
    static func with(python: String, script: String, _ body: (ChainDisputeWorld) async throws -> Void) async throws {
        let wallets = (0..<4).map { _ in PrivateKey.generate(random: .system) }
        let deployer = PrivateKey.generate(random: .system)
        let arguments =
            [script, "--port", "0", "--time", "\(start)", "--until-input-ends", "--chain-id", "\(chainID)"]
            + ([deployer] + wallets).flatMap { ["--fund", "\($0.address)"] }
        let (input, output) = (Pipe(), Pipe())
        let process = try Subprocess(URL(filePath: python), arguments, input: .pipe(input), output: .pipe(output))
        defer {
            // The chain ends when nobody writes to it any more.
            try? input.fileHandleForWriting.close()
            process.wait()
        }
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 4, words[0] == "ready" else {
            throw DisputeFailure(description: "the chain says: \(String(decoding: line, as: UTF8.self))")
        }
        try await body(ChainDisputeWorld(url: String(words[1]), deployer: KeySigner(deployer), wallets: wallets))
    }

    private init(url: String, deployer: KeySigner, wallets: [PrivateKey]) async throws {
        self.deployer = deployer
        self.wallets = wallets
        var settings = EthereumSettings(
            endpoints: [url], chainID: Self.chainID,
            contracts: ContractDeployment.addresses(deployer: deployer.address), random: .system)
        settings.confirmations = 1
        settings.rpc.pause = .milliseconds(20)
        chain = EthereumBackend(
            settings: settings, database: try Database.open(.memory), sleeper: .system,
            logger: Logger(label: "chain") { _ in SwiftLogNoOpLogHandler() })
        backend = chain
        try await chain.deploy(by: deployer)
        try await chain.start()
        try await follow()
    }

    var clock: WallClock { now.clock }

    /// Everybody's clock shows the chain's time.
    private func follow() async throws { now.set(try await chain.time().seconds) }

    func mint(_ amount: TokenAmount, to owners: [Address]) async throws {
        try await chain.mint(amount, to: owners, by: deployer)
    }

    func pass(seconds: Int64) async throws {
        _ = try await chain.chain.tell(RPCCall("evm_increaseTime", [.number("\(seconds)")]))
        try await mine(1)
    }

    func mine(_ count: Int) async throws {
        _ = try await chain.chain.tell(RPCCall("evm_mine", [.number("\(count)")]))
        try await follow()
    }

    func read() async throws { try await chain.maintain() }

    func gas(of transactions: [Bytes32]) async throws -> [UInt64?] {
        try await chain.chain.receipts(transactions).map { $0?.gasUsed }
    }
}
