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
import TestSupport
import Testing

/// The development chain as a child of the test: on a port of its own, with a clock of its own, gone with the test.
final class DevChain: Sendable {
    let url: String
    private let endpoint: RPCEndpoint

    /// The Python with everything the chain needs; nil when it is not installed.
    static let python: String? = {
        let environment = ProcessInfo.processInfo.environment
        let own = repository.appending(path: ".venv-chain/bin/python").path
        return [environment["STORJ_CHAIN_PYTHON"], own].compactMap(\.self).first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }()

    /// Whether tests on the chain run. Where `STORJ_CHAIN_REQUIRED` is set they run, and fail without it.
    static let isEnabled = python != nil || ProcessInfo.processInfo.environment["STORJ_CHAIN_REQUIRED"] == "1"

    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Chains that run at once: each wants a core.
    private static let places = Places(2)

    private init(url: String) {
        self.url = url
        endpoint = RPCEndpoint(name: "dev", transport: HTTPTransport(url: url), sleeper: .system)
    }

    /// Runs `body` with a chain on which these accounts have ether.
    static func with<Result>(
        funded: [Address], options: [String] = [], _ body: (DevChain) async throws -> Result
    ) async throws -> Result {
        let python = try #require(python, "the development chain is not installed: scripts/install-dev-chain")
        await places.enter()
        defer { places.leave() }
        let arguments =
            [repository.appending(path: "scripts/dev-chain").path, "--port", "0", "--time", "1800000000"]
            + ["--until-input-ends"] + funded.flatMap { ["--fund", "\($0)"] } + options
        let (input, output) = (Pipe(), Pipe())
        let process = try Subprocess(URL(filePath: python), arguments, input: .pipe(input), output: .pipe(output))
        defer {
            try? input.fileHandleForWriting.close()
            process.wait()
        }
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { line.append(byte) }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        try #require(words.count == 4 && words[0] == "ready", "the chain says: \(String(decoding: line, as: UTF8.self))")
        return try await body(DevChain(url: String(words[1])))
    }

    // MARK: What only a development chain does

    @discardableResult
    func ask(_ method: String, _ parameters: JSONValue...) async throws -> JSONValue {
        try await endpoint.ask([RPCCall(method, parameters)])[0].get()
    }

    func mine(_ count: UInt64 = 1) async throws { try await ask("evm_mine", .number("\(count)")) }

    /// Time goes by, and a block tells everybody.
    func wait(seconds: UInt64) async throws {
        try await ask("evm_increaseTime", .number("\(seconds)"))
        try await mine()
    }

    func setAutomine(_ isOn: Bool) async throws { try await ask("evm_setAutomine", .bool(isOn)) }

    func snapshot() async throws -> JSONValue { try await ask("evm_snapshot") }

    func revert(to snapshot: JSONValue) async throws { try await ask("evm_revert", snapshot) }

    func block(_ number: UInt64) async throws -> JSONValue {
        try await ask("eth_getBlockByNumber", .quantity(number), .bool(false))
    }
}

/// Lets so many in at once, in order of arrival.
private final class Places: Sendable {
    private let state: Mutex<(free: Int, waiting: [CheckedContinuation<Void, Never>])>

    init(_ count: Int) { state = Mutex((count, [])) }

    func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}

/// Contracts on a development chain, and people with money.
struct ChainTown: Sendable {
    static let chainID: UInt64 = 1337

    let chain: DevChain
    let database: Database
    let backend: EthereumBackend
    let deployer: KeySigner
    let people: [KeySigner]

    var payer: KeySigner { people[0] }
    var farmer: KeySigner { people[1] }

    /// Runs `body` in a town whose contracts are deployed and whose people have tokens, ether and approvals.
    static func with<Result>(
        seed: UInt64 = 1, people count: Int = 3, tokens: UInt64 = 1_000_000, options: [String] = [],
        confirmations: UInt64 = 3, _ body: (ChainTown) async throws -> Result
    ) async throws -> Result {
        let random = RandomSource.seeded(seed)
        let deployer = KeySigner(.generate(random: random))
        let people = (0..<count).map { _ in KeySigner(.generate(random: random)) }
        return try await DevChain.with(funded: [deployer.address] + people.map(\.address), options: options) { chain in
            let database = try Database.open(.memory)
            let backend = makeBackend(chain.url, deployer.address, database, confirmations: confirmations, random: random)
            try await backend.deploy(by: deployer)
            try await backend.start()
            try await backend.mint(TokenAmount(tokens), to: people.map(\.address), by: deployer)
            for person in people { try await backend.prepare(person) }
            return try await body(
                ChainTown(chain: chain, database: database, backend: backend, deployer: deployer, people: people))
        }
    }

    static func makeBackend(
        _ url: String, _ deployer: Address, _ database: Database, confirmations: UInt64 = 3, random: RandomSource
    ) -> EthereumBackend {
        var settings = EthereumSettings(
            endpoints: [url], chainID: chainID, contracts: ContractDeployment.addresses(deployer: deployer),
            random: random)
        settings.confirmations = confirmations
        settings.transfers = .all
        settings.rpc.pause = .milliseconds(20)
        return EthereumBackend(settings: settings, database: database, sleeper: .system, logger: .none)
    }

    func makeChannel(salt: UInt64 = 0, challenge: UInt64 = 86400) -> Channel {
        Channel(
            payer: payer.address, farmer: farmer.address, signer: payer.address, challenge: challenge,
            salt: UInt256(salt).bytes32)
    }

    func voucher(_ channel: Channel, _ cumulative: UInt64, period: UInt32 = 1) -> SignedVoucher {
        Voucher(channel: channel.id, cumulative: TokenAmount(cumulative), period: period, statement: Bytes32())
            .signed(by: payer.key, in: backend.description.domains.channels)
    }
}
