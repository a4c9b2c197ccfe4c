import Chores
import DRPC
import Database
import Identity
import Logging
import PieceStore
import StorageModel
import Synchronization

/// What a node is made of, put together: store, books, and what looks after them.
struct NodeRooms: Sendable {
    let pool: BlockingPool
    let store: PieceStore
    let space: SpaceMeter
    let trust: TrustList
    let orders: OrderStore
    let drain: DrainSwitch
    let reporter: AmnestyReporter
    let scrubber: Scrubber
    let exits: GracefulExits
    let retain: RetainEndpoint
    let farming: FarmingRooms?
    let history: NodeHistory
    let satellites: SatelliteList
    private let pledges: HeartbeatPledges
    private let check: CommittedSetCheck

    /// Opens everything in the node's folder.
    init(
        settings: StorageNodeSettings, parts: StorageNodeParts, pool: BlockingPool, check: DiskCheck,
        spaceFreed: @escaping @Sendable () -> Void
    ) async throws {
        self.pool = pool
        let state = parts.folder + "/state"
        let satellites = try await pool.run {
            try DiskFileSystem().createFolder(state)
            return try SatelliteList(folder: state, pool: pool)
        }
        self.satellites = satellites
        let trust = TrustList(
            satellites: satellites.worked(for: settings.satellites), dialer: parts.dialer, logger: parts.logger)
        self.trust = trust
        history = try await NodeHistory.open(
            try Database.open(.file(path: parts.folder + "/history.db")), clock: parts.clock)
        var storeSettings = PieceStoreSettings()
        storeSettings.trashLifetime = settings.trashLifetime
        let store = try await PieceStore.open(
            folder: parts.folder + "/pieces", pool: pool, settings: storeSettings, clock: parts.clock,
            random: parts.random, logger: parts.logger)
        self.store = store
        space = SpaceMeter(store: store, allocated: settings.allocatedSpace)
        try await space.refresh()
        orders = try OrderStore(
            folder: parts.folder + "/orders", pool: pool, clock: parts.clock, logger: parts.logger)
        let queue = try RetainQueue(
            folder: parts.folder + "/retain", pool: pool, store: store, minimumAge: settings.garbageMinimumAge,
            clock: parts.clock, logger: parts.logger)
        retain = RetainEndpoint(trust: trust, store: store, queue: queue, parts: parts)
        (drain, reporter, scrubber) = try await pool.run {
            let drain = try DrainSwitch(folder: state, pool: pool, clock: parts.clock)
            let reporter = try AmnestyReporter(
                parts: .init(
                    store: store, trust: trust, pool: pool, dialer: parts.dialer, clock: parts.clock,
                    logger: parts.logger, checkDisk: { try await check.checkReadable() }),
                folder: state)
            let scrubber = try Scrubber(
                store: store, reporter: reporter, folder: state, pool: pool, rate: settings.scrubRate,
                interval: settings.scrubInterval, clock: parts.clock, sleeper: parts.sleeper, logger: parts.logger)
            return (drain, reporter, scrubber)
        }
        self.check = CommittedSetCheck(
            parts: .init(store: store, trust: trust, reporter: reporter, dialer: parts.dialer, logger: parts.logger))
        (exits, pledges) = try await pool.run {
            let exits = try GracefulExits(
                parts: .init(
                    node: parts.identity.id, store: store, trust: trust, pool: pool, dialer: parts.dialer,
                    clock: parts.clock, logger: parts.logger, spaceFreed: spaceFreed),
                folder: parts.folder + "/exits")
            return (exits, try HeartbeatPledges(folder: parts.folder + "/heartbeats", pool: pool))
        }
        farming = try await FarmingRooms.open(
            settings: settings, parts: parts, trust: trust, store: store, space: space, pool: pool, exits: exits)
    }

    /// Everything that answers.
    func router(
        _ settings: StorageNodeSettings, _ parts: StorageNodeParts, _ lastContact: LastContact,
        spaceChanged: @escaping @Sendable (Int64) -> Void
    ) -> RPCRouter {
        var router = RPCRouter()
        var pieces = PieceEndpoint.Parts(
            identity: parts.identity, store: store, trust: trust, orders: orders, space: space,
            lastContact: lastContact, settings: settings, clock: parts.clock, logger: parts.logger,
            spaceChanged: spaceChanged)
        pieces.reporter = reporter
        pieces.drain = drain
        pieces.farmer = farming?.farmer
        pieces.customers = farming?.customers
        pieces.history = history
        PieceEndpoint(parts: pieces, serials: SerialNumberStore()).register(in: &router)
        ContactEndpoint(trust: trust, lastContact: lastContact, clock: parts.clock).register(in: &router)
        retain.register(in: &router)
        var heartbeats = HeartbeatEndpoint.Parts(
            identity: parts.identity, store: store, trust: trust, reporter: reporter, clock: parts.clock,
            logger: parts.logger)
        heartbeats.check = check
        heartbeats.book = farming?.farmer.book
        HeartbeatEndpoint(parts: heartbeats, pledges: pledges, maximumChallenges: settings.maximumChallenges)
            .register(in: &router)
        farming?.register(in: &router)
        return router
    }

    /// The recurring work that needs no satellite's address.
    ///
    /// - Parameter isReached: whether satellites reach the node now.
    func makeChores(
        _ settings: StorageNodeSettings, _ parts: StorageNodeParts, isReached: @escaping @Sendable () -> Bool
    ) async -> [Cycle] {
        let scrub = scrubber.makeCycle()
        await scrubber.setWake { [weak scrub] in scrub?.trigger() }
        return [
            SettlementSender(
                trust: trust, orders: orders, parts: parts, settings: settings, book: farming?.farmer.book
            ).cycle,
            retain.cycle,
            upkeep(settings, parts),
            reporter.makeCycle(interval: settings.lostPieceInterval, sleeper: parts.sleeper),
            scrub,
            check.makeCycle(sleeper: parts.sleeper, clock: parts.clock),
            exits.makeCycle(interval: settings.exitInterval, sleeper: parts.sleeper),
        ] + (farming?.makeChores(parts) ?? [])
            + HistoryKeeper(
                history: history, store: store, trust: trust, dialer: parts.dialer, logger: parts.logger,
                isReached: isReached
            ).makeChores(sleeper: parts.sleeper, clock: parts.clock)
    }

    /// The room that a satellite is told of: none while the node is drained, or takes no pieces of it.
    func announcedSpace(to satellite: NodeID) async throws -> Int64 {
        try await space.refresh()
        let isOpen = drain.since == nil && farming?.farmer.standing(of: satellite).takesPieces ?? true
        return isOpen ? space.freeSpace() : 0
    }

    /// Makes books durable and stops the disk threads.
    func close() async {
        // A history that cannot be closed loses nothing that was written.
        try? history.database.close()
        await store.close()
        pool.shutDown()
    }

    private func upkeep(_ settings: StorageNodeSettings, _ parts: StorageNodeParts) -> Cycle {
        Cycle(
            name: "piece upkeep", interval: settings.upkeepInterval, sleeper: parts.sleeper, clock: parts.clock,
            logger: parts.logger
        ) {
            let report = try await store.maintain()
            parts.logger.debug("piece upkeep done", metadata: ["report": "\(report)"])
            let bad = report.damaged.flatMap { satellite, pieces in
                pieces.map { BadPiece(satellite: satellite, pieceID: $0, fault: .rotten) }
            }
            if !bad.isEmpty { try await reporter.report(bad) }
        }
    }
}

/// A call whose target is known only after its caller was made.
final class LateCall: Sendable {
    private let target = Mutex<@Sendable () -> Void>({})

    /// Sets the target.
    func set(_ target: @escaping @Sendable () -> Void) { self.target.withLock { $0 = target } }

    /// Calls the target, if there is one.
    func call() { target.withLock { $0 }() }
}
