import Metabase
import StorageModel
import Synchronization
import Testing
import Upkeep

@Suite struct RangedLoopTests {
    @Test(arguments: [1, 2, 3, 8])
    func `every segment is shown once, in whatever ranges`(parallelism: Int) async throws {
        let place = try await Neighbourhood(parallelism: parallelism)
        let nodes = (0..<8).map { _ in NodeID.random(using: place.random) }
        for index in 0..<40 { try await place.put("key\(index)", [place.segment(nodes), place.segment(nodes, index: 1)]) }
        let watcher = Watcher()
        let report = try await place.loop.run([watcher])
        #expect(report.segmentCount == 80)
        #expect(watcher.seen.count == 80)
        #expect(Set(watcher.seen).count == 80)
        #expect(watcher.forkCount == parallelism)
        #expect(watcher.nodesSeen == Set(nodes))
        #expect(watcher.finished?.segmentCount == 80)
        #expect(place.loop.progress.last?.segmentCount == 80)
        #expect(!place.loop.progress.isRunning)
    }

    @Test func `pending and inline segments are shown too`() async throws {
        let place = try await Neighbourhood()
        let upload = try await place.metabase.beginUpload(place.newUpload("pending"))
        try await place.metabase.commitSegment(
            place.segment([NodeID.random(using: place.random)]), in: upload.reference)
        let inline = NewSegment(
            position: .zero, content: .inline([1, 2, 3]), plainSize: 3, encryptedSize: 3, encryptedKey: [],
            encryptedKeyNonce: [])
        try await place.put("inline", [inline])
        let watcher = Watcher()
        #expect(try await place.loop.run([watcher]).segmentCount == 2)
        #expect(watcher.inlineCount == 1)
    }

    @Test(arguments: Watcher.Step.allCases)
    func `an observer that fails is left out, the others go on`(step: Watcher.Step) async throws {
        let place = try await Neighbourhood()
        for index in 0..<20 { try await place.put("key\(index)", [place.segment([NodeID.random(using: place.random)])]) }
        let broken = Watcher(name: "broken", failsAt: step)
        let watcher = Watcher()
        let report = try await place.loop.run([broken, watcher])
        #expect(report.failures.keys.sorted() == ["broken"])
        #expect(watcher.finished != nil)
        #expect(broken.finished == nil)
        // The next pass gives it another chance.
        broken.failsAt.withLock { $0 = nil }
        #expect(try await place.loop.run([broken]).failures.isEmpty)
        #expect(broken.finished?.segmentCount == 20)
    }

    @Test func `a snapshot shows what was there when it began`() async throws {
        let place = try await Neighbourhood(batchSize: 1)
        try await place.put("a", [place.segment([NodeID.random(using: place.random)])])
        let watcher = Watcher()
        _ = try await place.loop.run([watcher], isSnapshot: true)
        #expect(watcher.forkCount == 1)
        #expect(watcher.seen.count == 1)
    }

    @Test func `a pass that is cancelled ends soon, and nobody finishes`() async throws {
        let place = try await Neighbourhood(batchSize: 1)
        for index in 0..<50 { try await place.put("key\(index)", [place.segment([NodeID.random(using: place.random)])]) }
        let watcher = Watcher()
        let canceller = Canceller()
        let pass = Task { try await place.loop.run([watcher, canceller], isSnapshot: true) }
        canceller.task.withLock { $0 = pass }
        await #expect(throws: CancellationError.self) { try await pass.value }
        #expect(watcher.finished == nil)
        #expect(!place.loop.progress.isRunning)
        #expect(place.loop.progress.segmentCount < 50)
    }

    @Test func `a pass over nothing finishes`() async throws {
        let watcher = Watcher()
        #expect(try await Neighbourhood().loop.run([watcher]).segmentCount == 0)
        #expect(watcher.finished?.segmentCount == 0)
    }
}

/// Cancels the pass it is in.
final class Canceller: SegmentObserver {
    private final class Fork: SegmentFork {
        let cancel: () -> Void

        init(_ cancel: @escaping () -> Void) { self.cancel = cancel }

        func process(_ segments: [ScannedSegment]) throws { cancel() }
    }

    let name = "canceller"
    let task = Mutex<Task<RangedLoopReport, any Error>?>(nil)

    func begin(_ pass: RangedLoopPass) async throws {
        // The pass is known to the test only after it has begun.
        while task.withLock({ $0 == nil }) { await Task.yield() }
    }

    func fork(_ nodes: NodeTable) throws -> any SegmentFork { Fork { self.task.withLock { $0?.cancel() } } }
    func join(_ fork: any SegmentFork) throws {}
    func finish(_ pass: RangedLoopPass) async throws {}
}

/// Notes what it is shown, and fails where it is told to.
final class Watcher: SegmentObserver {
    enum Step: String, CaseIterable { case begin, fork, process, join, finish }

    struct Failure: Error {}

    private struct State {
        var seen: [StreamAndPosition] = []
        var nodes: Set<NodeID> = []
        var inlineCount = 0
        var forkCount = 0
        var finished: RangedLoopPass?
    }

    struct StreamAndPosition: Hashable {
        let stream: StreamID
        let position: SegmentPosition
    }

    final class Fork: SegmentFork {
        let fails: Bool
        let nodes: NodeTable
        var segments: [ScannedSegment] = []

        init(fails: Bool, nodes: NodeTable) {
            self.fails = fails
            self.nodes = nodes
        }

        func process(_ segments: [ScannedSegment]) throws {
            if fails { throw Failure() }
            self.segments += segments
        }
    }

    let name: String
    let failsAt: Mutex<Step?>
    private let state = Mutex(State())

    init(name: String = "watcher", failsAt: Step? = nil) {
        self.name = name
        self.failsAt = Mutex(failsAt)
    }

    var seen: [StreamAndPosition] { state.withLock { $0.seen } }
    var nodesSeen: Set<NodeID> { state.withLock { $0.nodes } }
    var inlineCount: Int { state.withLock { $0.inlineCount } }
    var forkCount: Int { state.withLock { $0.forkCount } }
    var finished: RangedLoopPass? { state.withLock { $0.finished } }

    private func fail(at step: Step) throws {
        if failsAt.withLock({ $0 == step }) { throw Failure() }
    }

    func begin(_ pass: RangedLoopPass) async throws { try fail(at: .begin) }

    func fork(_ nodes: NodeTable) throws -> any SegmentFork {
        try fail(at: .fork)
        state.withLock { $0.forkCount += 1 }
        return Fork(fails: failsAt.withLock { $0 == .process }, nodes: nodes)
    }

    func join(_ fork: any SegmentFork) throws {
        try fail(at: .join)
        guard let fork = fork as? Fork else { return }
        state.withLock { state in
            for segment in fork.segments {
                state.seen.append(StreamAndPosition(stream: segment.stream, position: segment.position))
                if segment.pieces == nil { state.inlineCount += 1 }
                state.nodes.formUnion((segment.pieces?.entries ?? []).compactMap { fork.nodes[$0.alias] })
            }
        }
    }

    func finish(_ pass: RangedLoopPass) async throws {
        try fail(at: .finish)
        state.withLock { $0.finished = pass }
    }
}
