import Chores
import Contracts
import Ethereum
import Foundation
import Ledger
import Logging
import StorageModel

extension Benchmark {
    /// Money: vouchers, and a ledger of our own on a real disk.
    static var ledger: [Benchmark] {
        [
            Benchmark(
                name: "voucher sign+verify", unit: "/s on a core", ceiling: "libsecp256k1: 1/(45+65) µs = 9000"
            ) { scale in try LedgerWorkload.vouchers(count: scale == .real ? 2000 : 2) },
            Benchmark(
                name: "ledger durable", unit: "operations/s", ceiling: "signatures on all cores: 15000 a core"
            ) { scale in
                try await LedgerWorkload.durable(senders: scale == .real ? 64 : 2, perSender: scale == .real ? 400 : 3)
            },
            Benchmark(name: "ledger one by one", unit: "operations/s", ceiling: "one synchronization each") { scale in
                try await LedgerWorkload.durable(senders: 1, perSender: scale == .real ? 400 : 3)
            },
            Benchmark(name: "ledger replay", unit: "/s on a core", ceiling: "hashes and rules: 60000") { scale in
                try await LedgerWorkload.replay(
                    senders: scale == .real ? 64 : 2, perSender: scale == .real ? 800 : 3, asStranger: false)
            },
            Benchmark(
                name: "ledger stranger's check", unit: "/s on a core", ceiling: "1.5 signatures each: 10000"
            ) { scale in
                try await LedgerWorkload.replay(
                    senders: scale == .real ? 64 : 2, perSender: scale == .real ? 400 : 3, asStranger: true)
            },
        ]
    }
}

/// People who pay each other and claim vouchers, half and half.
private struct LedgerWorkload {
    private let ledger: EmbeddedLedger
    private let senders: [PrivateKey]
    private let farmer: PrivateKey

    private static let silent = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    // MARK: Benchmarks

    static func vouchers(count: Int) throws -> Benchmark.Result {
        let key = try key(1)
        let address = key.address
        let domain = SigningDomain(name: "StorjChannels", version: "1", chainID: 0, contract: address)
        let channel = Keccak256.hash([1])
        var last = Bytes32()
        var wrong = 0
        let seconds = Stopwatch.threadCPU.best(of: count > 100 ? 3 : 1) {
            for index in 0..<count {
                let voucher = Voucher(
                    channel: channel, cumulative: TokenAmount(UInt64(index)), period: UInt32(index), statement: channel)
                let signed = voucher.signed(by: key, in: domain)
                if (try? signed.signer(in: domain)) != address { wrong += 1 }
                last = signed.signature.r
            }
        }
        return Benchmark.Result(
            figure: Double(count) / seconds, digest: Benchmark.digest(last.bytes),
            detail: wrong == 0 ? "" : "\(wrong) wrong")
    }

    /// Submits operations that are signed already, as many at a time as there are senders.
    static func durable(senders: Int, perSender: Int) async throws -> Benchmark.Result {
        try await Workload.withFolder { folder in
            let workload = try await LedgerWorkload(folder: folder.path, senders: senders)
            let operations = workload.operations(perSender: perSender)
            let start = Stopwatch.wall.read()
            let cpu = Stopwatch.processCPU.read()
            try await workload.submit(operations)
            let seconds = Stopwatch.wall.read() - start
            let work = Stopwatch.processCPU.read() - cpu
            let digest = try await workload.digest()
            try await workload.ledger.close()
            let count = Double(senders * perSender)
            return Benchmark.Result(
                figure: count / seconds, digest: digest,
                detail: String(format: "%.0f CPU µs each", work / count * 1e6))
        }
    }

    /// Reads the log again: as its keeper, who trusts its own blocks, or as a stranger, who checks all signatures.
    static func replay(senders: Int, perSender: Int, asStranger: Bool) async throws -> Benchmark.Result {
        try await Workload.withFolder { folder in
            let workload = try await LedgerWorkload(folder: folder.path, senders: senders)
            try await workload.submit(workload.operations(perSender: perSender))
            try await workload.ledger.closeBlock()
            let digest = try await workload.digest()
            let lineCount = try await workload.ledger.read { $0.lineCount }
            try await workload.ledger.close()
            let copy = folder.appending(path: "copy")
            try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
            for name in ["ledger.log", "ledger.mark"] {
                try FileManager.default.copyItem(at: folder.appending(path: name), to: copy.appending(path: name))
            }
            let start = Stopwatch.wall.read()
            let cpu = Stopwatch.processCPU.read()
            if asStranger {
                let finding = try await LedgerAudit.verify(file: copy.path + "/ledger.log")
                guard finding.holds else { throw LedgerError.damaged(finding.objection ?? "") }
            } else {
                try await open(copy.path).close()
            }
            let seconds = Stopwatch.wall.read() - start
            let work = Stopwatch.processCPU.read() - cpu
            return Benchmark.Result(
                figure: Double(lineCount) / work, digest: digest,
                detail: String(format: "%.0f/s as people see it", Double(lineCount) / seconds))
        }
    }

    // MARK: Parts

    private init(folder: String, senders count: Int) async throws {
        ledger = try await Self.open(folder)
        senders = try (0..<count).map { try Self.key(UInt64($0) + 10) }
        farmer = try Self.key(2)
        let backend = EmbeddedBackend(ledger)
        let keeper = KeySigner(try Self.key(1))
        for sender in senders {
            _ = try await backend.submit(.mint(to: sender.address, TokenAmount(1_000_000_000)), by: keeper)
            _ = try await backend.submit(
                .channel(.open(channel(of: sender), TokenAmount(100_000_000))), by: KeySigner(sender))
        }
    }

    private static func open(_ folder: String) async throws -> EmbeddedLedger {
        try await EmbeddedLedger.open(folder: folder, operator: try key(1), clock: .system, logger: silent)
    }

    private static func key(_ number: UInt64) throws -> PrivateKey { try PrivateKey(secret: UInt256(number).bytes32) }

    private func channel(of sender: PrivateKey) -> Channel {
        Channel(
            payer: sender.address, farmer: farmer.address, signer: sender.address, challenge: 86400, salt: Bytes32())
    }

    /// What each sender does, in order; its first operation was the opening of its channel.
    private func operations(perSender count: Int) -> [[SignedOperation]] {
        let domains = ledger.description.domains
        return senders.map { sender in
            let channel = channel(of: sender)
            let address = sender.address
            return (1...count).map { number in
                let voucher = Voucher(
                    channel: channel.id, cumulative: TokenAmount(UInt64(number) * 10), period: UInt32(number),
                    statement: Bytes32()
                ).signed(by: sender, in: domains.channels)
                let operation: SettlementOperation =
                    number % 2 == 0
                    ? .channel(.claim(channel, voucher)) : .transfer(to: farmer.address, TokenAmount(UInt64(number)))
                let id = UInt256(UInt64(number)).bytes32
                let digest = SignedOperation.digest(
                    sender: address, number: UInt64(number), id: id, operation: operation, in: ledger.domain)
                return SignedOperation(
                    sender: address, number: UInt64(number), id: id, operation: operation,
                    signature: sender.sign(digest))
            }
        }
    }

    private func submit(_ operations: [[SignedOperation]]) async throws {
        try await Workload.concurrently(operations.count, width: operations.count) { index in
            for operation in operations[index] { _ = try await ledger.submit(operation) }
        }
    }

    /// Of what everybody has in the end, in whatever order it was done.
    private func digest() async throws -> String {
        let addresses = senders.map(\.address) + [farmer.address]
        let units = try await ledger.read { books in addresses.map { books.state.balances[$0]?.units ?? 0 } }
        return Benchmark.digest(units.flatMap { UInt256($0).bytes32.bytes })
    }
}
