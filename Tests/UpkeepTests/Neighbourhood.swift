import Chores
import DRPC
import Database
import Identity
import Logging
import Metabase
import Orders
import Overlay
import PieceStore
import StorageModel
import Synchronization
import TestSupport
import Upkeep
import WireMessages

/// A satellite's rooms for upkeep without sockets, with nodes that note which filters they get, and real ones.
final class Neighbourhood: Sendable {
    let clock = TestClock()
    let random = RandomSource.seeded(5)
    let network = InProcessNetwork()
    let satellite: NodeIdentity
    let database: Database
    let metabase: Metabase
    let overlay: Overlay
    let loop: RangedLoop
    let project: ProjectID
    let dialer: any RPCDialer
    let issuer: OrderLimitIssuer
    let received = Mutex<[NodeID: [Piecestore_RetainRequest]]>([:])
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    /// Threads for the disks of real nodes.
    let pool = BlockingPool(threads: 2)
    /// Real nodes want some, though nothing goes over them here.
    let eventLoops = RPCEventLoops(threadCount: 1)
    /// Where nodes and clients find the satellite.
    static let address = "satellite.example.test:7777"

    /// - Parameters:
    ///   - database: where the satellite's database is; in memory unless a test restores old ones.
    ///   - change: adjusts what the satellite asks of nodes.
    init(
        parallelism: Int = 2, batchSize: Int = 7, database location: DatabaseLocation = .memory,
        overlay change: (inout OverlaySettings) -> Void = { _ in }
    ) async throws {
        satellite = NodeIdentity.generate(random: random)
        issuer = OrderLimitIssuer(
            identity: satellite, cipher: OrderMetadataCipher(keys: [random.bytes(count: 32)]))
        database = try Database.open(location)
        metabase = Metabase(database: database, clock: clock.wallClock, random: random)
        try await metabase.load()
        dialer = network.dialer(as: satellite.peer)
        var overlaySettings = OverlaySettings()
        overlaySettings.allowPrivateAddresses = true
        change(&overlaySettings)
        overlay = Overlay(
            database: database, settings: overlaySettings, dialer: dialer,
            resolver: AddressResolver { _ in throw OverlayError.badAddress("no names here") },
            clock: clock.wallClock, sleeper: Sleeper { _ in try await neverEnding() }, random: random, logger: logger)
        try await overlay.load()
        var router = RPCRouter()
        overlay.register(in: &router)
        network.register(router, identity: satellite.peer, address: Self.address)
        var settings = RangedLoopSettings()
        settings.parallelism = parallelism
        settings.batchSize = batchSize
        loop = RangedLoop(metabase: metabase, settings: settings, clock: clock.wallClock, logger: logger)
        project = ProjectID.random(using: random)
        _ = try await metabase.createBucket(NewBucket(location: bucket))
    }

    var bucket: BucketLocation { BucketLocation(project: project, name: "bucket") }

    func collector(_ settings: GarbageSettings = GarbageSettings()) async throws -> GarbageCollector {
        let collector = GarbageCollector(parts: parts(), settings: settings, loop: loop)
        try await collector.load()
        return collector
    }

    /// Nodes that have checked in and take filters.
    func startNodes(_ count: Int) async throws -> [NodeIdentity] {
        var nodes: [NodeIdentity] = []
        for index in 0..<count {
            let node = NodeIdentity.generate(random: random)
            let address = "127.0.0.1:\(4000 + index)"
            var router = RPCRouter()
            router.unary(ContactMethods.pingNode) { _, _ in Node_ContactPingResponse() }
            router.unary(PiecestoreMethods.retain) { request, _ in
                self.received.withLock { $0[node.id, default: []].append(request) }
                return Piecestore_RetainResponse()
            }
            router.stream(PiecestoreMethods.retainBig) { stream, _ in
                while let request = try await stream.receive() {
                    self.received.withLock { $0[node.id, default: []].append(request) }
                }
                try await stream.send(Piecestore_RetainResponse())
            }
            network.register(router, id: node.id, address: address)
            try await checkIn(node, at: address)
            nodes.append(node)
        }
        return nodes
    }

    /// Lets a node say hello, as it does in real life.
    func checkIn(_ node: NodeIdentity, at address: String, freeDisk: Int64 = 1 << 40) async throws {
        var request = Node_CheckInRequest()
        request.address = address
        request.version.version = "v3.0.1"
        request.capacity.freeDisk = freeDisk
        request.operator.wallet = "0x" + String(repeating: "ab", count: 20)
        let connection = try await network.dialer(as: node.peer).connect(
            to: NodeURL(id: satellite.id, address: Self.address))
        _ = try await connection.call(NodeMethods.checkIn, request)
    }

    /// What upkeep's components are built from.
    func parts(sleeper: Sleeper = Sleeper { _ in try await neverEnding() }) -> UpkeepParts {
        UpkeepParts(
            database: database, metabase: metabase, overlay: overlay, issuer: issuer, identity: satellite,
            dialer: dialer, clock: clock.wallClock, sleeper: sleeper, random: random, logger: logger)
    }

    /// A segment whose pieces lie on nodes; piece number = index.
    func segment(_ nodes: [NodeID], index: Int32 = 0, size: Int64 = 100_000) -> NewSegment {
        let pieces = nodes.enumerated().map { SegmentPiece(number: $0, node: $1, hash: nil) }
        return NewSegment(
            position: SegmentPosition(part: 0, index: index) ?? .zero,
            content: .remote(
                RemoteSegment(
                    rootPieceID: PieceID.random(using: random), redundancy: .development, pieces: pieces,
                    hashAlgorithm: 1)),
            plainSize: size, encryptedSize: size, encryptedKey: random.bytes(count: 48),
            encryptedKeyNonce: random.bytes(count: 24))
    }

    func newUpload(_ key: String) -> NewUpload {
        NewUpload(
            location: ObjectLocation(bucket: bucket, key: Array(key.utf8)),
            encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424))
    }

    /// Stores an object; the ids of its pieces, with their nodes.
    @discardableResult
    func put(_ key: String, _ segments: [NewSegment]) async throws -> [(node: NodeID, piece: PieceID)] {
        _ = try await metabase.putObject(newUpload(key), segments: segments, ObjectCommit(mayOverwrite: true))
        return segments.flatMap(Self.pieces)
    }

    static func pieces(of segment: NewSegment) -> [(node: NodeID, piece: PieceID)] {
        guard case .remote(let remote) = segment.content else { return [] }
        return remote.pieces.map {
            ($0.node, remote.rootPieceID.derive(node: $0.node, pieceNumber: Int32($0.number)))
        }
    }

    /// The filter a node got last.
    func filter(of node: NodeID) -> BloomFilter? {
        received.withLock { $0[node]?.last.flatMap { BloomFilter(encoded: Array($0.filter)) } }
    }
}

/// Suspends until cancelled.
func neverEnding() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
    try Task.checkCancellation()
}
