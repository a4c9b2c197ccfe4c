import Blake3
import DRPC
import Heartbeats
import Identity
import Logging
import Market
import Metabase
import NIOCore
import Orders
import PieceStore
import StorageModel
import StorageNode
import Synchronization
import TestSupport
import WireMessages

/// A real storage node over a disk in memory: it takes uploads through its endpoint and answers heartbeats with it.
final class RealNode: Sendable {
    let identity: NodeIdentity
    let address: String
    let disk: FaultyFileSystem
    private let place: Marketplace
    private let pool = BlockingPool(threads: 2)
    private let state = Mutex<(store: PieceStore, reporter: AmnestyReporter)?>(nil)
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(in place: Marketplace, index: Int) async throws {
        self.place = place
        identity = NodeIdentity.generate(random: place.random)
        address = "127.0.0.1:\(5000 + index)"
        disk = FaultyFileSystem(random: place.random)
        try await start()
        var request = Node_CheckInRequest()
        request.address = address
        request.version.version = "v3.0.1"
        request.capacity.freeDisk = 1 << 40
        request.features = NodeFeatures.heartbeats
        request.operator.wallet = "0x" + String(repeating: "ab", count: 20)
        _ = try await place.network.dialer(as: identity.peer).connect(to: place.url).call(NodeMethods.checkIn, request)
    }

    var id: NodeID { identity.id }

    /// The pieces.
    var store: PieceStore {
        get throws {
            guard let store = state.withLock({ $0?.store }) else { throw PieceStoreError(.closed, "not started") }
            return store
        }
    }

    /// Starts with what is on the disk.
    func start() async throws {
        let clock = place.clock.wallClock
        let dialer = place.network.dialer(as: identity.peer)
        let store = try await PieceStore.open(
            folder: "/node/pieces", fileSystem: disk, pool: pool, clock: clock, random: place.random, logger: logger)
        let trust = TrustList(satellites: [place.url], dialer: dialer, logger: logger)
        try disk.createFolder("/node/state")
        let reporter = try AmnestyReporter(
            parts: .init(store: store, trust: trust, pool: pool, dialer: dialer, clock: clock, logger: logger),
            folder: "/node/state", fileSystem: disk)
        let space = SpaceMeter(store: store, allocated: 1 << 40)
        try await space.refresh()
        var router = RPCRouter()
        ContactEndpoint(trust: trust, lastContact: LastContact(), clock: clock).register(in: &router)
        PieceEndpoint(
            parts: .init(
                identity: identity, store: store, trust: trust,
                orders: try OrderStore(
                    folder: "/node/orders", fileSystem: disk, pool: pool, clock: clock, logger: logger),
                space: space, lastContact: LastContact(), settings: StorageNodeSettings(), clock: clock, logger: logger,
                spaceChanged: { _ in }),
            serials: SerialNumberStore()
        ).register(in: &router)
        HeartbeatEndpoint(
            parts: .init(
                identity: identity, store: store, trust: trust, reporter: reporter, clock: clock, logger: logger),
            pledges: try HeartbeatPledges(folder: "/node/heartbeats", fileSystem: disk, pool: pool),
            maximumChallenges: 2
        ).register(in: &router)
        place.network.register(router, identity: identity.peer, address: address)
        state.withLock { $0 = (store, reporter) }
    }

    /// Loses power and starts again.
    func crash() async throws {
        disk.crash()
        try await start()
    }

    /// Takes an upload as from a client; the hash that the node signed.
    func upload(_ id: PieceID, _ content: [UInt8]) async throws -> Bytes32 {
        let key = PieceKey.generate(random: place.random)
        let now = place.clock.now
        let limit = OrderLimit(
            serialNumber: .random(using: place.random), satelliteID: place.satellite.id, storageNodeID: identity.id,
            pieceID: id, limit: Int64(content.count), action: .put, orderExpiration: now.advanced(by: .seconds(86_400)),
            orderCreation: now, uplinkPublicKey: key.publicKey
        ).signed(by: place.satellite)
        let hash = key.sign(
            PieceHash(
                pieceID: id, hash: Blake3Hasher.hash(content).bytes, pieceSize: Int64(content.count), timestamp: now,
                hashAlgorithm: .blake3))
        let connection = try await place.network.dialer(as: nil).connect(to: NodeURL(id: identity.id, address: address))
        let response = try await connection.withStream(PiecestoreMethods.upload) { stream in
            try await stream.send(PieceUploadRequest(limit: limit, hashAlgorithm: .blake3))
            try await stream.send(
                PieceUploadRequest(
                    order: key.sign(Order(serialNumber: limit.serialNumber, amount: Int64(content.count))),
                    chunk: .init(offset: 0, data: ByteBuffer(bytes: content))))
            try await stream.send(PieceUploadRequest(done: hash))
            stream.closeSend()
            return try await stream.receive()
        }
        guard let signed = response?.done.flatMap({ Bytes32($0.hash) }) else {
            throw RPCStatusError(.internal, "the upload was not taken")
        }
        return signed
    }
}

extension Marketplace {
    /// Real nodes that have checked in.
    func realNodes(_ count: Int) async throws -> [RealNode] {
        var nodes: [RealNode] = []
        for index in 0..<count { nodes.append(try await RealNode(in: self, index: index)) }
        return nodes
    }

    /// Uploads an object of one segment to nodes, one piece each; the pieces' ids.
    @discardableResult
    func upload(_ key: String, to nodes: [RealNode], size: Int64 = 50_000) async throws -> [PieceID] {
        guard let scheme = RedundancyScheme(required: 1, repair: 1, optimal: nodes.count, total: nodes.count) else {
            return []
        }
        let root = PieceID.random(using: random)
        var pieces: [SegmentPiece] = []
        var ids: [PieceID] = []
        for (number, node) in nodes.enumerated() {
            let id = root.derive(node: node.id, pieceNumber: Int32(number))
            let content = random.bytes(count: Int(scheme.pieceSize(encryptedSize: size)))
            pieces.append(SegmentPiece(number: number, node: node.id, hash: try await node.upload(id, content)))
            ids.append(id)
        }
        let segment = NewSegment(
            position: .zero,
            content: .remote(
                RemoteSegment(rootPieceID: root, redundancy: scheme, pieces: pieces, hashAlgorithm: 1)),
            plainSize: size, encryptedSize: size, encryptedKey: random.bytes(count: 48),
            encryptedKeyNonce: random.bytes(count: 24))
        _ = try await metabase.putObject(
            NewUpload(
                location: ObjectLocation(bucket: bucket, key: Array(key.utf8)),
                encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424)),
            segments: [segment], ObjectCommit(mayOverwrite: true))
        return ids
    }
}
