import Blake3
import DRPC
import Identity
import Metabase
import Overlay
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep
import WireMessages

@Suite struct GarbageCollectorTests {
    @Test func `every live piece is in its node's filter, most others are not`() async throws {
        let place = try await Neighbourhood()
        let nodes = try await place.startNodes(8)
        var live: [(node: NodeID, piece: PieceID)] = []
        for index in 0..<50 { live += try await place.put("key\(index)", [place.segment(nodes.map(\.id))]) }
        var settings = GarbageSettings()
        settings.expectedPieceCount = 50
        let report = try await place.collector(settings).collect()
        #expect(report.sentCount == 8)
        for (node, piece) in live { #expect(place.filter(of: node)?.mayContain(piece) == true) }
        for node in nodes {
            let filter = try #require(place.filter(of: node.id))
            let strangers = (0..<1000).count { _ in filter.mayContain(PieceID.random(using: place.random)) }
            #expect(strangers < 250)
        }
    }

    @Test func `pending uploads, copies and expired objects keep their pieces`() async throws {
        let place = try await Neighbourhood()
        let nodes = try await place.startNodes(3)
        let ids = nodes.map(\.id)
        let upload = try await place.metabase.beginUpload(place.newUpload("pending"))
        let pending = place.segment(ids)
        try await place.metabase.commitSegment(pending, in: upload.reference)
        let copied = place.segment(ids)
        try await place.put("original", [copied])
        let source = ObjectLocation(bucket: place.bucket, key: Array("original".utf8))
        let copy = try await place.metabase.beginCopy(source, to: place.bucket)
        _ = try await place.metabase.finishCopy(
            ObjectTransfer(
                source: ObjectReference(
                    bucket: copy.object.bucket, key: copy.object.key, version: copy.object.version,
                    stream: copy.object.stream),
                destination: ObjectLocation(bucket: place.bucket, key: Array("copy".utf8)),
                segmentKeys: copy.segmentKeys, mayOverwrite: true))
        _ = try await place.metabase.deleteObject(source)
        _ = try await place.collector().collect()
        for (node, piece) in [pending, copied].flatMap(Neighbourhood.pieces) {
            #expect(place.filter(of: node)?.mayContain(piece) == true)
        }
    }

    @Test func `pieces of deleted objects are in no filter any more`() async throws {
        let place = try await Neighbourhood()
        let nodes = try await place.startNodes(2)
        var dead: [(node: NodeID, piece: PieceID)] = []
        for index in 0..<100 { dead += try await place.put("key\(index)", [place.segment(nodes.map(\.id))]) }
        for index in 0..<99 {
            _ = try await place.metabase.deleteObject(
                ObjectLocation(bucket: place.bucket, key: Array("key\(index)".utf8)))
        }
        var settings = GarbageSettings()
        settings.expectedPieceCount = 100
        _ = try await place.collector(settings).collect()
        let kept = dead.dropLast(2).count { place.filter(of: $0.node)?.mayContain($0.piece) == true }
        #expect(kept < 20)
        for (node, piece) in dead.suffix(2) { #expect(place.filter(of: node)?.mayContain(piece) == true) }
    }

    @Test func `the filter is dated by the newest segment and carries its hash`() async throws {
        let place = try await Neighbourhood()
        let node = try await place.startNodes(1)[0]
        try await place.put("a", [place.segment([node.id])])
        let committed = place.clock.now
        place.clock.advance(by: .seconds(86_400))
        let report = try await place.collector().collect()
        #expect(report.created == committed)
        let request = try #require(place.received.withLock { $0[node.id]?.first })
        #expect(try Wire_Timestamp.value(request.creationDate) == committed)
        #expect(Array(request.hash) == Blake3Hasher.hash(Array(request.filter)).bytes)
    }

    @Test func `a large filter goes in several messages`() async throws {
        let place = try await Neighbourhood()
        let node = try await place.startNodes(1)[0]
        let live = try await place.put("a", [place.segment([node.id])])
        var settings = GarbageSettings()
        settings.expectedPieceCount = 15_000_000
        settings.maximumFilterSize = 10_000_000
        _ = try await place.collector(settings).collect()
        let parts = place.received.withLock { $0[node.id] ?? [] }
        #expect(parts.count == 3)
        #expect(parts.dropLast().allSatisfy { $0.hash.isEmpty && $0.filter.count == 4_100_050 })
        let whole = parts.flatMap { Array($0.filter) }
        #expect(Array(try #require(parts.last).hash) == Blake3Hasher.hash(whole).bytes)
        #expect(BloomFilter(encoded: whole)?.mayContain(live[0].piece) == true)
    }

    @Test func `an empty or suddenly small database throws nothing away`() async throws {
        let place = try await Neighbourhood()
        let node = try await place.startNodes(1)[0]
        let collector = try await place.collector()
        #expect(try await collector.collect().outcomes.isEmpty)
        for index in 0..<10 { try await place.put("key\(index)", [place.segment([node.id])]) }
        _ = try await collector.collect()
        let sent = place.received.withLock { $0[node.id]?.count }
        for index in 0..<9 {
            _ = try await place.metabase.deleteObject(
                ObjectLocation(bucket: place.bucket, key: Array("key\(index)".utf8)))
        }
        await #expect(throws: UpkeepError.suspiciouslyFewSegments(seen: 1, before: 10)) {
            try await collector.collect()
        }
        #expect(place.received.withLock { $0[node.id]?.count } == sent)
    }

    @Test func `a node that does not answer is named, the others get theirs; disqualified ones get none`() async throws {
        let place = try await Neighbourhood()
        let nodes = try await place.startNodes(3)
        try await place.put("a", [place.segment(nodes.map(\.id))])
        place.network.unregister(address: "127.0.0.1:4000")
        try await place.overlay.disqualify(nodes[2].id, reason: .auditFailure)
        let report = try await place.collector().collect()
        #expect(report.sentCount == 1)
        #expect(report.outcomes[nodes[0].id] != .some(nil))
        #expect(place.filter(of: nodes[1].id) != nil)
        #expect(place.filter(of: nodes[2].id) == nil)
    }
}
