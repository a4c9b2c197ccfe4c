import Blake3
import Chores
import DRPC
import Foundation
import Identity
import Logging
import NIOCore
import Orders
import PieceStore
import StorageModel
import StorageNode
import Synchronization
import TestSupport
import WireMessages

/// A node with everything that looks after its pieces, over a disk in memory that can fail and a network in memory. It can
/// be killed and started again.
final class UpkeepFixture: Sendable {
    let disk: FaultyFileSystem
    let clock = TestClock()
    let random: RandomSource
    let identity: NodeIdentity
    let satellite: NodeIdentity
    let stranger: NodeIdentity
    let stub: SatelliteStub
    let pieceKey: PieceKey
    let network = InProcessNetwork()
    /// What the node's clock is ahead of everybody's.
    let clockError: Duration
    /// Bytes a second that the scrub reads.
    let scrubRate: Int64
    private let pool = BlockingPool(threads: 2)
    private let running: Mutex<Running?>

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What dies with the process.
    struct Running: Sendable {
        let store: PieceStore
        let trust: TrustList
        let drain: DrainSwitch
        let reporter: AmnestyReporter
        let scrubber: Scrubber
        let exits: GracefulExits
        let check: CommittedSetCheck
    }

    init(seed: UInt64 = 11, clockError: Duration = .zero, scrubRate: Int64 = 1 << 20) {
        random = .seeded(seed)
        disk = FaultyFileSystem(random: .seeded(seed &+ 1))
        identity = .generate(random: random)
        satellite = .generate(random: random)
        stranger = .generate(random: random)
        pieceKey = .generate(random: random)
        stub = SatelliteStub(satellite)
        self.clockError = clockError
        self.scrubRate = scrubRate
        running = Mutex(nil)
        network.register(stub.router(), identity: satellite.peer, address: "satellite:7777")
    }

    /// The node that runs.
    var node: Running {
        guard let node = running.withLock({ $0 }) else { preconditionFailure("start the node first") }
        return node
    }

    /// The node's clock.
    var nodeClock: WallClock {
        let (clock, error) = (clock.wallClock, clockError)
        return WallClock { clock.now().advanced(by: error) }
    }

    /// Starts the node, or starts it again.
    @discardableResult
    func start() async throws -> Running {
        let (identity, clock) = (identity, nodeClock)
        let store = try await PieceStore.open(
            folder: "/node/pieces", fileSystem: disk, pool: pool, clock: clock, random: random, logger: Self.silent)
        let dialer = network.dialer(as: identity.peer)
        let trust = TrustList(
            satellites: [NodeURL(id: satellite.id, address: "satellite:7777")], dialer: dialer, logger: Self.silent)
        try disk.createFolder("/node/state")
        let drain = try DrainSwitch(folder: "/node/state", fileSystem: disk, pool: pool, clock: clock)
        let reporter = try AmnestyReporter(
            parts: .init(
                store: store, trust: trust, pool: pool, dialer: dialer, clock: clock, logger: Self.silent),
            folder: "/node/state", fileSystem: disk)
        let scrubber = try Scrubber(
            store: store, reporter: reporter, folder: "/node/state", fileSystem: disk, pool: pool, rate: scrubRate,
            interval: .seconds(30 * 86400), clock: clock, sleeper: Sleeper { _ in }, logger: Self.silent)
        let exits = try GracefulExits(
            parts: .init(
                node: identity.id, store: store, trust: trust, pool: pool, dialer: dialer, clock: clock,
                logger: Self.silent),
            folder: "/node/exits", fileSystem: disk)
        let check = CommittedSetCheck(
            parts: .init(store: store, trust: trust, reporter: reporter, dialer: dialer, logger: Self.silent))
        let node = Running(
            store: store, trust: trust, drain: drain, reporter: reporter, scrubber: scrubber, exits: exits, check: check)
        running.withLock { $0 = node }
        try await serve(node, dialer)
        return node
    }

    /// The power fails, and the node is started again.
    @discardableResult
    func crash() async throws -> Running {
        disk.crash()
        return try await start()
    }

    private func serve(_ node: Running, _ dialer: any RPCDialer) async throws {
        let space = SpaceMeter(store: node.store, allocated: 1 << 40)
        try await space.refresh()
        var router = RPCRouter()
        var parts = PieceEndpoint.Parts(
            identity: identity, store: node.store, trust: node.trust,
            orders: try OrderStore(
                folder: "/node/orders", fileSystem: disk, pool: pool, clock: nodeClock, logger: Self.silent),
            space: space, lastContact: LastContact(), settings: StorageNodeSettings(), clock: nodeClock,
            logger: Self.silent, spaceChanged: { _ in })
        parts.reporter = node.reporter
        parts.drain = node.drain
        PieceEndpoint(parts: parts, serials: SerialNumberStore()).register(in: &router)
        var heartbeats = HeartbeatEndpoint.Parts(
            identity: identity, store: node.store, trust: node.trust, reporter: node.reporter, clock: nodeClock,
            logger: Self.silent)
        heartbeats.check = node.check
        HeartbeatEndpoint(
            parts: heartbeats,
            pledges: try HeartbeatPledges(folder: "/node/heartbeats", fileSystem: disk, pool: pool),
            maximumChallenges: 2
        ).register(in: &router)
        network.register(router, identity: identity.peer, address: "node:28967")
    }

    /// A connection to the node, by default the satellite's.
    func connect(as peer: PeerIdentity?) async throws -> any RPCConnection {
        try await network.dialer(as: peer).connect(to: NodeURL(id: identity.id, address: "node:28967"))
    }

    // MARK: Pieces

    /// Stores a piece as an uplink would, with everything signed.
    @discardableResult
    func store(size: Int, algorithm: PieceHashAlgorithm = .blake3) async throws -> UploadedTestPiece {
        let content = random.bytes(count: size)
        let id = PieceID.random(using: random)
        let limit = LimitFields(
            serialNumber: .random(using: random), satelliteID: satellite.id, storageNodeID: identity.id, pieceID: id,
            limit: Int64(size), action: .put, orderCreation: clock.now,
            orderExpiration: clock.now.advanced(by: .seconds(86400)), uplinkPublicKey: pieceKey.publicKey,
            signer: satellite
        ).signed
        let hash = pieceKey.sign(
            PieceHash(
                pieceID: id, hash: TestHash.of(content, algorithm), pieceSize: Int64(size), timestamp: clock.now,
                hashAlgorithm: algorithm))
        let writer = node.store.beginPiece(
            satellite: satellite.id, pieceID: id, algorithm: algorithm == .blake3 ? .blake3 : .sha256, expires: nil)
        for start in stride(from: 0, to: size, by: 64 << 10) {
            try await writer.append(ByteBuffer(bytes: content[start..<min(start + (64 << 10), size)]))
        }
        _ = try await writer.commit(
            PieceProof(
                hashTimestamp: clock.now, hashSignature: hash.signature, orderLimit: limit.encoded, expires: nil))
        return UploadedTestPiece(id: id, content: content, hash: hash, limit: limit)
    }

    /// Whether the node's store has a piece.
    func has(_ piece: UploadedTestPiece) -> Bool { node.store.isStored(satellite: satellite.id, pieceID: piece.id) }

    /// Spoils a byte of a piece's content, wherever it lies.
    func spoil(_ piece: UploadedTestPiece, at offset: Int = 0) throws {
        for path in disk.paths where path.contains("/log-") {
            let file = try disk.open(path, .read)
            let bytes = try file.bytes(at: 0, count: Int(try file.size()))
            guard let start = bytes.firstRange(of: piece.content)?.lowerBound else { continue }
            return disk.flipByte(of: path, at: Int64(start + offset))
        }
        preconditionFailure("the piece is on the disk")
    }

    /// Downloads a piece whole; the code of the refusal.
    func download(_ piece: UploadedTestPiece) async throws -> RPCStatusCode? {
        let limit = LimitFields(
            serialNumber: .random(using: random), satelliteID: satellite.id, storageNodeID: identity.id, pieceID: piece.id,
            limit: Int64(piece.content.count), action: .getAudit, orderCreation: nodeClock.now(),
            orderExpiration: nodeClock.now().advanced(by: .seconds(86400)), uplinkPublicKey: pieceKey.publicKey,
            signer: satellite
        ).signed
        let size = Int64(piece.content.count)
        return try await status {
            try await connect(as: satellite.peer).withStream(PiecestoreMethods.download) { stream in
                try await stream.send(
                    PieceDownloadRequest(
                        limit: limit, order: pieceKey.sign(Order(serialNumber: limit.serialNumber, amount: size)),
                        chunk: .init(offset: 0, size: size), maximumChunkSize: 16 << 10))
                stream.closeSend()
                while try await stream.receive() != nil {}
            }
        }
    }
}

/// A piece that was stored with everything an uploader signs.
struct UploadedTestPiece: Sendable {
    let id: PieceID
    let content: [UInt8]
    let hash: PieceHash
    let limit: OrderLimit
}
