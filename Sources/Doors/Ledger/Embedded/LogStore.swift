import Dispatch
import StorageModel

/// The files of a ledger, and a thread of its own for calls that block.
final class LogStore: Sendable {
    /// Bytes that wait to be written together at most, before more is taken.
    static let batchByteCount = 1 << 20
    /// Bytes a crash may leave torn at most: a batch and what was taken last.
    static let tornByteCount: UInt64 = 4 << 20

    private let queue = DispatchQueue(label: "ledger")
    private let log: any LedgerFile
    private let mark: any LedgerFile

    private init(log: any LedgerFile, mark: any LedgerFile) {
        self.log = log
        self.mark = mark
    }

    /// Opens the files in a folder, which is made when it is missing.
    static func open(folder: String, disk: any LedgerDisk) async throws -> LogStore {
        try await run(on: DispatchQueue(label: "ledger opening")) {
            try disk.createFolder(folder)
            let log = try disk.open(folder + "/ledger.log")
            let mark = try disk.open(folder + "/ledger.mark")
            try disk.synchronizeFolder(folder)
            return LogStore(log: log, mark: mark)
        }
    }

    /// How many bytes the log has.
    func size() async throws -> UInt64 { try await run { try self.log.size() } }

    /// The newest mark; nil when there is none, or a torn one.
    func readMark() async throws -> DurableMark? {
        try await run { DurableMark(encoded: try self.mark.read(at: 0, count: DurableMark.byteCount)) }
    }

    /// Up to `count` bytes of the log.
    func read(at offset: UInt64, count: Int) async throws -> [UInt8] {
        try await run { try self.log.read(at: offset, count: count) }
    }

    /// Returns when the bytes are on the disk. The mark follows; a crash may lose it.
    func write(_ bytes: [UInt8], at offset: UInt64, mark: DurableMark) async throws {
        try await run {
            try self.log.write(bytes, at: offset)
            try self.log.synchronize()
            try self.mark.write(mark.encoded, at: 0)
        }
    }

    /// Cuts a torn end off, and writes again what is newer than the mark: after a failed synchronization the system may
    /// believe that pages are on the disk which are not.
    func repair(size: UInt64, mark: DurableMark?) async throws {
        try await run {
            try self.log.truncate(to: size)
            let start = min(mark?.byteCount ?? 0, size)
            let from = max(start, size > Self.tornByteCount ? size - Self.tornByteCount : 0)
            let rest = try self.log.read(at: from, count: Int(size - from))
            try self.log.write(rest, at: from)
            try self.log.synchronize()
        }
    }

    /// Returns when the newest mark is on the disk.
    func synchronizeMark() async throws { try await run { try self.mark.synchronize() } }

    private func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await Self.run(on: queue, body)
    }

    private static func run<Result: Sendable>(
        on queue: DispatchQueue, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
