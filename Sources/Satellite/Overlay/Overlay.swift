package import Chores
package import DRPC
package import Database
import Identity
package import Logging
package import StorageModel
import Synchronization

/// What the satellite knows of nodes: check-in, facts, and choosing them.
///
/// All nodes are held in memory, written through to the database: selection and look-ups never wait. One process owns
/// the table.
package final class Overlay: Sendable {
    struct State {
        var nodes: [NodeID: Entry] = [:]
        /// Nodes that refused the newest ping or left several unanswered; kept in memory only.
        var unreachable: Set<NodeID> = []
        /// Pings in a row that a node left unanswered.
        var silences: [NodeID: Int] = [:]
        /// By placement, those without a rule all under the least number.
        var candidates: [Int32: (value: UploadCandidates, builtAt: Timestamp)] = [:]
        var identities: [NodeID: PeerIdentity] = [:]
        var identityFetches: [NodeID: Timestamp] = [:]
        var tracker = SuccessTracker()
        var limiter: CheckInLimiter
        var revision: UInt64 = 0
        /// When any node was last reached, or reached us.
        var heardAt: Timestamp?
        /// Since when the satellite has been watching.
        var watch = Watch()
        /// Nodes whose operators were told that they are offline, and not yet that they are back.
        var toldOffline: Set<NodeID> = []
        var losses: [NodeID: LossCount] = [:]
        var lostPiecesHandler: LostPiecesHandler?
        var eventSenders: [any NodeEventSender] = []
        /// What the market knows of nodes; nil while there is none.
        var offers: [NodeID: NodeOffer]?
    }

    /// A node as last committed; of two commits the later revision counts, whoever reports first.
    struct Entry {
        let record: NodeRecord
        let revision: UInt64
    }

    /// Identities kept in memory; a chain is about 1 KiB.
    static let identityCapacity = 20_000

    let database: Database
    let settings: OverlaySettings
    let dialer: any RPCDialer
    let resolver: AddressResolver
    let clock: WallClock
    let sleeper: Sleeper
    let random: RandomSource
    let logger: Logger
    let state: Mutex<State>

    /// The nodes in a database; call `load()` before anything else.
    package init(
        database: Database, settings: OverlaySettings, dialer: any RPCDialer, resolver: AddressResolver,
        clock: WallClock, sleeper: Sleeper, random: RandomSource, logger: Logger
    ) {
        self.database = database
        self.settings = settings
        self.dialer = dialer
        self.resolver = resolver
        self.clock = clock
        self.sleeper = sleeper
        self.random = random
        self.logger = logger
        let limiter = CheckInLimiter(interval: settings.checkInInterval, burst: settings.checkInBurst)
        state = Mutex(State(limiter: limiter))
    }

    /// Recurring work, to be run as services; call once.
    package func makeChores() -> [Cycle] {
        var chores = [
            cycle("success-tracker", settings.successGenerationInterval) { self.advanceSuccessGeneration() },
            cycle("stray-nodes", settings.strayInterval) { _ = try await self.disqualifyStrayNodes() },
            cycle("node-watch", settings.watchInterval) { try await self.watchNodes() },
            cycle("node-exits", settings.exit.interval) { try await self.advanceExits() },
            cycle("lost-piece-reports", settings.lossInterval) {
                try await self.refreshLosses(at: self.clock.now())
            },
            cycle("node-events", settings.events.interval) { try await self.deliverEvents() },
        ]
        if let interval = settings.livenessInterval {
            chores.append(cycle("node-liveness", interval) { await self.checkLiveness() })
        }
        return chores
    }

    private func cycle(
        _ name: String, _ interval: Duration, work: @escaping @Sendable () async throws -> Void
    ) -> Cycle {
        Cycle(name: name, interval: interval, sleeper: sleeper, clock: clock, logger: logger, work: work)
    }

    /// Brings the room's tables to today's form and reads all nodes.
    ///
    /// - Throws: `OverlayError.badRequest` for settings that nothing can be sent with; `DatabaseError`.
    package func load() async throws {
        setEventSenders(try eventSenders())
        try await database.migrate(room: "overlay", OverlaySchema.migrations)
        let now = clock.now()
        let since = now.advanced(by: .zero - settings.losses.window)
        let records = try await database.read { try NodeRecord.fetchAll(in: $0) }
        let losses = try await database.read { try LossCount.fetchAll(since: since, in: $0) }
        let toldOffline = try await database.read { try NodeEvent.fetchToldOffline(in: $0) }
        let watch = try await loadWatch(hasNodes: !records.isEmpty, at: now)
        state.withLock { state in
            state.losses = losses
            state.toldOffline = toldOffline
            state.watch = watch
            state.nodes = [:]
            for record in records { state.nodes[record.id] = Entry(record: record, revision: 0) }
            state.candidates = [:]
        }
    }

    /// All nodes, oldest first.
    package func nodes() -> [NodeRecord] {
        let records = state.withLock { $0.nodes.values.map(\.record) }
        // Records are large: what is moved about while sorting is their places.
        let order = records.indices.map { (records[$0].createdAt, records[$0].id, $0) }.sorted { $0 < $1 }
        return order.map { records[$0.2] }
    }

    /// All facts of a node; nil when it never checked in.
    package func record(of id: NodeID) -> NodeRecord? { state.withLock { $0.nodes[id]?.record } }

    /// Whether the node can be sent clients: its last contact is fresh, and it answered the newest round of pings.
    package func isOnline(_ node: NodeRecord) -> Bool {
        let now = clock.now()
        return state.withLock { state in
            state.watch.isPresent(node, at: now, settings) && !state.unreachable.contains(node.id)
        }
    }

    /// The tags of a node, sorted by name.
    ///
    /// - Throws: `DatabaseError`.
    package func tags(of id: NodeID) async throws -> [NodeTag] {
        try await database.read { try NodeTag.fetch(node: id, in: $0) }
    }

    /// Takes a node out for good.
    ///
    /// - Throws: `OverlayError.unknownNode`; `DatabaseError`.
    package func disqualify(_ id: NodeID, reason: NodeRecord.DisqualificationReason) async throws {
        let now = clock.now()
        try await transition(id, .disqualified) { $0.disqualify(reason, at: now) }
    }

    /// Writes a node's row, made from the committed one, and then the memory.
    ///
    /// - Parameters:
    ///   - body: takes the node's row, nil for a new one; runs inside the transaction.
    ///   - also: what else belongs into the transaction.
    @discardableResult func change(
        _ id: NodeID, _ body: @escaping @Sendable (NodeRecord?) throws -> NodeRecord,
        also: @escaping @Sendable (SQLSession) throws -> Void = { _ in }
    ) async throws -> NodeRecord {
        let entry = try await database.write { session in
            let record = try body(NodeRecord.fetch(id, in: session))
            try record.save(in: session)
            try also(session)
            return Entry(record: record, revision: self.nextRevision())
        }
        take([entry])
        return entry.record
    }

    /// Keeps committed rows in memory.
    func take(_ entries: [Entry]) {
        guard !entries.isEmpty else { return }
        state.withLock { state in
            for entry in entries {
                if let current = state.nodes[entry.record.id], current.revision >= entry.revision { continue }
                state.nodes[entry.record.id] = entry
            }
            state.candidates = [:]
        }
    }

    /// Somebody could be reached: the satellite's own network works.
    func noteHeard(at now: Timestamp) {
        state.withLock { $0.heardAt = max(now, $0.heardAt ?? now) }
    }

    /// Numbers the writes in their order, which is that of the transactions: they run one after another.
    func nextRevision() -> UInt64 {
        state.withLock { state in
            state.revision += 1
            return state.revision
        }
    }
}
