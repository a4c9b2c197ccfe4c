import Foundation
import Logging
import NIOCore
import PieceStore
import StorageModel

extension Benchmark {
    /// Storing pieces durably and reading them back, on the disk that holds the temporary folder.
    static var pieceStore: [Benchmark] {
        [
            durable(size: 4 << 10, "4 KiB", count: 20_000, ceiling: "80000 group commit of 64, no hash"),
            durable(size: 64 << 10, "64 KiB", count: 4_000, ceiling: "12000 group commit of 64, no hash"),
            transfer("piece store write 2 MiB", ceiling: "1.1 append 2.8 + hash 3.0 + CVs") { bench in
                try await bench.storeAll()
            },
            transfer("piece store read 2 MiB", ceiling: "2.0 page cache 6 + hash 3.0") { bench in
                try await bench.readAll()
            },
        ]
    }

    private static func durable(size: Int, _ text: String, count: Int, ceiling: String) -> Benchmark {
        Benchmark(name: "piece store put \(text)", unit: "pieces/s", ceiling: ceiling) { scale in
            let count = scale == .real ? count : 8
            return try await PieceBench.run(size: size, count: count) { bench in
                let start = Stopwatch.wall.read()
                let digest = try await bench.storeAll()
                return Result(figure: Double(count) / (Stopwatch.wall.read() - start), digest: digest)
            }
        }
    }

    private static func transfer(
        _ name: String, ceiling: String, _ work: @escaping @Sendable (PieceBench) async throws -> String
    ) -> Benchmark {
        Benchmark(name: name, unit: "GB/s of a core", ceiling: ceiling) { scale in
            let count = scale == .real ? 256 : 8
            let size = 2 << 20
            return try await PieceBench.run(size: size, count: count) { bench in
                if name.contains("read") { _ = try await bench.storeAll() }
                let start = Stopwatch.processCPU.read()
                let digest = try await work(bench)
                let seconds = Stopwatch.processCPU.read() - start
                return Result(figure: Double(size * count) / seconds / 1e9, digest: digest)
            }
        }
    }
}

/// A store on a real disk and the pieces to put in it.
private struct PieceBench: Sendable {
    let store: PieceStore
    let content: ByteBuffer
    let count: Int
    let satellite = NodeID()
    private static let workers = 64

    static func run<Result>(size: Int, count: Int, _ body: (PieceBench) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "storj-bench-\(UUID().uuidString)")
        // A folder that cannot be removed is left to the system's own clean-up.
        defer { try? FileManager.default.removeItem(at: folder) }
        let clock = WallClock { Timestamp(microseconds: 1_767_225_600_000_000) }
        let store = try await PieceStore.open(
            folder: folder.path, pool: BlockingPool(threads: 4), clock: clock, random: .system,
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        return try await body(PieceBench(store: store, content: ByteBuffer(bytes: Benchmark.input(size)), count: count))
    }

    private func pieceID(_ number: Int) -> PieceID {
        PieceID(storage: Bytes32(words: [UInt64(number), 1, 2, 3]))
    }

    /// Stores all pieces, sixty-four at a time; the digest of the hash of the last.
    func storeAll() async throws -> String {
        try await forEach { number in
            let writer = store.beginPiece(
                satellite: satellite, pieceID: pieceID(number), algorithm: .blake3, expires: nil)
            var rest = content
            while let chunk = rest.readSlice(length: min(64 << 10, rest.readableBytes)), chunk.readableBytes > 0 {
                try await writer.append(chunk)
            }
            let proof = PieceProof(
                hashTimestamp: Timestamp(microseconds: 0), hashSignature: Array(repeating: 0, count: 64),
                orderLimit: Array(repeating: 0, count: 380), expires: nil)
            return try await writer.commit(proof).hash
        }
    }

    /// Reads all pieces from end to end.
    func readAll() async throws -> String {
        try await forEach { number in
            let reader = try await store.openPiece(satellite: satellite, pieceID: pieceID(number))
            var offset: Int64 = 0
            while offset < reader.piece.size {
                let count = min(Int64(PieceReader.maximumCount), reader.piece.size - offset)
                offset += Int64(try await reader.read(offset: offset, count: Int(count)).readableBytes)
            }
            return reader.piece.hash
        }
    }

    private func forEach(_ work: @escaping @Sendable (Int) async throws -> Bytes32) async throws -> String {
        try await withThrowingTaskGroup(of: Bytes32.self) { group in
            for worker in 0..<min(Self.workers, count) {
                group.addTask {
                    var last = Bytes32()
                    for number in stride(from: worker, to: count, by: Self.workers) { last = try await work(number) }
                    return last
                }
            }
            var last = Bytes32()
            for try await hash in group { last = hash }
            return Benchmark.digest(last.bytes)
        }
    }
}
