import Chores
import Contracts
import Database
import Ethereum
import Foundation
import Ledger
import Logging
import StorageModel

extension Benchmark {
    /// What reading a chain costs.
    static var scanner: [Benchmark] {
        [
            Benchmark(
                name: "chain scanner", unit: "blocks/s", ceiling: "a header and a log of 1 KB of JSON a block: 20000"
            ) { scale in try await ScannerWorkload.catchUp(blocks: scale == .real ? 100_000 : 300) }
        ]
    }
}

/// A long chain with a deposit in every block, and somebody who has slept through all of it.
private enum ScannerWorkload {
    static func catchUp(blocks: UInt64) async throws -> Benchmark.Result {
        try await Workload.withFolder { folder in
            let database = try Database.open(.file(path: folder.appending(path: "bench.db").path))
            let sleeper = Sleeper { _ in try await Task.sleep(for: .seconds(86400)) }
            let logger = Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() })
            let chain = ChainClient(
                chainID: LongChain.chainID,
                endpoints: [RPCEndpoint(name: "long", transport: LongChain(count: blocks), sleeper: sleeper)],
                sleeper: sleeper, logger: logger)
            let scanner = TransferScanner(chain: chain, database: database, name: "bench", token: LongChain.token)
            try await scanner.open()
            try await scanner.watch([LongChain.account])
            PeakMemory.reset()
            let before = PeakMemory.currentMegabytes
            let start = Stopwatch.wall.read()
            let report = try await scanner.scan()
            let seconds = Stopwatch.wall.read() - start
            let peak = PeakMemory.megabytes
            precondition(report.added == Int(blocks) && report.head == blocks, "what is measured is right")
            var sum: UInt64 = 0
            var cursor: Int64 = 0
            while true {
                let page = try await scanner.changes(after: cursor, limit: 1000)
                for case .added(let transfer) in page.changes { sum += transfer.amount.units }
                if page.next == cursor { break }
                cursor = page.next
            }
            precondition(sum == blocks * (blocks + 1) / 2, "each deposit is found once")
            try database.close()
            return Benchmark.Result(
                figure: Double(blocks) / seconds, digest: Benchmark.digest(UInt256(sum).bytes32.bytes),
                detail: "\(before) MB before, at most \(peak) MB")
        }
    }
}

/// An endpoint of a chain whose blocks are made when somebody asks for them.
private struct LongChain: RPCTransport {
    static let chainID: UInt64 = 5
    static let token = Address(padded: UInt256(1).bytes32)
    static let account = Address(padded: UInt256(2).bytes32)
    /// Blocks after the first.
    let count: UInt64

    func exchange(_ request: [UInt8], maximumSize: Int) async throws -> [UInt8] {
        let parsed = try JSONValue(parsing: request)
        let answer: JSONValue
        if case .list(let items) = parsed { answer = .list(try items.map(self.answer)) } else { answer = try self.answer(parsed) }
        let bytes = answer.encoded
        guard bytes.count <= maximumSize else { throw LedgerError.malformed("answer: more than \(maximumSize) bytes") }
        return bytes
    }

    private func answer(_ request: JSONValue) throws -> JSONValue {
        let parameters = try request.field("params").items()
        let result: JSONValue
        switch request["method"] {
        case .text("eth_chainId"): result = .quantity(Self.chainID)
        case .text("eth_getBlockByNumber"):
            result = header(parameters[0] == .text("latest") ? count : try parameters[0].small())
        case .text("eth_getLogs"):
            let first = max(try parameters[0].field("fromBlock").small(), 1)
            let last = min(try parameters[0].field("toBlock").small(), count)
            result = .list(first <= last ? (first...last).map(log) : [])
        default: throw LedgerError.malformed("request")
        }
        return .object(["jsonrpc": .text("2.0"), "id": try request.field("id"), "result": result])
    }

    private func hash(_ number: UInt64) -> [UInt8] { Keccak256.hash(UInt256(number).bytes32.bytes).bytes }

    private func header(_ number: UInt64) -> JSONValue {
        .object([
            "number": .quantity(number), "hash": .data(hash(number)), "parentHash": .data(hash(number &- 1)),
            "timestamp": .quantity(1_700_000_000 + 12 * number), "baseFeePerGas": .quantity(UInt64(1_000_000_000)),
        ])
    }

    private func log(_ number: UInt64) -> JSONValue {
        .object([
            "address": .data(Self.token.bytes), "removed": .bool(false), "logIndex": .quantity(UInt64(3)),
            "topics": .list([
                .data(TokenABI.transferred.topic.bytes), .data([UInt8](repeating: 0, count: 32)),
                .data(Self.account.word.bytes),
            ]), "data": .data(UInt256(number).bytes32.bytes), "blockNumber": .quantity(number),
            "blockHash": .data(hash(number)), "transactionHash": .data(hash(number | 1 << 60)),
            "transactionIndex": .quantity(UInt64(1)),
        ])
    }
}
