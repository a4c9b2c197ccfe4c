import Database
import Foundation
import Metabase
import StorageModel

extension Benchmark {
    /// Objects of one remote segment on eight of ten nodes, in a database on the disk of temporary files.
    static var metabase: [Benchmark] {
        [
            Benchmark(name: "metadata put", unit: "objects/s", ceiling: "9000 SQLite, 4 rows in batches") { scale in
                try await withObjects(scale) { objects in
                    let start = Stopwatch.wall.read()
                    try await objects.put()
                    return Stopwatch.wall.read() - start
                }
            },
            Benchmark(
                name: "metadata begin + commit", unit: "objects/s", ceiling: "9000 SQLite, 4 rows in batches"
            ) { scale in
                try await withObjects(scale) { objects in
                    let start = Stopwatch.wall.read()
                    try await objects.upload()
                    return Stopwatch.wall.read() - start
                }
            },
            Benchmark(name: "metadata read", unit: "objects/s", ceiling: "20000 SQLite") { scale in
                try await withObjects(scale) { objects in
                    try await objects.put()
                    let start = Stopwatch.wall.read()
                    try await objects.read()
                    return Stopwatch.wall.read() - start
                }
            },
        ]
    }

    private static func withObjects(
        _ scale: Scale, _ seconds: (ObjectWorkload) async throws -> Double
    ) async throws -> Result {
        try await Workload.withFolder { folder in
            let database = try Database.open(.file(path: folder.appending(path: "bench.db").path))
            let objects = try await ObjectWorkload(database: database, count: scale == .real ? 10_000 : 3)
            let taken = try await seconds(objects)
            let digest = try await objects.digest()
            try database.close()
            return Result(figure: Double(objects.count) / taken, digest: digest)
        }
    }
}

/// Objects of a bucket, as 64 clients would put and get them at once.
private struct ObjectWorkload: Sendable {
    let count: Int
    private let metabase: Metabase
    private let bucket: BucketLocation
    private let nodes: [NodeID]

    init(database: Database, count: Int) async throws {
        self.count = count
        let clock = WallClock { Timestamp(microseconds: 1_767_225_600_000_000) }
        metabase = Metabase(database: database, clock: clock, random: .system)
        bucket = BucketLocation(project: ProjectID.random(using: .system), name: "bench")
        nodes = (0..<10).map { _ in NodeID.random(using: .system) }
        try await metabase.load()
        _ = try await metabase.createBucket(NewBucket(location: bucket))
    }

    func put() async throws {
        try await Workload.concurrently(count, width: 64) { index in
            _ = try await metabase.putObject(
                newUpload(index), segments: [segment(index)], ObjectCommit(mayOverwrite: true))
        }
    }

    func upload() async throws {
        try await Workload.concurrently(count, width: 64) { index in
            let upload = try await metabase.beginUpload(newUpload(index))
            _ = try await metabase.commitObject(
                upload.reference, segments: [segment(index)], ObjectCommit(mayOverwrite: true))
        }
    }

    func read() async throws {
        try await Workload.concurrently(count, width: 64) { index in
            let download = try await metabase.download(location(index), range: .whole, limit: 10)
            precondition(download.object.plainSize == 102_400, "what is measured is right")
        }
    }

    func digest() async throws -> String {
        let last = try await metabase.object(location(count - 1))
        return Benchmark.digest(last.key, Array("\(last.plainSize)".utf8))
    }

    private func location(_ index: Int) -> ObjectLocation {
        ObjectLocation(bucket: bucket, key: Array("folder \(index / 100)/object \(index)".utf8))
    }

    private func newUpload(_ index: Int) -> NewUpload {
        NewUpload(location: location(index), encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424))
    }

    private func segment(_ index: Int) -> NewSegment {
        let pieces = (0..<8).map { number in
            SegmentPiece(
                number: number, node: nodes[(index + number) % nodes.count], hash: Bytes32(Benchmark.input(32)))
        }
        let content = RemoteSegment(
            rootPieceID: PieceID.random(using: .system), redundancy: .development, pieces: pieces, hashAlgorithm: 1)
        return NewSegment(
            position: .zero, content: .remote(content), plainSize: 102_400, encryptedSize: 103_936,
            encryptedKey: Benchmark.input(48), encryptedKeyNonce: Benchmark.input(24))
    }
}
