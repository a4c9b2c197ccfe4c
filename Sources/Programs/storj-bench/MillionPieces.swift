import Foundation
import Logging
import NIOCore
import PieceStore
import StorageModel
import Subprocesses

/// A store with a million small pieces on a real disk, made once for all benchmarks that need one.
actor MillionPieces {
    static let shared = MillionPieces()

    private static let satellite = NodeID()
    private static let workers = 1024
    private static let clock = WallClock { Timestamp(microseconds: 1_767_225_600_000_000) }
    private var folders: [Int: URL] = [:]

    /// What an operation took.
    struct Cost: Codable, Sendable {
        /// As people see it.
        let seconds: Double
        /// How much more memory the process had at most, in bytes.
        let peakBytes: Int64
        /// Pieces that were there, or touched.
        let count: Int
    }

    /// How the store was left.
    private enum End {
        /// In good order.
        case closed
        /// Killed: the last hundred thousand pieces are not in the index, and a log ends in rubbish.
        case killed
        /// Its index is gone.
        case unindexed
    }

    /// What is measured.
    enum Operation: String, Sendable {
        case startClosed = "start-closed"
        case startKilled = "start-killed"
        case startUnindexed = "start-unindexed"
        case garbage
    }

    /// Does it in this process.
    func measure(_ operation: Operation, count: Int) async throws -> Cost {
        try await Self.measure(operation, in: try await folder(count), count: count)
    }

    /// Does it in a process of its own, which has held no memory before.
    func measureApart(_ operation: Operation, count: Int) async throws -> Cost {
        let folder = try await folder(count)
        let output = Pipe()
        let process = try Subprocess(
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath(),
            ["million-pieces", operation.rawValue, folder.path, "\(count)"], output: .pipe(output))
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.wait()
        return try JSONDecoder().decode(Cost.self, from: answer)
    }

    /// Does it to a store that was made before.
    static func measure(_ operation: Operation, in folder: URL, count: Int) async throws -> Cost {
        switch operation {
        case .startClosed: try await start(folder, after: .closed, count: count)
        case .startKilled: try await start(folder, after: .killed, count: count)
        case .startUnindexed: try await start(folder, after: .unindexed, count: count)
        case .garbage: try await collectGarbage(folder, count: count)
        }
    }

    /// Opens the store as it was left.
    private static func start(_ folder: URL, after end: End, count: Int) async throws -> Cost {
        let index = try spoil(folder, end, count)
        let before = Memory.beginPeak()
        let start = Stopwatch.wall.read()
        let store = try await open(folder)
        let seconds = Stopwatch.wall.read() - start
        let peak = Memory.peak() - before
        let found = store.usage.livePieces
        await store.close()
        if let index { try index.content.write(to: index.url) }
        return Cost(seconds: seconds, peakBytes: peak, count: found)
    }

    /// Puts a tenth of the pieces in the trash, and takes them out again afterwards.
    private static func collectGarbage(_ folder: URL, count: Int) async throws -> Cost {
        let store = try await open(folder)
        var filter = BloomFilter(
            seed: 7, expectedCount: count, falsePositiveRate: 0.1, maximumSize: 4 << 20)
        for number in 0..<count where number % 10 != 0 { filter.insert(pieceID(number)) }
        let before = Memory.beginPeak()
        let start = Stopwatch.wall.read()
        let result = try await store.retain(
            satellite: satellite, filter: filter, createdBefore: clock.now().advanced(by: .seconds(10)))
        let seconds = Stopwatch.wall.read() - start
        let peak = Memory.peak() - before
        _ = try await store.restoreTrash(satellite: satellite)
        await store.close()
        return Cost(seconds: seconds, peakBytes: peak, count: result.trashed)
    }

    private static func pieceID(_ number: Int) -> PieceID {
        // Ids as random as real ones: the filter reads its bits from them.
        var word = UInt64(number) &+ 0x9e37_79b9_7f4a_7c15
        let words = (0..<4).map { _ in
            word = (word ^ word >> 29) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ word >> 32) &+ 0x94d0_49bb_1331_11eb
            return word
        }
        return PieceID(storage: Bytes32(words: words))
    }

    private func folder(_ count: Int) async throws -> URL {
        if let folder = folders[count] { return folder }
        let folder = FileManager.default.temporaryDirectory.appending(path: "storj-bench-\(UUID().uuidString)")
        let store = try await Self.open(folder)
        try await Self.fill(store, count)
        await store.close()
        folders[count] = folder
        Cleanup.add(folder)
        return folder
    }

    private static func open(_ folder: URL) async throws -> PieceStore {
        try await PieceStore.open(
            folder: folder.path, pool: BlockingPool(threads: 4), clock: clock, random: .system,
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    }

    private static func fill(_ store: PieceStore, _ count: Int) async throws {
        let content = ByteBuffer(bytes: Benchmark.input(256))
        let proof = PieceProof(
            hashTimestamp: Timestamp(microseconds: 0), hashSignature: Array(repeating: 0, count: 64),
            orderLimit: Array(repeating: 0, count: 380), expires: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<min(workers, count) {
                group.addTask {
                    for number in stride(from: worker, to: count, by: workers) {
                        let writer = store.beginPiece(
                            satellite: satellite, pieceID: pieceID(number), algorithm: .blake3, expires: nil)
                        try await writer.append(content)
                        _ = try await writer.commit(proof)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Leaves the store as a killed process, or a lost file, would; what to write back afterwards.
    private static func spoil(_ folder: URL, _ end: End, _ count: Int) throws -> (url: URL, content: Data)? {
        guard end != .closed else { return nil }
        let name = Base32.encode(satellite.bytes).lowercased()
        let files = folder.appending(path: name)
        let url = files.appending(path: "index")
        let content = try Data(contentsOf: url)
        if end == .unindexed {
            try FileManager.default.removeItem(at: url)
            return (url, content)
        }
        let cut = min(count / 10, 100_000) * 64
        try content.prefix(content.count - cut).write(to: url)
        let logs = try FileManager.default.contentsOfDirectory(atPath: files.path).filter { $0.hasPrefix("log-") }.sorted()
        if let log = logs.last {
            let handle = try FileHandle(forWritingTo: files.appending(path: log))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(repeating: 0x5a, count: 1 << 20))
            try handle.close()
        }
        return (url, content)
    }
}

/// How much memory the process has, as the kernel counts it.
enum Memory {
    /// Forgets the peak; the memory at this moment in bytes.
    static func beginPeak() -> Int64 {
        // Five: the kernel's number for the peak alone. Without the right to, the peak of the whole run stays.
        try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .ascii)
        return read("VmRSS:")
    }

    /// The most since then.
    static func peak() -> Int64 { read("VmHWM:") }

    private static func read(_ key: String) -> Int64 {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int64($0) })
        else { return 0 }
        return kilobytes << 10
    }
}

/// Folders that go when the program does.
private enum Cleanup {
    nonisolated(unsafe) private static var folders: [URL] = []

    /// Called by one actor only.
    static func add(_ folder: URL) {
        if folders.isEmpty {
            atexit { for folder in Cleanup.folders { try? FileManager.default.removeItem(at: folder) } }
        }
        folders.append(folder)
    }
}
