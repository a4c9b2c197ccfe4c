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
        let text = SatelliteMetrics(status: try status(), garbage: GarbageAnswer(nil)).text
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
        let text = SatelliteMetrics(status: try status(unknown), garbage: GarbageAnswer(nil)).text
        let families = try ExpositionParser(text).families
        #expect(families.keys.allSatisfy { !$0.hasPrefix("storj_segments") })
        #expect(families["storj_garbage_filters"] == nil)
        #expect(families["storj_nodes"]?.samples[["state": "online"]] == 9)
    }

    @Test func `names of counters end as monitoring expects, and others do not`() throws {
        let text = SatelliteMetrics(status: try status(), garbage: GarbageAnswer(nil)).text
        for (name, family) in try ExpositionParser(text).families {
            #expect(name.hasSuffix("_total") == (family.kind == "counter"), "\(name)")
            #expect(name.hasPrefix("storj_"))
            #expect(family.help.hasSuffix("."))
        }
    }
}
