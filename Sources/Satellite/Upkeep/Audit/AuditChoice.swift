import Metabase
import Overlay
import StorageModel
import Synchronization

/// Chooses what is audited next: an observer with a reservoir for every node.
///
/// At the end of a pass the first choices of all nodes come first, then the second ones: when the satellite cannot
/// audit everything, every node still gets its share. A new choice replaces what is left of the old one.
///
/// - Source: protocol document 3 §6.2.
final class AuditChoice: SegmentObserver {
    private struct State {
        var pass: Timestamp?
        var reservoirs: [NodeID: AuditReservoir] = [:]
        var last: AuditChoiceSummary?
    }

    let name = "audit-choice"
    private let overlay: Overlay
    private let store: AuditStore
    private let settings: AuditSettings
    private let random: RandomSource
    private let state = Mutex(State())

    init(overlay: Overlay, store: AuditStore, settings: AuditSettings, random: RandomSource) {
        self.overlay = overlay
        self.store = store
        self.settings = settings
        self.random = random
    }

    /// What came out of the last pass.
    var last: AuditChoiceSummary? { state.withLock { $0.last } }

    func begin(_ pass: RangedLoopPass) async throws {
        state.withLock { state in
            state.pass = pass.start
            state.reservoirs = [:]
        }
    }

    func fork(_ nodes: NodeTable) throws -> any SegmentFork {
        let start = state.withLock { $0.pass }
        return AuditChoiceFork(
            nodes: nodes, capacity: settings.segmentsPerNode, now: start, seed: random.next()
        ) { [overlay] in overlay.record(of: $0)?.servesDownloads ?? false }
    }

    func join(_ fork: any SegmentFork) throws {
        guard let fork = fork as? AuditChoiceFork else { return }
        let capacity = settings.segmentsPerNode
        state.withLock { state in
            for (node, reservoir) in fork.chosen {
                state.reservoirs[node, default: AuditReservoir(capacity: capacity)].merge(reservoir)
            }
        }
    }

    func finish(_ pass: RangedLoopPass) async throws {
        let reservoirs = state.withLock { state in
            defer { state.reservoirs = [:] }
            return state.reservoirs
        }
        let queue = inTurn(reservoirs)
        try await store.replaceQueue(queue)
        // Audits may be paused for long: the satellite is alive all the same.
        try await store.set([AuditAmnesty.lastSeen: pass.start])
        state.withLock {
            $0.last = AuditChoiceSummary(
                passStart: pass.start.seconds, nodeCount: reservoirs.count, segmentCount: queue.count)
        }
    }

    /// All choices, nodes taking turns in random order, no segment twice, nor a copy of it: a loss would count twice.
    private func inTurn(_ reservoirs: [NodeID: AuditReservoir]) -> [SegmentPlace] {
        var random = random
        // A dictionary's order changes from run to run; sorted first, a seed decides alone.
        var order = reservoirs.keys.sorted()
        order.shuffle(using: &random)
        var queue: [SegmentPlace] = []
        var seen: Set<PieceID> = []
        for slot in 0..<settings.segmentsPerNode {
            for node in order {
                guard let choices = reservoirs[node]?.choices, slot < choices.count,
                    seen.insert(choices[slot].root).inserted
                else { continue }
                queue.append(choices[slot].place)
            }
        }
        return queue
    }
}

/// The choices in one range, by alias.
private final class AuditChoiceFork: SegmentFork {
    private let nodes: NodeTable
    private let now: Timestamp?
    private var reservoirs: [AuditReservoir]
    /// The reservoirs' limits side by side, negative where nobody is audited: most offers end here.
    private var limits: [Double]
    private var generator: FastGenerator

    init(nodes: NodeTable, capacity: Int, now: Timestamp?, seed: UInt64, isAudited: (NodeID) -> Bool) {
        self.nodes = nodes
        self.now = now
        reservoirs = [AuditReservoir](repeating: AuditReservoir(capacity: capacity), count: nodes.count)
        limits = (0..<nodes.count).map { alias in
            nodes[Int64(alias)].map(isAudited) == true ? .infinity : -1
        }
        generator = FastGenerator(seed: seed)
    }

    func process(_ segments: [ScannedSegment]) throws {
        for segment in segments {
            guard let pieces = segment.pieces else { continue }
            if let expiry = segment.expiresAt, let now, expiry <= now { continue }
            let place = SegmentPlace(stream: segment.stream, position: segment.position)
            let weight = Double(max(1, segment.encryptedSize))
            for entry in pieces.entries {
                guard entry.alias >= 0, entry.alias < Int64(limits.count) else {
                    throw UpkeepError.unknownAlias(entry.alias)
                }
                let alias = Int(entry.alias)
                let uniform = AuditReservoir.uniform(generator.next())
                guard AuditReservoir.isPromising(uniform, weight: weight, limit: limits[alias]) else { continue }
                reservoirs[alias].offer(place, root: pieces.rootPieceID, weight: weight, uniform: uniform)
                limits[alias] = reservoirs[alias].limit
            }
        }
    }

    var chosen: [(NodeID, AuditReservoir)] {
        reservoirs.enumerated().compactMap { alias, reservoir in
            guard !reservoir.choices.isEmpty, let node = nodes[Int64(alias)] else { return nil }
            return (node, reservoir)
        }
    }
}

/// A generator for millions of draws, seeded for every range from the real source (SplitMix64, Steele et al. 2014).
/// Nobody sees its output: which segments were chosen is known to their holders only when they are asked.
private struct FastGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
