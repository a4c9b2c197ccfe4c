package import Database
package import Ethereum
import StorageModel

/// Reads what contracts wrote, block after block, and notices when the chain changes its mind.
///
/// It keeps the hashes of the newest blocks it has read. When one of them is not the chain's any more, everything above the
/// last common block is taken back and read anew. Lines, blocks and the place to go on are written in one transaction.
///
/// - Source: economy design §11, log scanning.
package final class LogScanner: Sendable {
    private let chain: ChainClient
    private let store: ScannerStore
    private let subject: [UInt8]
    private let settings: ScannerSettings
    private let alone = OneAtATime()

    /// The chain changed while a range was read.
    private struct ChainMoved: Error {}

    /// A scanner.
    ///
    /// - Parameters:
    ///   - name: unique in the database; tells its rows from those of others.
    ///   - subject: what it reads, for instance the contracts' addresses; other ones under the same name are refused.
    package init(
        chain: ChainClient, database: Database, name: String, subject: [Address], settings: ScannerSettings
    ) {
        self.chain = chain
        store = ScannerStore(database: database, name: name)
        self.subject = subject.flatMap(\.bytes)
        self.settings = settings
    }

    /// Makes its tables. Once, before anything else.
    ///
    /// - Throws: `LedgerError.wrongLedger` when the rows are of another chain or other contracts; `DatabaseError`.
    package func open() async throws {
        try await store.open(chain: chain.chainID, subject: subject, start: settings.start)
    }

    /// What was learnt after a position (0 for the beginning), in order, and the newest block read. Asks no endpoint.
    package func changes(after position: Int64, limit: Int) async throws -> (changes: [LogChange], head: UInt64) {
        try await store.changes(after: position, limit: limit)
    }

    /// Reads up to the newest block. Calls made meanwhile wait for their turn.
    ///
    /// - Parameter filters: asked once the newest block is known: what is wanted by then is looked for in all that follow.
    /// - Throws: `LedgerError`; what was read before stays.
    package func scan(_ filters: () async throws -> [LogFilter]) async throws -> ScanReport {
        try await alone.run {
            var report = ScanReport(head: 0)
            for _ in 0..<settings.attempts {
                do { return try await round(filters, &report) } catch is ChainMoved { continue }
            }
            throw LedgerError.unreachable("the chain changes faster than it can be read")
        }
    }

    private func round(
        _ wanted: () async throws -> [LogFilter], _ report: inout ScanReport
    ) async throws -> ScanReport {
        let head = try await chain.head()
        let filters = try await wanted()
        var progress = try await store.progress()
        if try await follow(&progress, head, &report) { progress = try await store.progress() }
        var size = settings.firstRange
        while progress.next <= head.number {
            let last = min(head.number, progress.next + (size - 1))
            do {
                let range = try await read(filters, from: progress.next, to: last, after: progress.blocks.first, head)
                try await store.append(range)
                report.blockCount += last - progress.next + 1
                report.added += range.logs.count
                progress.next = range.next
                progress.blocks = range.blocks.last.map { [$0] } ?? progress.blocks
                size = min(size * 2, settings.maximumRange)
            } catch let error where Self.isTooMuch(error) && last > progress.next {
                // The part that was too large is asked in halves, and the halves of those if need be.
                size = max((last - progress.next + 1) / 2, 1)
            }
        }
        report.head = progress.next > 0 ? progress.next - 1 : 0
        return report
    }

    private static func isTooMuch(_ error: any Error) -> Bool {
        if let failure = error as? RPCFailure { return failure.kind == .tooMany }
        // An answer above our own limit, and one that takes too long, get better with fewer blocks too.
        if case .malformed(let part)? = error as? LedgerError { return part.hasPrefix("answer: more than") }
        if case .unreachable(let reason)? = error as? LedgerError { return reason.hasPrefix("no answer within") }
        return false
    }

    // MARK: Following

    /// Takes back what the chain does not have any more.
    ///
    /// - Returns: whether anything was.
    private func follow(
        _ progress: inout ScannerStore.Progress, _ head: BlockHeader, _ report: inout ScanReport
    ) async throws -> Bool {
        // An endpoint that is behind what was read shows an old head: only blocks both have can differ.
        let known = progress.blocks.filter { $0.height <= head.number }
        guard let newest = known.first else { return false }
        if try await isCanonical([newest], head)[0] { return false }
        var fork: UInt64?
        var rest = known.dropFirst()
        while fork == nil, !rest.isEmpty {
            let part = Array(rest.prefix(32))
            rest = rest.dropFirst(part.count)
            fork = zip(part, try await isCanonical(part, head)).first { $0.1 }?.0.height
        }
        report.wasDeep = report.wasDeep || fork == nil
        report.retracted += try await store.retract(above: fork, start: settings.start)
        return true
    }

    private func isCanonical(_ blocks: [ScannerStore.KnownBlock], _ head: BlockHeader) async throws -> [Bool] {
        let headers = try await chain.headers(blocks.map(\.height))
        return try zip(blocks, headers).map { block, header in
            // A block below the head is there; an endpoint without it is not one to believe.
            guard let header else { throw LedgerError.unreachable("an endpoint lacks block \(block.height)") }
            return header.hash == block.hash
        }
    }

    // MARK: Reading

    private func read(
        _ filters: [LogFilter], from first: UInt64, to last: UInt64, after known: ScannerStore.KnownBlock?,
        _ head: BlockHeader
    ) async throws -> ScannerStore.Range {
        let before = try await ends(first, last)
        if let known, known.height + 1 == first, before[0].parent != known.hash { throw ChainMoved() }
        if last == head.number, before[1].hash != head.hash { throw ChainMoved() }
        var logs: [ChainLog] = []
        for filter in filters { logs += try await chain.logs(filter, from: first, to: last) }
        if filters.count > 1 { logs = Self.merged(logs) }
        let times = try await times(of: logs, before)
        let blocks = try await blocks(from: first, to: last, before, head)
        guard try await ends(first, last) == before else { throw ChainMoved() }
        return ScannerStore.Range(
            logs: Self.found(logs, times), blocks: blocks, next: last + 1)
    }

    private func ends(_ first: UInt64, _ last: UInt64) async throws -> [BlockHeader] {
        let headers = try await chain.headers([first, last]).compactMap { $0 }
        guard headers.count == 2 else { throw ChainMoved() }
        return headers
    }

    private static func found(_ logs: [ChainLog], _ times: [UInt64]) -> [ScannerStore.FoundLog] {
        var counts: [Bytes32: UInt32] = [:]
        return zip(logs, times).map { log, time in
            let ordinal = counts[log.transaction, default: 0]
            counts[log.transaction] = ordinal + 1
            return ScannerStore.FoundLog(log: log, time: time, ordinal: ordinal)
        }
    }

    /// Lines that several filters found count once.
    private static func merged(_ logs: [ChainLog]) -> [ChainLog] {
        Set(logs).sorted { ($0.height, $0.transactionIndex, $0.index) < ($1.height, $1.transactionIndex, $1.index) }
    }

    /// Headers that are held at once.
    private static let headerBatch = 100

    private func times(of logs: [ChainLog], _ ends: [BlockHeader]) async throws -> [UInt64] {
        var known = Dictionary(ends.map { ($0.number, $0) }) { first, _ in first }
        let missing = Array(Set(logs.map(\.height)).subtracting(known.keys)).sorted()
        for start in stride(from: 0, to: missing.count, by: Self.headerBatch) {
            let part = Array(missing[start..<min(start + Self.headerBatch, missing.count)])
            for case let header? in try await chain.headers(part) { known[header.number] = header }
        }
        return try logs.map { log in
            guard let header = known[log.height], header.hash == log.blockHash else { throw ChainMoved() }
            return header.time
        }
    }

    /// The hashes to keep: of each block near the head, otherwise of the last one.
    private func blocks(
        from first: UInt64, to last: UInt64, _ ends: [BlockHeader], _ head: BlockHeader
    ) async throws -> [ScannerStore.KnownBlock] {
        let near = head.number >= settings.keptBlocks ? head.number - settings.keptBlocks + 1 : 0
        var blocks: [ScannerStore.KnownBlock] = []
        var parent: Bytes32?
        let start = max(first, near)
        if start < last {
            for header in try await chain.headers(Array(start..<last)) {
                guard let header, parent == nil || header.parent == parent else { throw ChainMoved() }
                parent = header.hash
                blocks.append(ScannerStore.KnownBlock(height: header.number, hash: header.hash))
            }
        }
        guard parent == nil || ends[1].parent == parent else { throw ChainMoved() }
        return blocks + [ScannerStore.KnownBlock(height: last, hash: ends[1].hash)]
    }
}
