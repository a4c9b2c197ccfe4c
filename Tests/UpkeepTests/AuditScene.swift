import Chores
import DRPC
import Identity
import Metabase
import Overlay
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep
import WireMessages

/// Audits over real nodes, with hands on time and on what happens while they run.
final class AuditScene: Sendable {
    /// Runs before every dial of the satellite.
    typealias DialHook = @Sendable (NodeURL) async throws -> Void

    let place: Neighbourhood
    let nodes: [Neighbour]
    let audits: Audits
    let dialHook = Mutex<DialHook?>(nil)
    let stranger: NodeIdentity
    let settings: AuditSettings
    /// Durations that are over at once; all others never end.
    let over = Mutex<Set<Duration>>([])
    /// Called whenever the audits look at the clock or begin to wait.
    let step = Mutex<(@Sendable () -> Void)?>(nil)

    /// Nodes that have checked in, and no segments.
    ///
    /// - Parameter change: adjusts the settings, in which no audit is disguised.
    init(
        _ count: Int = 8, in place: Neighbourhood? = nil, _ change: (inout AuditSettings) -> Void = { _ in }
    ) async throws {
        let place = if let place { place } else { try await Neighbourhood(batchSize: 50) }
        var settings = AuditSettings()
        settings.disguisedShare = 0
        change(&settings)
        self.place = place
        self.settings = settings
        nodes = try await place.startNeighbours(count)
        stranger = NodeIdentity.generate(random: place.random)
        let hands = Hands()
        audits = Self.audits(place, settings, stranger, hands)
        hands.scene.withLock { $0 = Unowned(scene: self) }
        try await audits.load()
    }

    /// Audits as a restarted satellite has them: over the same database.
    func restarted(_ change: (inout AuditSettings) -> Void = { _ in }) async throws -> Audits {
        let hands = Hands()
        var settings = settings
        change(&settings)
        let audits = Self.audits(place, settings, stranger, hands)
        hands.scene.withLock { $0 = Unowned(scene: self) }
        try await audits.load()
        return audits
    }

    private static func audits(
        _ place: Neighbourhood, _ settings: AuditSettings, _ stranger: NodeIdentity, _ hands: Hands
    ) -> Audits {
        let parts = place.parts()
        return Audits(
            parts: UpkeepParts(
                database: parts.database, metabase: parts.metabase, overlay: parts.overlay, issuer: parts.issuer,
                identity: parts.identity, dialer: HookedDialer(dialer: parts.dialer, hands: hands),
                clock: WallClock {
                    hands.call { $0.step.withLock { $0 }?() }
                    return place.clock.now
                },
                sleeper: Sleeper { duration in
                    let isOver = hands.call { scene in
                        scene.step.withLock { $0 }?()
                        return scene.over.withLock { $0.contains(duration) }
                    }
                    if isOver != true { try await neverEnding() }
                }, random: parts.random, logger: parts.logger),
            settings: settings,
            disguise: HookedDialer(dialer: place.network.dialer(as: stranger.peer), hands: hands))
    }

    /// Stores an object of one segment on the first nodes.
    @discardableResult
    func store(
        _ key: String = "key", size: Int = 20_000, on count: Int? = nil, scheme: RedundancyScheme = .development,
        expiresAt: Timestamp? = nil
    ) async throws -> Segment {
        try await place.upload(
            key, place.random.bytes(count: size), to: Array(nodes.prefix(count ?? nodes.count)), scheme: scheme,
            expiresAt: expiresAt)
    }

    /// Chooses anew and audits everything that was chosen.
    func audit(_ audits: Audits? = nil) async throws {
        let audits = audits ?? self.audits
        _ = try await place.loop.run([audits.observer])
        while try await audits.runAuditsOnce() {}
    }

    /// Asks for everything that is due, after the pause between two tries.
    func reverifyLater() async throws {
        place.clock.advance(by: settings.retryInterval)
        for node in nodes { try await place.checkIn(node.identity, at: node.address) }
        while try await audits.runReverificationsOnce() {}
    }

    /// Passes so much time that a node counts as offline unless it is named.
    func pass(_ duration: Duration, online: [Neighbour]) async throws {
        place.clock.advance(by: duration)
        for node in online { try await place.checkIn(node.identity, at: node.address) }
    }

    /// Successes, failures, unknown outcomes and offline ones of a node.
    func tally(_ node: Neighbour) async throws -> [Int] {
        let history = try await audits.history(of: node.id)
        return [history.successes, history.failures, history.unknowns, history.offlines]
    }

    /// What a node owes.
    func owed(_ node: Neighbour) async throws -> [String] {
        try await audits.history(of: node.id).owed.map(\.reason)
    }

    /// The numbers of the pieces that a segment has now.
    func pieces(_ segment: Segment) async throws -> [Int] {
        try place.remote(try await place.metabase.segment(of: segment.stream, at: segment.position)).pieces.map(
            \.number)
    }

    /// The id of a node's piece.
    func piece(_ segment: Segment, of node: Neighbour) throws -> PieceID {
        try #require(Neighbourhood.pieces(of: segment).first { $0.node == node.id }?.piece)
    }

    /// A node that has lost its piece of a segment.
    func lose(_ segment: Segment, at node: Neighbour) throws { node.front.lose([try piece(segment, of: node)]) }

    /// Answers in a node's place with a router of the test's.
    func replace(
        _ node: Neighbour,
        _ answer: @escaping @Sendable (OrderLimit, PieceDownloadRequest.Chunk) -> [PieceDownloadResponse]
    ) {
        var router = RPCRouter()
        router.unary(ContactMethods.pingNode) { _, _ in Node_ContactPingResponse() }
        router.stream(PiecestoreMethods.download) { stream, _ in
            guard let request = try await stream.receive(), let limit = request.limit, let chunk = request.chunk else {
                return
            }
            for response in answer(limit, chunk) { try await stream.send(response) }
        }
        place.network.register(router, identity: node.identity.peer, address: node.address)
    }
}

/// Leads from what audits were given back to the scene, which is made after them.
private final class Hands: Sendable {
    let scene = Mutex<Unowned?>(nil)

    func call<Result: Sendable>(_ body: (AuditScene) -> Result) -> Result? {
        scene.withLock { $0?.scene }.map(body)
    }

    func hook() -> AuditScene.DialHook? { call { scene in scene.dialHook.withLock { $0 } } ?? nil }
}

private struct Unowned: Sendable {
    weak var scene: AuditScene?
}

/// Lets a test do something before every dial.
private struct HookedDialer: RPCDialer {
    let dialer: any RPCDialer
    let hands: Hands

    func connect(to node: NodeURL) async throws -> any RPCConnection {
        try await hands.hook()?(node)
        return try await dialer.connect(to: node)
    }
}
