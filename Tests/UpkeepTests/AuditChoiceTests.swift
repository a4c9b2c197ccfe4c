import Database
import Metabase
import Overlay
import StorageModel
import TestSupport
import Testing
import Upkeep

@Suite struct AuditChoiceTests {
    @Test func `every node gets as many segments as it has, three at most, and no segment twice`() async throws {
        let scene = try await AuditScene(4)
        let place = scene.place
        let ids = scene.nodes.map(\.id)
        for index in 0..<40 { try await place.put("many\(index)", [place.segment([ids[0], ids[1]])]) }
        try await place.put("one", [place.segment([ids[2]])])
        _ = try await place.loop.run([scene.audits.observer])
        let queue = try await scene.audits.nextSegments(100)
        #expect(Set(queue).count == queue.count)
        #expect((4...7).contains(queue.count))
        let status = try await scene.audits.status()
        #expect(status.queueLength == queue.count)
        #expect(status.lastChoice?.nodeCount == 3)
        #expect(status.lastChoice?.segmentCount == queue.count)
    }

    @Test func `the first choice of every node comes before the second one of any`() async throws {
        let scene = try await AuditScene(6)
        let place = scene.place
        for node in scene.nodes {
            for index in 0..<10 { try await place.put("\(node.id)\(index)", [place.segment([node.id])]) }
        }
        _ = try await place.loop.run([scene.audits.observer])
        let queue = try await scene.audits.nextSegments(100)
        #expect(queue.count == 18)
        for turn in 0..<3 {
            var holders: Set<NodeID> = []
            for segment in queue[turn * 6..<turn * 6 + 6] {
                let found = try await place.metabase.segment(of: segment.stream, at: segment.position)
                holders.formUnion(try place.remote(found).pieces.map(\.node))
            }
            #expect(holders == Set(scene.nodes.map(\.id)))
        }
    }

    @Test func `a new choice replaces what is left of the old one`() async throws {
        let scene = try await AuditScene(2)
        let place = scene.place
        for index in 0..<5 { try await place.put("key\(index)", [place.segment(scene.nodes.map(\.id))]) }
        _ = try await place.loop.run([scene.audits.observer])
        let before = try await scene.audits.nextSegments(100)
        for index in 0..<5 {
            _ = try await place.metabase.deleteObject(
                ObjectLocation(bucket: place.bucket, key: Array("key\(index)".utf8)))
        }
        try await place.put("new", [place.segment(scene.nodes.map(\.id))])
        _ = try await place.loop.run([scene.audits.observer])
        let after = try await scene.audits.nextSegments(100)
        #expect(!before.isEmpty)
        #expect(after.count == 1)
        #expect(Set(before).isDisjoint(with: after))
    }

    @Test func `expired and inline segments and those of disqualified and unknown nodes are not chosen`() async throws {
        let scene = try await AuditScene(2)
        let place = scene.place
        var expiring = place.newUpload("expiring")
        expiring.expiresAt = place.clock.now.advanced(by: .seconds(60))
        _ = try await place.metabase.putObject(
            expiring, segments: [place.segment([scene.nodes[0].id])], ObjectCommit(mayOverwrite: true))
        try await place.put(
            "inline",
            [
                NewSegment(
                    position: .zero, content: .inline([1, 2, 3]), plainSize: 3, encryptedSize: 3, encryptedKey: [],
                    encryptedKeyNonce: [])
            ])
        try await place.put("disqualified", [place.segment([scene.nodes[1].id])])
        try await place.put("unknown", [place.segment([NodeID.random(using: place.random)])])
        try await place.overlay.disqualify(scene.nodes[1].id, reason: .auditFailure)
        place.clock.advance(by: .seconds(61))
        _ = try await place.loop.run([scene.audits.observer])
        #expect(try await scene.audits.nextSegments(10).isEmpty)
    }

    @Test func `segments are chosen in proportion to their size`() throws {
        let random = RandomSource.seeded(11)
        let places = (0..<3).map { _ in SegmentPlace(stream: StreamID.random(using: random), position: .zero) }
        let weights = [1.0, 10.0, 100.0]
        var first = [0, 0, 0]
        let rounds = 20_000
        for _ in 0..<rounds {
            var reservoir = AuditReservoir(capacity: 1)
            for (place, weight) in zip(places, weights) {
                reservoir.offer(place, root: PieceID(), weight: weight, uniform: AuditReservoir.uniform(random.next()))
            }
            let chosen = try #require(reservoir.choices.first).place
            first[try #require(places.firstIndex(of: chosen))] += 1
        }
        for (count, weight) in zip(first, weights) {
            let expected = Double(rounds) * weight / 111
            // Five standard deviations.
            #expect(abs(Double(count) - expected) < 5 * expected.squareRoot())
        }
    }

    @Test func `reservoirs of ranges joined are a reservoir of all, whatever the ranges`() {
        let random = RandomSource.seeded(12)
        let offers = (0..<200).map { _ in
            (
                place: SegmentPlace(stream: StreamID.random(using: random), position: .zero),
                weight: Double(1 + random.next() % 1000), uniform: AuditReservoir.uniform(random.next())
            )
        }
        var whole = AuditReservoir(capacity: 3)
        for offer in offers { whole.offer(offer.place, root: PieceID(), weight: offer.weight, uniform: offer.uniform) }
        for cut in [0, 1, 77, 199, 200] {
            var (left, right) = (AuditReservoir(capacity: 3), AuditReservoir(capacity: 3))
            for (index, offer) in offers.enumerated() {
                if index < cut {
                    left.offer(offer.place, root: PieceID(), weight: offer.weight, uniform: offer.uniform)
                } else {
                    right.offer(offer.place, root: PieceID(), weight: offer.weight, uniform: offer.uniform)
                }
            }
            left.merge(right)
            #expect(left.choices.map(\.place) == whole.choices.map(\.place))
        }
        #expect(whole.choices.map(\.key) == whole.choices.map(\.key).sorted())
    }

    @Test func `draws are never zero, so that no key is infinite`() {
        #expect(AuditReservoir.uniform(0) > 0)
        #expect(AuditReservoir.uniform(.max) == 1)
    }

    @Test func `a segment that names a node nobody has numbered fails the observer and nothing else`() async throws {
        let scene = try await AuditScene(1)
        let place = scene.place
        try await place.put("key", [place.segment([scene.nodes[0].id])])
        try await place.database.write { session in
            try session.execute(
                "UPDATE segments SET pieces = ?1", [.blob(AliasPieces.encode([.init(number: 0, alias: 99)]))])
        }
        let watcher = Watcher()
        let report = try await place.loop.run([scene.audits.observer, watcher])
        #expect(report.failures.keys.sorted() == ["audit-choice"])
        #expect(watcher.finished != nil)
    }
}
