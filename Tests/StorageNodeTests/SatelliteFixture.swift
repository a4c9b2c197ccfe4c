import Chores
import DRPC
import Identity
import Logging
import Orders
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import WireMessages

/// A storage node's parts over a network and a disk in memory, a satellite it trusts and one it does not.
struct SatelliteFixture {
    let clock = TestClock()
    let disk = FaultyFileSystem(random: .seeded(7))
    let pool = BlockingPool(threads: 2)
    let random: RandomSource
    let network = InProcessNetwork()
    let node: NodeIdentity
    let satellite: NodeIdentity
    let stranger: NodeIdentity
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let satelliteURL: NodeURL
    let nodeURL: NodeURL
    var settings = StorageNodeSettings()

    init(seed: UInt64 = 5) {
        random = .seeded(seed)
        node = .generate(random: random)
        satellite = .generate(random: random)
        stranger = .generate(random: random)
        satelliteURL = NodeURL(id: satellite.id, address: "satellite:7777")
        nodeURL = NodeURL(id: node.id, address: "node:28967")
        settings.satellites = [satelliteURL]
    }

    var parts: StorageNodeParts {
        StorageNodeParts(
            identity: node, folder: "/node", dialer: network.dialer(as: node.peer), eventLoops: eventLoops,
            clock: clock.wallClock, sleeper: Sleeper { _ in try await Task.sleep(for: .seconds(3600)) },
            random: random, logger: logger)
    }

    private let eventLoops = RPCEventLoops(threadCount: 1)

    var trust: TrustList {
        TrustList(satellites: settings.satellites, dialer: network.dialer(as: node.peer), logger: logger)
    }

    /// Serves a router as the node.
    func serve(_ router: RPCRouter) { network.register(router, id: node.id, address: nodeURL.address) }

    /// A connection to the node, whose calls come from `peer`.
    func connect(as peer: PeerIdentity?) async throws -> any RPCConnection {
        try await network.dialer(as: peer).connect(to: nodeURL)
    }

    func openStore() async throws -> PieceStore {
        try await PieceStore.open(
            folder: "/node/pieces", fileSystem: disk, pool: pool, clock: clock.wallClock, random: random,
            logger: logger)
    }

    func openOrders() throws -> OrderStore {
        try OrderStore(
            folder: "/node/orders", fileSystem: disk, pool: pool, clock: clock.wallClock, logger: logger)
    }
}
