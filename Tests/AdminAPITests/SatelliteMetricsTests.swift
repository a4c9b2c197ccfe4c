import AdminAPI
import Foundation
import Testing

@Suite struct SatelliteMetricsTests {
    private func status(_ durability: DurabilityAnswer = Samples.durability()) throws -> StatusAnswer {
        StatusAnswer(
            id: "id", startedAt: Samples.now.addingTimeInterval(-3600), now: Samples.now, nodes: Samples.nodes(online: 9),
            loop: try Samples.loop(), durability: durability, chores: [try Samples.chore("ranged-loop")])
    }

    @Test func `every redundancy class has its own figures, which add up to its segments`() throws {
        let text = Samples.metrics(try status())
        let families = try ExpositionParser(text).families
        let segments = try #require(families["storj_segments"]?.samples)
        func labels(_ state: String) -> [String: String] {
            ["redundancy": "29/35/80/110", "placement": "0", "state": state]
        }
        #expect(segments[labels("healthy")] == 90)
        #expect(segments[labels("retrievable")] == 6)
        #expect(segments[labels("at_risk")] == 3)
        #expect(segments[labels("lost")] == 1)
        #expect(segments.filter { $0.key["redundancy"] == "29/35/80/110" }.values.reduce(0, +) == 100)
        #expect(segments.count == 8)
        let lowest = families["storj_segments_lowest_healthy_pieces"]?.samples
        #expect(lowest?[["redundancy": "29/35/80/110", "placement": "0"]] == 28)
    }

    @Test func `before the first pass nothing is said about segments`() throws {
        let unknown = DurabilityAnswer(asOf: nil, segmentCount: 0, inlineCount: 0, classes: [])
        let text = Samples.metrics(try status(unknown))
        let families = try ExpositionParser(text).families
        #expect(families.keys.allSatisfy { !$0.hasPrefix("storj_segments") })
        #expect(families["storj_garbage_filters"] == nil)
        #expect(families["storj_nodes"]?.samples[["state": "online"]] == 9)
    }

    @Test func `names of counters end as monitoring expects, and others do not`() throws {
        let text = Samples.metrics(try status())
        for (name, family) in try ExpositionParser(text).families {
            #expect(name.hasSuffix("_total") == (family.kind == "counter"), "\(name)")
            #expect(name.hasPrefix("storj_"))
            #expect(family.help.hasSuffix("."))
        }
    }

    @Test func `audits, repair and heartbeats have their figures`() throws {
        var audits = AuditsAnswer()
        audits.outcomes = ["success": 7, "failure": 1]
        var repair = RepairAnswer()
        (repair.queueLength, repair.dueCount, repair.irreparableCount) = (10, 6, 1)
        var heartbeats = HeartbeatsAnswer()
        heartbeats.period = .init(
            number: 1_795_348_800, state: "published", start: Samples.now, end: Samples.now, sampleCount: 8,
            reportRoot: nil, counts: .init(passed: 0, failed: 0, unreachable: 0, pending: 0, void: 0))
        heartbeats.counts = .init(passed: 5, failed: 1, unreachable: 2, pending: 0, void: 0)
        let text = Samples.metrics(try status(), audits: audits, repair: repair, heartbeats: heartbeats)
        let families = try ExpositionParser(text).families
        #expect(families["storj_audit_outcomes_total"]?.samples[["outcome": "failure"]] == 1)
        #expect(families["storj_repair_queue"]?.samples == [["state": "due"]: 6, ["state": "later"]: 3, ["state": "irreparable"]: 1])
        #expect(families["storj_heartbeat_nodes"]?.samples[["verdict": "unreachable"]] == 2)
        #expect(families["storj_heartbeat_period"]?.samples == [[:]: 1_795_348_800])
    }
}
