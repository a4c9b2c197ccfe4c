import Chores
import Database
import Ethereum
import Ledger
import Logging
import StorageModel
import Synchronization
import TestSupport

/// Stands between a client and a chain, and does what it is told to single questions.
final class Meddler: RPCTransport {
    enum Meddling: Sendable {
        case pass
        /// The chain never hears of it.
        case answer(JSONValue)
        case change(@Sendable (JSONValue) -> JSONValue)
        /// The connection breaks before the chain hears of it.
        case vanishBefore
        /// The chain hears of it, and its answer is lost.
        case vanishAfter
    }

    private let base: HTTPTransport
    private let rule = Mutex<@Sendable (RPCCall) -> Meddling>({ _ in .pass })
    private let raws = Mutex<[[UInt8]]>([])

    init(_ url: String) { base = HTTPTransport(url: url) }

    func set(_ rule: @escaping @Sendable (RPCCall) -> Meddling) { self.rule.withLock { $0 = rule } }

    func pass() { set { _ in .pass } }

    /// The transactions that were handed over, also those that never arrived, repeated ones once each time.
    var transactions: [SignedTransaction] {
        raws.withLock { $0 }.compactMap { try? SignedTransaction(encoded: $0) }
    }

    /// Takes transactions and keeps them to itself; asked for them it says they wait.
    func swallowTransactions() {
        let hidden = Mutex<Set<[UInt8]>>([])
        set { call in
            switch (call.method, try? call.parameters.first?.data()) {
            case ("eth_sendRawTransaction", let raw?):
                let hash = Keccak256.hash(raw).bytes
                hidden.withLock { _ = $0.insert(hash) }
                return .answer(.data(hash))
            case ("eth_getTransactionByHash", let hash?):
                return hidden.withLock { $0.contains(hash) } ? .answer(.object(["blockHash": .null])) : .pass
            default: return .pass
            }
        }
    }

    func exchange(_ request: [UInt8], maximumSize: Int) async throws -> [UInt8] {
        let parsed = try JSONValue(parsing: request)
        if case .list(let items) = parsed {
            var answers: [JSONValue] = []
            for item in items { answers.append(try await one(item, maximumSize)) }
            return JSONValue.list(answers).encoded
        }
        return try await one(parsed, maximumSize).encoded
    }

    private func one(_ request: JSONValue, _ maximumSize: Int) async throws -> JSONValue {
        guard case .text(let method)? = request["method"], let id = request["id"] else { throw LedgerError.malformed("request") }
        let call = RPCCall(method, try request.field("params").items())
        if method == "eth_sendRawTransaction", let raw = try call.parameters.first?.data() { raws.withLock { $0.append(raw) } }
        let rule = rule.withLock { $0 }
        let meddling = rule(call)
        if case .answer(let value) = meddling { return .object(["jsonrpc": .text("2.0"), "id": id, "result": value]) }
        if case .vanishBefore = meddling { throw LedgerError.unreachable("vanished") }
        let answer = try JSONValue(parsing: try await base.exchange(request.encoded, maximumSize: maximumSize))
        if case .vanishAfter = meddling { throw LedgerError.unreachable("vanished") }
        guard case .change(let change) = meddling, let result = answer["result"] else { return answer }
        return .object(["jsonrpc": .text("2.0"), "id": id, "result": change(result)])
    }
}

extension ChainTown {
    /// Another process with the same books, or with empty ones, that sees the chain through a meddler.
    func backend(
        through meddler: Meddler, _ database: Database, seed: UInt64 = 99, _ change: (inout EthereumSettings) -> Void = { _ in }
    ) async throws -> EthereumBackend {
        var settings = EthereumSettings(
            endpoints: [], chainID: Self.chainID,
            contracts: ContractDeployment.addresses(deployer: deployer.address), random: .seeded(seed))
        settings.confirmations = 3
        settings.transfers = .all
        settings.rpc.attempts = 1
        change(&settings)
        let sleeper = Sleeper.system
        let endpoint = RPCEndpoint(name: "meddled", transport: meddler, sleeper: sleeper)
        let client = ChainClient(
            chainID: settings.chainID, endpoints: [endpoint], settings: settings.rpc, sleeper: sleeper, logger: .none)
        let backend = EthereumBackend(
            settings: settings, chain: client, database: database, sleeper: sleeper, logger: .none)
        try await backend.start()
        return backend
    }

    /// A transaction made by hand.
    @discardableResult
    func send(_ key: PrivateKey, nonce: UInt64, to: Address, data: [UInt8] = []) async throws -> Bytes32 {
        let signed = Transaction(
            chainID: Self.chainID, nonce: nonce, maximumTip: UInt256(2_000_000_000), maximumFee: UInt256(20_000_000_000),
            gasLimit: 100_000, to: to, data: data
        ).signed(by: key)
        try await chain.ask("eth_sendRawTransaction", .data(signed.encoded))
        return signed.hash
    }
}

extension Logger {
    static let none = Logger(label: "chain", factory: { _ in SwiftLogNoOpLogHandler() })
}
