import Chores
import DRPC
import Database
import Identity
import Logging
import Overlay
import StorageModel
import Synchronization
import TestSupport
import WireMessages

/// A satellite's overlay and nodes that check in with it, without sockets.
final class SmallNetwork: Sendable {
    static let satelliteAddress = "satellite.example.test:7777"

    let clock: TestClock
    let random = RandomSource.seeded(3)
    let network = InProcessNetwork()
    let satellite: NodeIdentity
    let database: Database
    let overlay: Overlay
    let dialer: ShowingDialer

    init(_ settings: OverlaySettings, database: Database? = nil, clock: TestClock = TestClock()) async throws {
        self.clock = clock
        satellite = NodeIdentity.generate(random: random)
        self.database = try database ?? Database.open(.memory)
        dialer = ShowingDialer(network.dialer(as: satellite.peer))
        overlay = Overlay(
            database: self.database, settings: settings, dialer: dialer,
            resolver: AddressResolver { _ in throw OverlayError.badAddress("no names here") },
            clock: clock.wallClock, sleeper: Sleeper { _ in try await neverEnding() }, random: random,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await overlay.load()
        var router = RPCRouter()
        overlay.register(in: &router, satellite: satellite)
        network.register(router, id: satellite.id, address: Self.satelliteAddress)
    }

    /// Settings for many nodes on one machine.
    static var localSettings: OverlaySettings {
        var settings = OverlaySettings()
        settings.allowPrivateAddresses = true
        settings.distinctSubnet = false
        settings.minimumFreeDisk = 1000
        return settings
    }

    /// Starts a node that answers pings.
    func startNode(port: Int) -> NodeIdentity {
        let identity = NodeIdentity.generate(random: random)
        serve(identity, port: port)
        return identity
    }

    /// Lets a node answer pings at a port.
    func serve(_ identity: NodeIdentity, port: Int) { serve(identity, address: "127.0.0.1:\(port)") }

    /// Lets a node answer pings at an address.
    func serve(_ identity: NodeIdentity, address: String) {
        var router = RPCRouter()
        router.unary(ContactMethods.pingNode) { _, _ in Node_ContactPingResponse() }
        network.register(router, id: identity.id, address: address)
        dialer.show(identity.peer)
    }

    func stopNode(port: Int) { network.unregister(address: "127.0.0.1:\(port)") }

    static func request(port: Int, freeDisk: Int64 = 1_000_000) -> Node_CheckInRequest {
        var request = Node_CheckInRequest()
        request.address = "127.0.0.1:\(port)"
        request.version.version = "v3.0.1"
        request.version.release = true
        request.capacity.freeDisk = freeDisk
        request.operator.wallet = "0x" + String(repeating: "ab", count: 20)
        return request
    }

    @discardableResult func checkIn(
        _ node: NodeIdentity, _ request: Node_CheckInRequest
    ) async throws -> Node_CheckInResponse {
        try await call(node, NodeMethods.checkIn, request)
    }

    func call<Q: WireMessage, S: WireMessage>(
        _ node: NodeIdentity?, _ method: RPCMethod<Q, S>, _ request: Q
    ) async throws -> S {
        let connection = try await network.dialer(as: node?.peer).connect(
            to: NodeURL(id: satellite.id, address: Self.satelliteAddress))
        return try await connection.call(method, request)
    }

    /// Runs a chore once.
    func trigger(_ name: String) async throws {
        for chore in overlay.makeChores() where chore.name == name { try await chore.triggerAndWait() }
    }
}

/// Suspends until cancelled.
private func neverEnding() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
    try Task.checkCancellation()
}

/// A dialer whose connections show the identity that the peer has at the moment, as TLS does.
final class ShowingDialer: RPCDialer {
    private let inner: any RPCDialer
    private let peers = Mutex<[NodeID: PeerIdentity]>([:])
    private let silent = Mutex<Set<NodeID>>([])

    init(_ inner: any RPCDialer) { self.inner = inner }

    func show(_ peer: PeerIdentity) { peers.withLock { $0[peer.id] = peer } }

    /// Makes dials of a node end like one that gets no answer in time.
    func silence(_ id: NodeID, _ isSilent: Bool = true) {
        silent.withLock { silent in
            if isSilent { silent.insert(id) } else { silent.remove(id) }
        }
    }

    func connect(to node: NodeURL) async throws -> any RPCConnection {
        if silent.withLock({ $0.contains(node.id) }) {
            throw OverlayError.noAnswer(within: OverlaySettings().livenessTimeout)
        }
        let connection = try await inner.connect(to: node)
        return ShowingConnection(inner: connection, peer: peers.withLock { $0[node.id] })
    }
}

private struct ShowingConnection: RPCConnection {
    let inner: any RPCConnection
    let peer: PeerIdentity?

    func withStream<Q: WireMessage, S: WireMessage, R>(
        _ method: RPCMethod<Q, S>, _ body: (RPCClientStream<Q, S>) async throws -> R
    ) async throws -> R {
        try await inner.withStream(method, body)
    }
}
