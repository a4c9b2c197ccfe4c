import Chores
import Ethereum
import Ledger
import Logging
import StorageModel
import Synchronization

/// A chain of made-up blocks that can change its mind; any number of endpoints show it, honest ones and others.
final class StubChain: Sendable {
    struct Block: Sendable {
        let header: BlockHeader
        var logs: [ChainLog]
    }

    private struct State: Sendable {
        var blocks: [Block] = []
        var fork: UInt64 = 0
    }

    static let chainID: UInt64 = 77
    private let state = Mutex(State())

    init() { grow(1) }

    var head: BlockHeader { state.withLock { $0.blocks[$0.blocks.count - 1].header } }

    func blocks(below limit: Int = .max) -> [Block] { state.withLock { Array($0.blocks.prefix(limit)) } }

    /// New blocks, each with the lines `logs` makes for it.
    func grow(_ count: Int, logs: (BlockHeader) -> [ChainLog] = { _ in [] }) {
        for _ in 0..<count {
            let header = state.withLock { state in
                let number = UInt64(state.blocks.count)
                let parent = state.blocks.last?.header.hash ?? Bytes32()
                let hash = Keccak256.hash(parent.bytes + UInt256(number).bytes32.bytes + UInt256(state.fork).bytes32.bytes)
                let header = BlockHeader(
                    number: number, hash: hash, parent: parent, time: 1_800_000_000 + 12 * number, baseFee: UInt256(1))
                state.blocks.append(Block(header: header, logs: []))
                return header
            }
            let made = logs(header)
            state.withLock { $0.blocks[$0.blocks.count - 1].logs = made }
        }
    }

    /// The newest blocks are gone; what grows now is another branch.
    func drop(_ count: Int) {
        state.withLock { state in
            state.blocks.removeLast(count)
            state.fork += 1
        }
    }

    /// A line of a token in a block.
    static func transfer(
        _ header: BlockHeader, token: Address, from: Address = .zero, to: Address, amount: UInt64, transaction: UInt64,
        index: UInt64 = 0
    ) -> ChainLog {
        ChainLog(
            contract: token, topics: [TokenABI.transferred.topic, from.word, to.word],
            data: UInt256(amount).bytes32.bytes, height: header.number, blockHash: header.hash,
            transaction: Keccak256.hash(UInt256(transaction).bytes32.bytes), transactionIndex: index, index: index)
    }

    /// A client with these endpoints; waiting takes no time, and time-outs never come.
    static func client(_ endpoints: [StubEndpoint], settings: RPCSettings = RPCSettings()) -> ChainClient {
        let timeout = settings.timeout
        let sleeper = Sleeper { duration in
            if duration == timeout { try await Task.sleep(for: .seconds(86400)) }
        }
        return ChainClient(
            chainID: chainID,
            endpoints: endpoints.enumerated().map { index, endpoint in
                RPCEndpoint(name: "\(index)", transport: endpoint, settings: settings, sleeper: sleeper)
            }, settings: settings, sleeper: sleeper, logger: .none)
    }
}

/// An endpoint of a made-up chain, with the faults it is told to have.
final class StubEndpoint: RPCTransport {
    struct Faults: Sendable {
        var chainID = StubChain.chainID
        /// Blocks it does not know yet.
        var lag = 0
        var isGone = false
        /// It changes logs before it shows them.
        var changesLogs: (@Sendable ([ChainLog]) -> [ChainLog])?
        /// It makes up other hashes from this height on.
        var inventsFrom: UInt64?
        /// Lines in an answer at most.
        var maximumLogs = Int.max
        /// Blocks it adds to its head.
        var boast: UInt64 = 0
        /// Called before an answer is made: the chain can change meanwhile.
        var beforeAnswer: (@Sendable (RPCCall) -> Void)?
        /// What it sends in place of an answer.
        var garbage: [UInt8]?
    }

    let chain: StubChain
    let faults: Mutex<Faults>
    private let counts = Mutex<[String: Int]>([:])

    init(_ chain: StubChain, _ faults: Faults = Faults()) {
        self.chain = chain
        self.faults = Mutex(faults)
    }

    /// Questions by method.
    var asked: [String: Int] { counts.withLock { $0 } }

    func exchange(_ request: [UInt8], maximumSize: Int) async throws -> [UInt8] {
        let faults = faults.withLock { $0 }
        guard !faults.isGone else { throw LedgerError.unreachable("gone") }
        if let garbage = faults.garbage { return garbage }
        let parsed = try JSONValue(parsing: request)
        let answer: JSONValue
        if case .list(let items) = parsed { answer = .list(try items.map { try self.answer($0, faults) }) } else {
            answer = try self.answer(parsed, faults)
        }
        let bytes = answer.encoded
        guard bytes.count <= maximumSize else { throw LedgerError.malformed("answer: more than \(maximumSize) bytes") }
        return bytes
    }

    private func answer(_ request: JSONValue, _ faults: Faults) throws -> JSONValue {
        guard case .text(let method)? = request["method"], let id = request["id"] else { throw LedgerError.malformed("request") }
        let parameters = try request.field("params").items()
        counts.withLock { $0[method, default: 0] += 1 }
        faults.beforeAnswer?(RPCCall(method, parameters))
        do {
            return .object(["jsonrpc": .text("2.0"), "id": id, "result": try result(method, parameters, faults)])
        } catch let failure as RPCFailure {
            let error: [String: JSONValue] = ["code": .number("\(failure.code)"), "message": .text(failure.message)]
            return .object(["jsonrpc": .text("2.0"), "id": id, "error": .object(error)])
        }
    }

    private func result(_ method: String, _ parameters: [JSONValue], _ faults: Faults) throws -> JSONValue {
        let known = chain.blocks().count - faults.lag
        switch method {
        case "eth_chainId": return .quantity(faults.chainID)
        case "eth_getBlockByNumber":
            let isHead = parameters[0] == .text("latest")
            let number = isHead ? UInt64(known - 1) + faults.boast : try parameters[0].small()
            guard number < UInt64(known) + faults.boast else { return .null }
            return Self.value(header(min(number, UInt64(known - 1)), number, faults))
        case "eth_getLogs": return try logs(parameters[0], known, faults)
        default: throw RPCFailure(code: -32601, message: "the method \(method) does not exist")
        }
    }

    private func header(_ number: UInt64, _ shown: UInt64, _ faults: Faults) -> BlockHeader {
        let header = chain.blocks()[Int(number)].header
        guard shown == number, faults.inventsFrom.map({ number < $0 }) ?? true else {
            let hash = Keccak256.hash(header.hash.bytes + UInt256(shown).bytes32.bytes)
            return BlockHeader(number: shown, hash: hash, parent: header.parent, time: header.time, baseFee: header.baseFee)
        }
        return header
    }

    private func logs(_ filter: JSONValue, _ known: Int, _ faults: Faults) throws -> JSONValue {
        let (first, last) = (try filter.field("fromBlock").small(), try filter.field("toBlock").small())
        let contracts = try filter.field("address").items().map { try $0.address() }
        let topics = try filter.field("topics").items().map { $0 == .null ? nil : try $0.items().map { try $0.word() } }
        let wanted = LogFilter(contracts: contracts, topics: topics)
        var logs: [ChainLog] = []
        for block in chain.blocks(below: known) where (first...last).contains(block.header.number) {
            logs += block.logs.filter { wanted.matches($0) }
        }
        guard logs.count <= faults.maximumLogs else {
            throw RPCFailure(code: -32005, message: "query returned more than \(faults.maximumLogs) results")
        }
        return .list((faults.changesLogs?(logs) ?? logs).map(Self.value))
    }

    private static func value(_ header: BlockHeader) -> JSONValue {
        .object([
            "number": .quantity(header.number), "hash": .data(header.hash.bytes), "parentHash": .data(header.parent.bytes),
            "timestamp": .quantity(header.time), "baseFeePerGas": .quantity(header.baseFee ?? .zero),
        ])
    }

    private static func value(_ log: ChainLog) -> JSONValue {
        .object([
            "address": .data(log.contract.bytes), "topics": .list(log.topics.map { .data($0.bytes) }),
            "data": .data(log.data), "blockNumber": .quantity(log.height), "blockHash": .data(log.blockHash.bytes),
            "transactionHash": .data(log.transaction.bytes), "transactionIndex": .quantity(log.transactionIndex),
            "logIndex": .quantity(log.index), "removed": .bool(false),
        ])
    }
}
