import Chores
import DRPC
import Metabase
import Overlay
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep
import WireMessages

/// Repair never makes a segment worse: whatever fails, is cut short or changed by somebody else, at whatever step.
@Suite struct RepairSafetyTests {
    @Test func `cut short at any step, a segment is what it was or better, and the next repair completes it`() async throws {
        for step in 0..<40 {
            let fixture = try await RepairFixture(nodeCount: 13, size: 20_000)
            let segment = try await fixture.upload()
            try await fixture.stop(Array(fixture.nodes[0..<3]))
            let before = try await fixture.goodNumbers(segment)
            let cut = CuttingDialer(dialer: fixture.place.dialer, after: step)
            let repairs = try await fixture.repairs(dialer: cut)
            try await fixture.place.loop.run([repairs.checker])
            let task = Task { try await repairs.repair(fixture.segmentPlace(segment)) }
            cut.onCut { task.cancel() }
            let outcome = try? await task.value
            if case .repaired = outcome {} else { #expect(cut.isCut, "nothing stood in its way at step \(step)") }
            let after = try await fixture.goodNumbers(segment)
            #expect(after.isSuperset(of: before.filter { $0 >= 3 }), "step \(step)")
            #expect(try await fixture.isReadable(segment))
            // As after a restart: the row is still there, or the segment is whole.
            try await fixture.check()
            try await fixture.repairs.runUntilEmpty()
            #expect(try await fixture.goodNumbers(segment).count >= 8, "step \(step)")
            if !cut.isCut { return }
        }
        Issue.record("a repair has fewer steps than that")
    }

    @Test(arguments: 0..<60) func `random faults of nodes never cost a good piece`(seed: Int) async throws {
        var random = RandomSource.seeded(UInt64(1000 + seed))
        let fixture = try await RepairFixture(nodeCount: 18, size: 20_000, sleeper: impatientSleeper)
        let segment = try await fixture.upload()
        let ids = Neighbourhood.pieces(of: segment)
        let stopped = fixture.nodes.prefix(8).shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
        try await fixture.stop(Array(stopped))
        var lying: Set<NodeID> = []
        for (index, node) in fixture.nodes.enumerated() {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: if index < 8 { node.front.lose([ids[index].piece]) }
            case 1:
                node.front.misbehave(.corrupts, at: [.getRepair])
                lying.insert(node.id)
            case 2: node.front.misbehave(.refuses(.internal), at: [.getRepair, .putRepair])
            case 3: node.front.misbehave(.hangs, at: [index % 2 == 0 ? .getRepair : .putRepair])
            case 4: node.front.misbehave(.refuses(.aborted), at: [.putRepair])
            default: break
            }
        }
        // What is certainly good: bytes as uploaded, on a node that runs and does not say otherwise.
        let suspects = fixture.nodes.filter { node in lying.contains(node.id) || stopped.contains { $0.id == node.id } }
        let certain = try await holdings(fixture, segment).subtracting(suspects.map(\.id))
        let before = try await holdings(fixture, segment)
        let repairs = try await fixture.repairs(
            sleeper: impatientSleeper, settings: { $0.repairThresholds[4] = 8 })
        try await fixture.place.loop.run([repairs.checker])
        for _ in 0..<3 {
            _ = try await repairs.repair(fixture.segmentPlace(segment))
            #expect(try await holdings(fixture, segment).isSuperset(of: certain))
        }
        for node in fixture.nodes {
            node.front.misbehave(nil)
            node.start()
        }
        let isReadable = try await fixture.isReadable(segment)
        #expect(isReadable || before.count < 4)
    }

    /// Nodes that the metadata name for the segment and that have their piece.
    private func holdings(_ fixture: RepairFixture, _ segment: Segment) async throws -> Set<NodeID> {
        let good = try await fixture.goodNumbers(segment)
        return Set(try await fixture.pieces(segment).filter { good.contains($0.number) }.map(\.node))
    }

    // MARK: Others at work

    @Test func `pieces that others take out meanwhile stay out, and the new ones go in`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        let meddler = MeddlingDialer(dialer: fixture.place.dialer) {
            let remote = try fixture.place.remote(try await fixture.current(segment))
            let left = remote.pieces.filter { $0.number != 7 }
            #expect(
                try await fixture.place.metabase.updatePieces(
                    of: segment.stream, at: segment.position, expecting: remote, to: left))
        }
        let repairs = try await fixture.repairs(dialer: meddler)
        let outcome = try await repairs.repair(fixture.segmentPlace(segment))
        guard case .repaired(let pieces) = outcome else { throw Surprise(outcome) }
        #expect(pieces.added >= 3)
        #expect(try await !fixture.pieces(segment).contains { $0.node == fixture.nodes[7].id })
        #expect(try await fixture.goodNumbers(segment).count >= 7)
        #expect(try await fixture.isReadable(segment))
    }

    @Test func `a segment that is deleted meanwhile stays deleted`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        let meddler = MeddlingDialer(dialer: fixture.place.dialer) {
            _ = try await fixture.place.metabase.deleteObject(
                ObjectLocation(bucket: fixture.place.bucket, key: Array("key".utf8)))
        }
        let repairs = try await fixture.repairs(dialer: meddler)
        #expect(try await repairs.repair(fixture.segmentPlace(segment)) == .gone)
        await #expect(throws: MetabaseError.self) { try await fixture.current(segment) }
    }

    @Test func `two repairs of one segment at a time do the work once`() async throws {
        let fixture = try await RepairFixture(nodeCount: 20)
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        async let first = fixture.repairs.repair(fixture.segmentPlace(segment))
        async let second = fixture.repairs.repair(fixture.segmentPlace(segment))
        let outcomes = try await [first, second]
        #expect(outcomes.contains { if case .repaired = $0 { true } else { false } })
        #expect(try await fixture.goodNumbers(segment).count >= 8)
        #expect(try await fixture.pieces(segment).count <= 9)
    }

    @Test func `two satellites' processes that repair one segment leave it whole`() async throws {
        // As after a fail-over: the other process knows nothing of this one's work.
        let fixture = try await RepairFixture(nodeCount: 24)
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<4]))
        let other = try await fixture.repairs()
        async let first = fixture.repairs.repair(fixture.segmentPlace(segment))
        async let second = other.repair(fixture.segmentPlace(segment))
        _ = try await [first, second]
        #expect(try await fixture.goodNumbers(segment).count >= 8)
        #expect(try await fixture.isReadable(segment))
    }
}

/// Counts calls, and after so many of them lets nothing through any more.
private final class CuttingDialer: RPCDialer {
    private struct State {
        var left: Int
        var isCut = false
        var cut: (@Sendable () -> Void)?
    }

    private let dialer: any RPCDialer
    private let state: Mutex<State>

    init(dialer: any RPCDialer, after count: Int) {
        self.dialer = dialer
        state = Mutex(State(left: count))
    }

    var isCut: Bool { state.withLock { $0.isCut } }

    func onCut(_ body: @escaping @Sendable () -> Void) {
        let isCut = state.withLock { state in
            state.cut = body
            return state.isCut
        }
        if isCut { body() }
    }

    func connect(to node: NodeURL) async throws -> any RPCConnection {
        let cut = state.withLock { state -> (@Sendable () -> Void)?? in
            state.left -= 1
            guard state.left < 0 else { return nil }
            state.isCut = true
            return .some(state.cut)
        }
        if let cut {
            cut?()
            try await neverEnding()
        }
        return try await dialer.connect(to: node)
    }
}

/// Does something behind the repairer's back, once, when it begins to store new pieces.
private final class MeddlingDialer: RPCDialer {
    private let dialer: any RPCDialer
    private let meddle: @Sendable () async throws -> Void
    private let isDone = Mutex(false)

    init(dialer: any RPCDialer, _ meddle: @escaping @Sendable () async throws -> Void) {
        self.dialer = dialer
        self.meddle = meddle
    }

    func connect(to node: NodeURL) async throws -> any RPCConnection {
        let isFirst = isDone.withLock { isDone in
            defer { isDone = true }
            return !isDone
        }
        if isFirst { try await meddle() }
        return try await dialer.connect(to: node)
    }
}
