import Chores
import DRPC
import Database
import Foundation
import Identity
import Logging
import Metabase
import Orders
import Overlay
import PieceTransfer
import StorageModel
import Upkeep
import WireMessages

extension Benchmark {
    /// Upload and repair of the same segments over TLS, one after the other in one run: what one costs says what the other
    /// may cost.
    static var repair: [Benchmark] {
        let name = "segment repair 29/80"
        return [
            repair("\(name), upload", unit: "MB/s of segments", ceiling: "-", .release) { $0.uploaded / 1e6 },
            repair(name, unit: "MB/s of segments", ceiling: "-", .release) { $0.repaired / 1e6 },
            repair("\(name) : upload", unit: "of upload speed", ceiling: "0.6 at least", .release) {
                $0.repaired / $0.uploaded
            },
            repair("segment repair 4/8 : upload", unit: "of upload speed", ceiling: "0.6 at least", .development) {
                $0.repaired / $0.uploaded
            },
        ]
    }

    /// Bytes of segments a second, by the clock.
    private struct Speeds: Sendable {
        var uploaded: Double
        var repaired: Double
    }

    private static func repair(
        _ name: String, unit: String, ceiling: String, _ scheme: RedundancyScheme, figure: @escaping @Sendable (Speeds) -> Double
    ) -> Benchmark {
        Benchmark(name: name, unit: unit, ceiling: ceiling) { scale in
            let (size, count) = scale == .real ? (67_000_000, 3) : (40_000, 1)
            let network = try await RepairNetwork(scheme: scheme)
            return try await network.whileRunning {
                let start = ContinuousClock.now
                let places = try await network.upload(size: size, count: count)
                let middle = ContinuousClock.now
                try await network.loseNodes(of: places)
                let second = ContinuousClock.now
                try await network.repair()
                let end = ContinuousClock.now
                let digest = try await network.check(places)
                let bytes = Double(size * count)
                return Result(
                    figure: figure(
                        Speeds(uploaded: bytes / ((middle - start) / .seconds(1)), repaired: bytes / ((end - second) / .seconds(1)))),
                    digest: digest)
            }
        }
    }
}

/// A satellite's rooms for repair, with nodes that keep pieces in memory behind TLS.
private final class RepairNetwork: Sendable {
    private let scheme: RedundancyScheme
    private let nodes: [KeepingNode]
    private let servers: [RPCServer]
    private let nodeLoops = RPCEventLoops(threadCount: 2)
    private let loops = RPCEventLoops(threadCount: 2)
    private let dialer: TLSDialer
    private let issuer: OrderLimitIssuer
    private let metabase: Metabase
    private let overlay: Overlay
    private let loop: RangedLoop
    private let repairs: Repairs
    private let uploader: PieceUploader
    private let memory = TransferMemory(budget: 256 << 20)
    private let content = Benchmark.input(64 << 10)
    private let network = InProcessNetwork()
    private let satellite = NodeIdentity.generate(random: .system)
    private let addresses: [String]
    private static let clock = WallClock { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)) }
    private static let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    private static let address = "satellite:7777"
    /// Segments that go up, and are repaired, at the same time.
    private static let width = 2

    init(scheme: RedundancyScheme) async throws {
        self.scheme = scheme
        // Enough for the pieces that are lost besides those that are offered at first.
        nodes = (0..<2 * scheme.totalShares).map { _ in KeepingNode(clock: Self.clock) }
        var servers: [RPCServer] = []
        var addresses: [String] = []
        for node in nodes {
            let server = try RPCServer(
                identity: node.identity, router: node.router, settings: RPCServerSettings(), eventLoops: nodeLoops,
                logger: Self.logger)
            addresses.append(try await server.bind())
            servers.append(server)
        }
        self.servers = servers
        self.addresses = addresses
        var settings = RPCDialerSettings()
        settings.maximumIdlePerNode = 8
        settings.maximumIdle = 1000
        dialer = try TLSDialer(identity: satellite, settings: settings, eventLoops: loops)
        issuer = OrderLimitIssuer(
            identity: satellite, cipher: OrderMetadataCipher(keys: [RandomSource.system.bytes(count: 32)]))
        let database = try Database.open(.memory)
        metabase = Metabase(database: database, clock: Self.clock, random: .system)
        try await metabase.load()
        var overlaySettings = OverlaySettings()
        overlaySettings.allowPrivateAddresses = true
        overlaySettings.distinctSubnet = false
        overlay = Overlay(
            database: database, settings: overlaySettings, dialer: dialer,
            resolver: AddressResolver { _ in throw OverlayError.badAddress("no names here") }, clock: Self.clock,
            sleeper: .system, random: .system, logger: Self.logger)
        try await overlay.load()
        loop = RangedLoop(
            metabase: metabase, settings: RangedLoopSettings(), clock: Self.clock, logger: Self.logger)
        var repairSettings = RepairSettings()
        repairSettings.concurrency = Self.width
        repairs = Repairs(
            parts: UpkeepParts(
                database: database, metabase: metabase, overlay: overlay, issuer: issuer, identity: satellite,
                dialer: dialer, clock: Self.clock, sleeper: .system, random: .system, logger: Self.logger),
            settings: repairSettings)
        try await repairs.load()
        let clock = TransferClock.system(Self.clock)
        uploader = PieceUploader(
            dialer: dialer, book: NodeBook(clock: clock), settings: TransferSettings(), clock: clock, logger: Self.logger)
        var router = RPCRouter()
        overlay.register(in: &router)
        network.register(router, identity: satellite.peer, address: Self.address)
    }

    func whileRunning<Result>(_ body: () async throws -> Result) async throws -> Result {
        let result = try await withThrowingTaskGroup(of: Void.self) { group in
            for server in servers { group.addTask { try await server.run() } }
            try await checkIn()
            let result = try await body()
            group.cancelAll()
            // The servers were told to stop: how they say so does not matter.
            while await group.nextResult() != nil {}
            return result
        }
        await dialer.close()
        await loops.shutdown()
        await nodeLoops.shutdown()
        return result
    }

    private func checkIn() async throws {
        for (node, address) in zip(nodes, addresses) {
            var request = Node_CheckInRequest()
            request.address = address
            request.version.version = "v3.0.1"
            request.capacity.freeDisk = 1 << 40
            request.operator.wallet = "0x" + String(repeating: "ab", count: 20)
            _ = try await network.dialer(as: node.identity.peer)
                .connect(to: NodeURL(id: satellite.id, address: Self.address)).call(NodeMethods.checkIn, request)
        }
    }

    // MARK: Upload

    /// Uploads segments to the first n nodes and commits them.
    func upload(size: Int, count: Int) async throws -> [SegmentPlace] {
        let bucket = BucketLocation(project: ProjectID.random(using: .system), name: "bucket")
        _ = try await metabase.createBucket(NewBucket(location: bucket))
        return try await withThrowingTaskGroup(of: SegmentPlace.self) { group in
            var places: [SegmentPlace] = []
            for index in 0..<count {
                if index >= Self.width, let place = try await group.next() { places.append(place) }
                group.addTask { try await self.upload(size, to: bucket, key: "\(index)") }
            }
            for try await place in group { places.append(place) }
            return places
        }
    }

    private func upload(_ size: Int, to bucket: BucketLocation, key name: String) async throws -> SegmentPlace {
        let key = PieceKey.generate(random: .system)
        let root = PieceID.random(using: .system)
        let terms = OrderTerms(
            action: .put, limit: scheme.pieceSize(encryptedSize: Int64(size)), rootPieceID: root,
            uplinkPublicKey: key.publicKey, metadata: nil, now: Self.clock.now(), random: .system)
        let limits = try (0..<scheme.totalShares).map { number -> AddressedLimit? in
            let id = nodes[number].identity.id
            return AddressedLimit(
                limit: try issuer.limit(terms, node: id, pieceNumber: number),
                node: NodeURL(id: id, address: addresses[number]))
        }
        let assignment = SegmentAssignment(scheme: scheme, limits: limits, privateKey: key)
        let segment = try SegmentBuffer(scheme: scheme, blockSize: 7424, capacity: Int64(size), memory: memory)
        async let pieces = uploader.upload(segment, assignment: assignment) { _ in assignment }
        for start in stride(from: 0, to: size, by: content.count) {
            let count = min(content.count, size - start)
            try await segment.write(count: count) { $0.copyBytes(from: content[..<count]) }
        }
        segment.finish()
        let stored = try await pieces.map {
            SegmentPiece(number: $0.number, node: $0.node, hash: Bytes32($0.hash.hash))
        }
        let new = NewSegment(
            position: .zero,
            content: .remote(
                RemoteSegment(rootPieceID: root, redundancy: scheme, pieces: stored, hashAlgorithm: 1)),
            plainSize: Int64(size), encryptedSize: Int64(size), encryptedKey: [UInt8](repeating: 1, count: 48),
            encryptedKeyNonce: [UInt8](repeating: 1, count: 24))
        let upload = NewUpload(
            location: ObjectLocation(bucket: bucket, key: Array(name.utf8)),
            encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424))
        let object = try await metabase.putObject(upload, segments: [new], ObjectCommit(mayOverwrite: true))
        return SegmentPlace(stream: object.stream, position: .zero)
    }

    // MARK: Loss and repair

    private func pieces(_ place: SegmentPlace) async throws -> [SegmentPiece] {
        let segment = try await metabase.segment(of: place.stream, at: place.position)
        guard case .remote(let remote) = segment.content else { return [] }
        return remote.pieces
    }

    /// Takes nodes out for good until hardly more than k pieces of every segment are left.
    func loseNodes(of places: [SegmentPlace]) async throws {
        var holders: [Set<NodeID>] = []
        for place in places { holders.append(Set(try await pieces(place).map(\.node))) }
        for node in nodes.map(\.identity.id) {
            guard holders.allSatisfy({ !$0.contains(node) || $0.count > scheme.requiredShares }) else { continue }
            for index in holders.indices { holders[index].remove(node) }
            try await overlay.disqualify(node, reason: .auditFailure)
            if holders.allSatisfy({ $0.count <= scheme.repairShares }) { break }
        }
        precondition(holders.allSatisfy { $0.count <= scheme.repairShares }, "every segment needs repair")
    }

    func repair() async throws {
        try await loop.run([repairs.checker])
        try await repairs.runUntilEmpty()
    }

    /// Makes sure that every segment is whole, with the pieces it had; a digest that says so.
    func check(_ places: [SegmentPlace]) async throws -> String {
        for place in places {
            let count = try await pieces(place).count
            precondition(count >= scheme.optimalShares, "what is measured is right: \(count) pieces")
        }
        let totals = try await repairs.status().totals
        precondition(totals.repairedSegments == places.count, "every segment is repaired")
        return "-"
    }
}
