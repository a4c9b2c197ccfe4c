import Chores
import DRPC
import Identity
import Logging
import PieceStore
import StorageModel
import StorageNode
import Synchronization
import TestSupport
import WireMessages

/// A real storage node over a disk in memory: piece endpoint, store, garbage queue. It can be stopped, killed, started
/// again, lose pieces, and be made to lie.
final class Neighbour: Sendable {
    private struct Opened {
        var store: PieceStore
        var retain: RetainEndpoint
        var router: RPCRouter
    }

    let identity: NodeIdentity
    let address: String
    let disk: FaultyFileSystem
    /// The node's own clock; the neighbourhood's unless a test gave it another.
    let clock: WallClock
    let front = NodeFront()
    private let place: Neighbourhood
    private let state: Mutex<Opened>

    var id: NodeID { identity.id }
    var url: NodeURL { NodeURL(id: id, address: address) }
    /// The pieces.
    var store: PieceStore { state.withLock { $0.store } }
    /// The chore that applies filters; `triggerAndWait()` does it now.
    var garbageCollection: Cycle { state.withLock { $0.retain.cycle } }

    /// A node that answers, but has not checked in.
    init(in place: Neighbourhood, address: String, clock: WallClock) async throws {
        self.place = place
        self.address = address
        self.clock = clock
        identity = NodeIdentity.generate(random: place.random)
        disk = FaultyFileSystem(random: place.random)
        state = Mutex(try await Self.open(place, identity, disk, clock))
        start()
    }

    /// Answers again with what is in memory.
    func start() {
        place.network.register(
            state.withLock { $0.router }, identity: identity.peer, address: hiddenURL.address)
        var router = RPCRouter()
        front.register(in: &router, before: hiddenURL, dialer: place.dialer)
        place.network.register(router, identity: identity.peer, address: address)
    }

    /// Is not reachable any more.
    func stop() {
        place.network.unregister(address: address)
        place.network.unregister(address: hiddenURL.address)
    }

    /// Loses power; nobody answers until `restart`.
    func crash() {
        stop()
        disk.crash()
    }

    /// Opens the disk anew, after a crash or a stop, and answers.
    func restart() async throws {
        await store.close()
        let opened = try await Self.open(place, identity, disk, clock)
        state.withLock { $0 = opened }
        start()
    }

    /// Whether the piece is there and not in the trash.
    func holds(_ piece: PieceID) async throws -> Bool { try heldPieces().contains(piece) }

    /// The pieces that are there and not in the trash, as the index on the disk says.
    func heldPieces() throws -> Set<PieceID> {
        var held: Set<PieceID> = []
        for path in disk.paths where path.hasSuffix("/index") {
            let file = try disk.open(path, .read)
            let bytes = try file.bytes(at: 0, count: Int(try file.size()))
            // Of a record: the piece, its kind (1 is there, 2 is gone), when it went into the trash.
            for start in stride(from: 64, through: bytes.count - 64, by: 64) {
                guard let piece = PieceID(bytes[start..<start + 32]) else { continue }
                let isTrashed = bytes[start + 56..<start + 60].contains { $0 != 0 }
                switch bytes[start + 46] {
                case 1 where !isTrashed: held.insert(piece)
                case 1, 2: held.remove(piece)
                default: continue
                }
            }
        }
        return held.filter { !front.hasLost($0) }
    }

    private var hiddenURL: NodeURL { NodeURL(id: id, address: "behind \(address)") }

    private static func open(
        _ place: Neighbourhood, _ identity: NodeIdentity, _ disk: FaultyFileSystem, _ clock: WallClock
    ) async throws -> Opened {
        let logger = place.logger
        var settings = StorageNodeSettings()
        settings.satellites = [NodeURL(id: place.satellite.id, address: Neighbourhood.address)]
        let store = try await PieceStore.open(
            folder: "/node/pieces", fileSystem: disk, pool: place.pool, clock: clock, random: place.random,
            logger: logger)
        let orders = try OrderStore(
            folder: "/node/orders", fileSystem: disk, pool: place.pool, clock: clock, logger: logger)
        let queue = try RetainQueue(
            folder: "/node/retain", fileSystem: disk, pool: place.pool, store: store, clock: clock, logger: logger)
        let dialer = place.network.dialer(as: identity.peer)
        let trust = TrustList(satellites: settings.satellites, dialer: dialer, logger: logger)
        let space = SpaceMeter(store: store, allocated: settings.allocatedSpace)
        try await space.refresh()
        let contact = LastContact()
        var router = RPCRouter()
        PieceEndpoint(
            parts: .init(
                identity: identity, store: store, trust: trust, orders: orders, space: space, lastContact: contact,
                settings: settings, clock: clock, logger: logger, spaceChanged: { _ in }),
            serials: SerialNumberStore()
        ).register(in: &router)
        ContactEndpoint(trust: trust, lastContact: contact, clock: clock).register(in: &router)
        let retain = RetainEndpoint(
            trust: trust, store: store, queue: queue,
            parts: StorageNodeParts(
                identity: identity, folder: "/node", dialer: dialer, eventLoops: place.eventLoops, clock: clock,
                sleeper: Sleeper { _ in try await neverEnding() }, random: place.random, logger: logger))
        retain.register(in: &router)
        return Opened(store: store, retain: retain, router: router)
    }
}
