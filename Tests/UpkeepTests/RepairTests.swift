import Metabase
import Orders
import Overlay
import StorageModel
import TestSupport
import Testing
import Upkeep
import WireMessages

@Suite struct RepairTests {
    // MARK: What it is for

    @Test func `a segment whose nodes went away is whole again, on other nodes, to the byte`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<4]))
        try await fixture.check()
        #expect(try await fixture.repairs.status().queueLength == 1)
        try await fixture.repairs.runUntilEmpty()
        let pieces = try await fixture.pieces(segment)
        // One more than needed is offered, and may be stored before it is cancelled.
        #expect((8...9).contains(pieces.count))
        #expect(Set(pieces.map(\.node)).isDisjoint(with: fixture.nodes[0..<4].map(\.id)))
        #expect(Set(pieces.map(\.node)).count == pieces.count)
        #expect(try await fixture.goodNumbers(segment).count >= 8)
        #expect(try await fixture.isReadable(segment))
        #expect(try await fixture.current(segment).repairedAt == fixture.place.clock.now)
        let status = try await fixture.repairs.status()
        #expect(status.queueLength == 0 && status.totals.repairedSegments == 1 && status.totals.addedPieces >= 4)
        #expect(status.totals.receivedBytes > 0 && status.totals.sentBytes >= status.totals.receivedBytes)
    }

    @Test func `repair survives repair after repair, with pieces that repair itself has stored`() async throws {
        let fixture = try await RepairFixture(nodeCount: 24)
        let segment = try await fixture.upload()
        var gone: [Neighbour] = []
        for _ in 0..<4 {
            let holders = try await fixture.pieces(segment).prefix(4).map(\.node)
            gone += fixture.nodes.filter { holders.contains($0.id) }
            try await fixture.stop(gone)
            try await fixture.check()
            try await fixture.repairs.runUntilEmpty()
            #expect(try await fixture.isReadable(segment))
            // A node may refuse a piece that it has from a store that was cancelled, and more than are needed may end before
            // they are cancelled: the number is between the repair threshold and the total.
            #expect(try await (7...10).contains(fixture.pieces(segment).count))
        }
        #expect(gone.count == 16)
    }

    @Test func `new pieces bear the hash their nodes signed and the segment's end`() async throws {
        let fixture = try await RepairFixture()
        let end = fixture.place.clock.now.advanced(by: .seconds(86400))
        let segment = try await fixture.upload(expiresAt: end)
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        let pieces = try await fixture.pieces(segment)
        #expect(pieces.count >= 8 && pieces.allSatisfy { $0.hash != nil })
        fixture.place.clock.advance(by: .seconds(86400))
        try await fixture.check()
        #expect(try await fixture.repairs.status().queueLength == 0, "nobody repairs what has expired")
    }

    @Test func `only missing pieces are stored`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[6..<8]))
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        #expect(fixture.nodes[..<6].allSatisfy { $0.front.transfers(.putRepair) == 0 })
        let after = try await fixture.pieces(segment)
        for number in 0..<6 { #expect(after.first { $0.number == number }?.node == fixture.nodes[number].id) }
    }

    @Test func `a large segment is repaired to the byte`() async throws {
        let fixture = try await RepairFixture(size: 9_000_001)
        let segment = try await fixture.upload()
        try await fixture.stop([fixture.nodes[0], fixture.nodes[3], fixture.nodes[5]])
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        #expect(try await fixture.goodNumbers(segment).count >= 8)
        #expect(try await fixture.isReadable(segment))
    }

    // MARK: Bad nodes

    @Test func `lost and rotten pieces are found, left out and taken out of the metadata`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        let ids = Neighbourhood.pieces(of: segment)
        fixture.nodes[1].front.lose([ids[1].piece])
        fixture.nodes[2].front.misbehave(.corrupts, at: [.getRepair])
        try await fixture.stop([fixture.nodes[0], fixture.nodes[7]])
        // All are asked: with six left, four good ones are found only beside the bad ones.
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        let pieces = try await fixture.pieces(segment)
        let totals = try await fixture.repairs.status().totals
        #expect(totals.repairedSegments == 1)
        #expect(pieces.filter { $0.node == fixture.nodes[1].id || $0.node == fixture.nodes[2].id }.count == 2 - totals.badPieces)
        #expect(try await fixture.isReadable(segment))
    }

    @Test func `with exactly k good pieces left among bad ones the segment is saved`() async throws {
        let fixture = try await RepairFixture(nodeCount: 20)
        let segment = try await fixture.upload()
        let ids = Neighbourhood.pieces(of: segment)
        fixture.nodes[0].front.lose([ids[0].piece])
        fixture.nodes[1].front.misbehave(.corrupts, at: [.getRepair])
        fixture.nodes[2].front.misbehave(.refuses(.internal), at: [.getRepair])
        try await fixture.stop([fixture.nodes[7]])
        try await fixture.check()
        let repairs = try await fixture.repairs(settings: { $0.repairThresholds[4] = 7 })
        let outcome = try #require(try await repairs.repair(fixture.segmentPlace(segment)))
        guard case .repaired(let pieces) = outcome else { throw Surprise(outcome) }
        #expect(pieces.healthyAfter >= 8 - pieces.bad)
        #expect(try await fixture.isReadable(segment))
    }

    @Test func `a node that answers audits but refuses repair does not stop it`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        fixture.nodes[1].front.misbehave(.refuses(.unavailable), at: [.getRepair, .get])
        try await fixture.stop([fixture.nodes[0], fixture.nodes[2], fixture.nodes[3]])
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        let pieces = try await fixture.pieces(segment)
        #expect(pieces.contains { $0.node == fixture.nodes[1].id }, "a refusal proves nothing against a piece")
        #expect(try await fixture.repairs.status().totals.repairedSegments == 1)
    }

    @Test func `a node that hangs is passed by after some patience`() async throws {
        let fixture = try await RepairFixture(sleeper: briefSleeper(.seconds(10), times: 2))
        let segment = try await fixture.upload()
        fixture.nodes[4].front.misbehave(.hangs, at: [.getRepair])
        try await fixture.stop([fixture.nodes[0], fixture.nodes[1]])
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        #expect(try await fixture.isReadable(segment))
        #expect(try await fixture.repairs.status().totals.repairedSegments == 1)
    }

    @Test func `new nodes that lie or refuse get nothing into the metadata`() async throws {
        let fixture = try await RepairFixture(nodeCount: 16)
        let segment = try await fixture.upload()
        for node in fixture.nodes[8..<12] { node.front.misbehave(.refuses(.aborted), at: [.putRepair]) }
        try await fixture.stop(Array(fixture.nodes[0..<4]))
        try await fixture.check()
        try await fixture.repairs.runOnce()
        let pieces = try await fixture.pieces(segment)
        #expect(Set(pieces.map(\.node)).isDisjoint(with: fixture.nodes[8..<12].map(\.id)))
        #expect(try await fixture.goodNumbers(segment).count >= 4)
        #expect(try await fixture.isReadable(segment))
    }

    @Test func `pieces of other data under a right id are noticed by the hash of the metadata`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        // The metadata know another hash than the node's proof shows: as if two uploads had used one piece id.
        let remote = try fixture.place.remote(segment)
        var pieces = remote.pieces
        pieces[1].hash = Bytes32(fixture.place.random.bytes(count: 32))
        #expect(
            try await fixture.place.metabase.updatePieces(
                of: segment.stream, at: segment.position, expecting: remote, to: pieces))
        try await fixture.stop([fixture.nodes[0], fixture.nodes[2], fixture.nodes[3], fixture.nodes[4]])
        try await fixture.check()
        try await fixture.repairs.runOnce()
        #expect(try await fixture.pieces(segment).count == 8, "three good ones are not enough: nothing is changed")
        #expect(try await fixture.repairs.status().totals.failedAttempts == 1)
    }

    // MARK: When it cannot be done

    @Test func `what cannot be restored stays as it is, is listed, and is saved when a node comes back`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<5]))
        try await fixture.check()
        try await fixture.repairs.runOnce()
        #expect(try await fixture.pieces(segment).count == 8)
        let status = try await fixture.repairs.status()
        #expect(status.irreparableCount == 1 && status.irreparable.first?.retrievableCount == 3)
        #expect(status.irreparable.first?.problem == "only 3 of 4 pieces can be read")
        #expect(status.irreparable.first?.survival == 0)
        fixture.nodes[0].start()
        try await fixture.place.checkIn(fixture.nodes[0].identity, at: fixture.nodes[0].address)
        fixture.place.clock.advance(by: .seconds(6 * 3600))
        for node in [fixture.nodes[0]] + fixture.nodes[5...] { try await fixture.place.checkIn(node.identity, at: node.address) }
        try await fixture.check()
        try await fixture.repairs.runOnce()
        #expect(try await fixture.repairs.status().queueLength == 0)
        #expect(try await fixture.goodNumbers(segment).count >= 8)
    }

    @Test func `without other nodes nothing changes and it is tried again later`() async throws {
        let fixture = try await RepairFixture(nodeCount: 8)
        let segment = try await fixture.upload()
        let before = try await fixture.pieces(segment)
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        try await fixture.repairs.runOnce()
        #expect(try await fixture.pieces(segment) == before)
        let status = try await fixture.repairs.status()
        #expect(status.queueLength == 1 && status.dueCount == 0 && status.next.first?.problem == "no node can take a piece")
        try await fixture.repairs.retryAll()
        #expect(try await fixture.repairs.status().dueCount == 1)
    }

    @Test func `what lacked nodes is tried again as soon as there are more`() async throws {
        let fixture = try await RepairFixture(nodeCount: 8)
        _ = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        try await fixture.repairs.runOnce()
        try await fixture.check()
        #expect(try await fixture.repairs.status().dueCount == 0)
        _ = try await fixture.place.startNeighbours(4, subnet: { "10.77.\($0)" })
        try await fixture.check()
        #expect(try await fixture.repairs.status().dueCount == 1)
        try await fixture.repairs.runOnce()
        #expect(try await fixture.repairs.status().queueLength == 0)
    }

    @Test func `a few new nodes are better than none`() async throws {
        let fixture = try await RepairFixture(nodeCount: 9)
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<4]))
        try await fixture.check()
        try await fixture.repairs.runOnce()
        #expect(try await fixture.goodNumbers(segment).count >= 5)
        let status = try await fixture.repairs.status()
        #expect(status.totals.partlyRepairedSegments == 1 && status.queueLength == 1 && status.dueCount == 0)
    }

    @Test func `too few good pieces change nothing, not even the bad ones`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        let ids = Neighbourhood.pieces(of: segment)
        for index in 0..<5 { fixture.nodes[index].front.lose([ids[index].piece]) }
        try await fixture.stop([fixture.nodes[7], fixture.nodes[6]])
        try await fixture.check()
        let outcome = try await fixture.repairs.repair(fixture.segmentPlace(segment))
        guard case .notEnoughPieces(let received, 4, let problems) = outcome else { throw Surprise(outcome) }
        #expect(received == 1 && problems.count == 5)
        #expect(try await fixture.pieces(segment).count == 8)
    }

    @Test func `a deleted segment leaves the queue`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        _ = try await fixture.place.metabase.deleteObject(
            ObjectLocation(bucket: fixture.place.bucket, key: Array("key".utf8)))
        #expect(try await fixture.repairs.repair(fixture.segmentPlace(segment)) == .gone)
        #expect(try await fixture.repairs.status().queueLength == 0)
    }

    // MARK: Pieces in the wrong place

    @Test func `pieces that share a subnet count once and are spread again`() async throws {
        let fixture = try await RepairFixture(subnet: { $0 < 4 ? "10.9.9" : "10.0.\($0)" })
        let segment = try await fixture.upload()
        try await fixture.check()
        #expect(try await fixture.repairs.status().next.first?.healthyCount == 5)
        try await fixture.repairs.runUntilEmpty()
        let pieces = try await fixture.pieces(segment)
        let clumped = fixture.nodes[..<4].map(\.id)
        #expect(pieces.count >= 8 && pieces.filter { clumped.contains($0.node) }.count == 1)
        #expect(try await fixture.isReadable(segment))
    }

    @Test func `a healthy segment loses its pieces out of placement, and only those`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        let banned = fixture.nodes[3].id
        let repairs = try await fixture.repairs(overlay: { settings in
            var rule = PlacementRule()
            rule.excludedNodes = [banned]
            settings.placements[0] = rule
        })
        try await fixture.place.loop.run([repairs.checker])
        #expect(try await repairs.status().queueLength == 1)
        #expect(try await repairs.repair(fixture.segmentPlace(segment)) == .notNeeded(removed: 1))
        #expect(try await fixture.pieces(segment).map(\.number) == [0, 1, 2, 4, 5, 6, 7])
        #expect(try await repairs.status().queueLength == 0)
    }

    @Test func `pieces out of placement stay until there are others`() async throws {
        let fixture = try await RepairFixture(nodeCount: 8)
        let segment = try await fixture.upload()
        let banned = fixture.nodes[..<3].map(\.id)
        let repairs = try await fixture.repairs(overlay: { settings in
            var rule = PlacementRule()
            rule.excludedNodes = Set(banned)
            settings.placements[0] = rule
        })
        try await fixture.place.loop.run([repairs.checker])
        try await repairs.runOnce()
        #expect(try await fixture.pieces(segment).count == 8)
    }

    @Test func `a disqualified node's pieces are replaced without asking it`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        for node in fixture.nodes[..<2] { try await fixture.place.overlay.disqualify(node.id, reason: .auditFailure) }
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        #expect(fixture.nodes[..<2].allSatisfy { $0.front.transfers(.getRepair) == 0 })
        #expect(try await fixture.goodNumbers(segment).count >= 8)
    }

    // MARK: The checker

    @Test func `what became healthy or was deleted leaves the queue with the next pass`() async throws {
        let fixture = try await RepairFixture()
        _ = try await fixture.upload("a")
        _ = try await fixture.upload("b")
        try await fixture.stop(Array(fixture.nodes[0..<3]))
        try await fixture.check()
        #expect(try await fixture.repairs.status().queueLength == 2)
        _ = try await fixture.place.metabase.deleteObject(
            ObjectLocation(bucket: fixture.place.bucket, key: Array("a".utf8)))
        fixture.place.clock.advance(by: .seconds(1))
        try await fixture.check()
        #expect(try await fixture.repairs.status().queueLength == 1)
        for node in fixture.nodes[0..<3] {
            node.start()
            try await fixture.place.checkIn(node.identity, at: node.address)
        }
        fixture.place.clock.advance(by: .seconds(1))
        try await fixture.check()
        #expect(try await fixture.repairs.status().queueLength == 0)
    }

    @Test func `thresholds can be other than the scheme's`() async throws {
        let fixture = try await RepairFixture(settings: { $0.repairThresholds[4] = 7 })
        let segment = try await fixture.upload()
        try await fixture.stop([fixture.nodes[0]])
        try await fixture.check()
        try await fixture.repairs.runUntilEmpty()
        #expect(try await fixture.goodNumbers(segment).count >= 8)
    }

    @Test func `what is in the greatest danger is repaired first`() async throws {
        let fixture = try await RepairFixture(nodeCount: 24, settings: { $0.concurrency = 1 })
        _ = try await fixture.upload("safer", to: fixture.nodes[2..<10])
        let weak = try await fixture.upload("weaker", to: fixture.nodes[0..<8])
        try await fixture.stop(Array(fixture.nodes[0..<4]))
        try await fixture.check()
        let next = try await fixture.repairs.status().next
        #expect(next.map(\.healthyCount) == [4, 6] && next.first?.place == fixture.segmentPlace(weak))
        #expect(next[0].survival < next[1].survival)
    }

    @Test func `when too many are unhealthy the worst are kept and nothing is forgotten`() async throws {
        let fixture = try await RepairFixture(settings: { $0.queueCapacity = 2 })
        for index in 0..<3 { _ = try await fixture.upload("a\(index)", to: fixture.nodes[2..<10]) }
        let weak = try await fixture.upload("weaker")
        try await fixture.stop(Array(fixture.nodes[0..<4]))
        try await fixture.check()
        let status = try await fixture.repairs.status()
        #expect(status.queueLength == 2 && status.next.first?.place == fixture.segmentPlace(weak))
    }
}

struct Surprise: Error {
    let outcome: RepairOutcome?

    init(_ outcome: RepairOutcome?) { self.outcome = outcome }
}
