import Metabase
import Overlay
import StorageModel
import TestSupport
import Testing
import Upkeep

@Suite struct RepairCheckerTests {
    @Test func `the checker queues exactly what the classifier finds too weak, whatever way it looks`() async throws {
        var random = RandomSource.seeded(77)
        let fixture = try await RepairFixture(nodeCount: 24, subnet: { "10.0.\($0 % 17)" })
        let ids = fixture.nodes.map(\.id)
        var streams: [StreamID] = []
        for index in 0..<150 {
            let holders = Array(ids.shuffled(using: &random).prefix(Int.random(in: 4...10, using: &random)))
            let object = try await fixture.place.metabase.putObject(
                fixture.place.newUpload("key \(index)"), segments: [fixture.place.segment(holders)],
                ObjectCommit(mayOverwrite: true))
            streams.append(object.stream)
        }
        for id in ids.shuffled(using: &random).prefix(2) {
            try await fixture.place.overlay.disqualify(id, reason: .auditFailure)
        }
        try await fixture.stop(Array(fixture.nodes.shuffled(using: &random).prefix(3)))
        try await fixture.check()

        let classifier = fixture.place.overlay.classifier()
        var expected: [SegmentPlace: (healthy: Int, retrievable: Int)] = [:]
        for stream in streams {
            let segment = try await fixture.place.metabase.segment(of: stream, at: .zero)
            let remote = try fixture.place.remote(segment)
            let states = classifier.classify(remote.pieces.map { ($0.number, $0.node) }, placement: segment.placement)
            if states.healthyCount <= 6 {
                expected[fixture.segmentPlace(segment)] = (states.healthyCount, states.retrievableCount)
            }
        }
        let status = try await fixture.repairs.status()
        #expect(expected.count > 20 && expected.count < 150)
        #expect(status.queueLength == expected.count)
        for row in status.next {
            #expect(expected[row.place]?.healthy == row.healthyCount)
            #expect(expected[row.place]?.retrievable == row.retrievableCount)
        }
    }

    @Test func `inline segments and expired ones are nobody's business`() async throws {
        let fixture = try await RepairFixture()
        let segment = NewSegment(
            position: .zero, content: .inline([1, 2, 3]), plainSize: 3, encryptedSize: 3, encryptedKey: [1],
            encryptedKeyNonce: [2])
        try await fixture.place.put("inline", [segment])
        try await fixture.check()
        #expect(try await fixture.repairs.status().queueLength == 0)
    }

    @Test func `segments on nodes nobody knows are lost, and come first`() async throws {
        let fixture = try await RepairFixture()
        let strangers = (0..<8).map { _ in NodeID.random(using: fixture.place.random) }
        try await fixture.place.put("lost", [fixture.place.segment(strangers)])
        _ = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        let status = try await fixture.repairs.status()
        #expect(status.queueLength == 2 && status.irreparableCount == 1)
        #expect(status.next.first?.retrievableCount == 0 && status.next.first?.survival == 0)
    }

    @Test func `thresholds are read from text, and nonsense is refused`() {
        #expect(RepairSettings.thresholds(text: "") == [:])
        #expect(RepairSettings.thresholds(text: "29-65,4-7") == [29: 65, 4: 7])
        for text in ["29", "29-", "-5", "a-b", "29-28", "0-1", "29-257", "29-65,", "29-65,29-66", "29-65;4-7", "29--65"] {
            #expect(RepairSettings.thresholds(text: text) == nil, "\(text)")
        }
    }
}
