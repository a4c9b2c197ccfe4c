import Chores
import Metabase
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep

@Suite struct AuditChoreTests {
    @Test func `the chores can be triggered and paused, and a paused one does one batch only`() async throws {
        let scene = try await AuditScene(8) { $0.batchSize = 2 }
        for index in 0..<5 { try await scene.store("key\(index)", size: 3000) }
        _ = try await scene.place.loop.run([scene.audits.observer])
        let before = try await scene.audits.status().queueLength
        let chores = scene.audits.makeChores()
        #expect(chores.map(\.name) == ["audit", "reverification"])
        chores[0].pause()
        try await chores[0].triggerAndWait()
        #expect(try await scene.audits.status().queueLength == before - 2)
        try await chores[1].triggerAndWait()
        #expect(chores.map(\.status.runCount) == [1, 1])
    }

    @Test func `a chore without interval waits for a trigger`() async throws {
        let scene = try await AuditScene(1) { settings in
            settings.interval = .zero
            settings.reverificationInterval = .zero
        }
        #expect(scene.audits.makeChores().map(\.status.isPaused) == [true, true])
    }

    @Test func `no more segments are audited at once than allowed`() async throws {
        let scene = try await AuditScene(5) { settings in
            settings.concurrency = 2
            settings.segmentsPerNode = 10
        }
        for index in 0..<10 { try await scene.store("key\(index)", size: 1000) }
        let dials = Mutex(0)
        let enough = AsyncStream.makeStream(of: Void.self)
        let gate = AsyncStream.makeStream(of: Void.self)
        scene.dialHook.withLock { hook in
            hook = { _ in
                let count = dials.withLock { dials in
                    dials += 1
                    return dials
                }
                if count == 10 { enough.continuation.finish() }
                // Nobody gets further until the gate is opened.
                for await _ in gate.stream {}
            }
        }
        let task = Task { try await scene.audit() }
        for await _ in enough.stream {}
        for _ in 0..<1000 { await Task.yield() }
        // Two segments with five holders each, and no third one.
        #expect(dials.withLock { $0 } == 10)
        gate.continuation.finish()
        try await task.value
        #expect(dials.withLock { $0 } == 50)
        #expect(try await scene.audits.status().conclusions == ["judged": 10])
    }

    @Test func `bandwidth is shared out in the order of asking`() async throws {
        let clock = TestClock()
        let waits = Mutex<[Duration]>([])
        let limit = BandwidthLimit(
            bytesPerSecond: 1000, clock: clock.wallClock,
            sleeper: Sleeper { duration in waits.withLock { $0.append(duration) } })
        try await limit.take(500)
        try await limit.take(2000)
        try await limit.take(0)
        #expect(waits.withLock { $0 } == [.milliseconds(500), .milliseconds(2500)])
        clock.advance(by: .seconds(10))
        // What was not used is not saved up.
        try await limit.take(1000)
        try await limit.take(1)
        #expect(waits.withLock { $0 } == [.milliseconds(500), .milliseconds(2500), .seconds(1)])
        let unlimited = BandwidthLimit(
            bytesPerSecond: nil, clock: clock.wallClock, sleeper: Sleeper { _ in try await neverEnding() })
        try await unlimited.take(1 << 50)
    }

    @Test func `audits wait for their bandwidth before they sign limits`() async throws {
        let scene = try await AuditScene { $0.bytesPerSecond = 256 }
        try await scene.store(size: 3000)
        // Eight shares of 256 bytes: the second audit waits for eight seconds.
        scene.over.withLock { _ = $0.insert(.seconds(8)) }
        try await scene.audit()
        try await scene.audit()
        #expect(try await scene.tally(scene.nodes[0]) == [2, 0, 0, 0])
    }
}
