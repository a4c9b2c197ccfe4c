import Chores
import Metabase
import Overlay
import StorageModel
import TestSupport
import Testing
import Upkeep
import WireMessages

@Suite struct RepairChoreTests {
    @Test func `one trigger repairs all that is due, batch after batch`() async throws {
        let fixture = try await RepairFixture(size: 2_000, settings: { $0.concurrency = 1 })
        var segments: [Segment] = []
        for index in 0..<20 { segments.append(try await fixture.upload("key \(index)")) }
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        for segment in segments { #expect(try await fixture.goodNumbers(segment).count >= 8) }
        let status = try await fixture.repairs.status()
        #expect(status.queueLength == 0 && status.totals.repairedSegments == 20 && status.running.isEmpty)
        #expect(status.segmentsPerSecond > 0)
    }

    @Test func `a batch is bounded, so that a pause is never far away`() async throws {
        let fixture = try await RepairFixture(size: 2_000, settings: { $0.concurrency = 1 })
        for index in 0..<12 { _ = try await fixture.upload("key \(index)") }
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        #expect(try await fixture.repairs.runOnce())
        #expect(try await fixture.repairs.status().queueLength == 4)
        #expect(try await !fixture.repairs.runOnce())
        #expect(try await fixture.repairs.status().queueLength == 0)
    }

    @Test func `with an interval of zero it only runs when it is told to`() async throws {
        let fixture = try await RepairFixture(settings: { $0.interval = .zero })
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        let chore = try #require(fixture.repairs.makeChores().first)
        #expect(chore.name == "repair" && chore.status.isPaused)
        try await chore.triggerAndWait()
        #expect(try await fixture.goodNumbers(segment).count >= 8)
    }

    @Test func `little memory repairs one after the other, and large segments all the same`() async throws {
        let fixture = try await RepairFixture(
            size: 700_000,
            settings: { settings in
                settings.memory = 1 << 20
                settings.concurrency = 4
            })
        var segments: [Segment] = []
        for index in 0..<4 { segments.append(try await fixture.upload("key \(index)")) }
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        for segment in segments { #expect(try await fixture.goodNumbers(segment).count >= 8) }
    }

    @Test func `a node whose proof is bad is noted only when operators want audits of repair`() async throws {
        let fixture = try await RepairFixture(nodeCount: 20)
        let segment = try await fixture.upload()
        for index in 1...3 { fixture.nodes[index].front.misbehave(.corrupts, at: [.getRepair]) }
        try await fixture.stop([fixture.nodes[0]])
        let strict = try await fixture.repairs(settings: { settings in
            settings.repairThresholds[4] = 7
            settings.countsAsAudit = true
        })
        let before = try await fixture.place.overlay.reputation(of: fixture.nodes[1].id)
        _ = try await strict.repair(fixture.segmentPlace(segment))
        let asked = fixture.nodes[1].front.transfers(.getRepair) > 0
        let after = try await fixture.place.overlay.reputation(of: fixture.nodes[1].id)
        #expect((after != before) == asked)
    }
}
