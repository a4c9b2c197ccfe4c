import Chores
import DRPC
import Database
import Foundation
import Identity
import Logging
import Metabase
import Orders
import Overlay
import StorageModel
import Upkeep

/// A satellite's database with many segments, and the rooms that look after them.
struct SegmentWorkload: Sendable {
    private static let segmentsPerObject = 1000

    let metabase: Metabase
    let parts: UpkeepParts
    let nodes: [NodeID]
    let segmentCount: Int
    let scheme: RedundancyScheme

    /// Fills a database on the disk of temporary files, and runs `body` with it.
    static func run<Result>(
        segments: Int, scheme: RedundancyScheme, nodes: Int, _ body: (SegmentWorkload) async throws -> Result
    ) async throws -> Result {
        try await Workload.withFolder { folder in
            let database = try Database.open(.file(path: folder.appending(path: "bench.db").path))
            let workload = try await SegmentWorkload(database, segments: segments, scheme: scheme, nodes: nodes)
            try await workload.fill()
            let result = try await body(workload)
            try database.close()
            return result
        }
    }

    private init(_ database: Database, segments: Int, scheme: RedundancyScheme, nodes: Int) async throws {
        segmentCount = segments
        self.scheme = scheme
        self.nodes = (0..<nodes).map { _ in NodeID.random(using: .system) }
        let clock = WallClock { Timestamp(microseconds: 1_767_225_600_000_000) }
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let identity = NodeIdentity.generate(random: .system)
        let dialer = InProcessNetwork().dialer(as: identity.peer)
        metabase = Metabase(database: database, clock: clock, random: .system)
        try await metabase.load()
        let overlay = Overlay(
            database: database, settings: OverlaySettings(), dialer: dialer, resolver: .system, clock: clock,
            sleeper: .system, random: .system, logger: logger)
        try await overlay.load()
        parts = UpkeepParts(
            database: database, metabase: metabase, overlay: overlay,
            issuer: OrderLimitIssuer(
                identity: identity, cipher: OrderMetadataCipher(keys: [Benchmark.input(32)])),
            identity: identity, dialer: dialer, clock: clock, sleeper: .system, random: .system, logger: logger)
    }

    /// A loop on one core.
    var loop: RangedLoop {
        var settings = RangedLoopSettings()
        settings.parallelism = 1
        return RangedLoop(metabase: metabase, settings: settings, clock: parts.clock, logger: parts.logger)
    }

    private func fill() async throws {
        let bucket = BucketLocation(project: ProjectID.random(using: .system), name: "bench")
        _ = try await metabase.createBucket(NewBucket(location: bucket))
        let hash = Bytes32(Benchmark.input(32))
        let key = Benchmark.input(48)
        let nonce = Benchmark.input(24)
        for start in stride(from: 0, to: segmentCount, by: Self.segmentsPerObject) {
            let segments = (start..<min(start + Self.segmentsPerObject, segmentCount)).map { index in
                let pieces = (0..<scheme.optimalShares).map { number in
                    SegmentPiece(number: number, node: nodes[(index * 7 + number) % nodes.count], hash: hash)
                }
                let remote = RemoteSegment(
                    rootPieceID: PieceID.random(using: .system), redundancy: scheme, pieces: pieces, hashAlgorithm: 1)
                return NewSegment(
                    position: SegmentPosition(part: 0, index: Int32(index - start)) ?? .zero, content: .remote(remote),
                    plainSize: 64 << 20, encryptedSize: 64 << 20, encryptedKey: key, encryptedKeyNonce: nonce)
            }
            let upload = NewUpload(
                location: ObjectLocation(bucket: bucket, key: Array("object \(start)".utf8)),
                encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424))
            _ = try await metabase.putObject(upload, segments: segments, ObjectCommit(mayOverwrite: true))
        }
    }
}
