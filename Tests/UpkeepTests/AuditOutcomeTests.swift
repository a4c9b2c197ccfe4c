import DRPC
import Database
import Metabase
import Overlay
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep
import WireMessages

/// What a stripe audit makes of every kind of answer.
@Suite struct AuditOutcomeTests {
    @Test func `honest nodes pass, and each is asked for one share only`() async throws {
        let scene = try await AuditScene()
        try await scene.store()
        try await scene.audit()
        for node in scene.nodes {
            #expect(try await scene.tally(node) == [1, 0, 0, 0])
            #expect(node.front.transfers(.getAudit) == 1)
            #expect(node.front.transfers(.getRepair) == 0)
        }
        let status = try await scene.audits.status()
        #expect(status.queueLength == 0)
        #expect(status.conclusions == ["judged": 1])
        #expect(status.outcomes == ["success": 8])
        #expect(status.recent.count == 1)
    }

    @Test(arguments: [1, 255, 1023, 1024, 1025, 7424, 100_000])
    func `segments of every size are audited, shorter than a stripe too`(size: Int) async throws {
        let scene = try await AuditScene { $0.disguisedShare = 0.5 }
        try await scene.store(size: size)
        for _ in 0..<6 { try await scene.audit() }
        for node in scene.nodes { #expect(try await scene.tally(node) == [6, 0, 0, 0]) }
    }

    @Test func `a node that says it does not have the piece fails once, and the piece leaves the metadata`()
        async throws
    {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        try scene.lose(segment, at: scene.nodes[2])
        try await scene.audit()
        #expect(try await scene.tally(scene.nodes[2]) == [0, 1, 0, 0])
        #expect(try await scene.pieces(segment) == [0, 1, 3, 4, 5, 6, 7])
        try await scene.audit()
        #expect(try await scene.tally(scene.nodes[2]) == [0, 1, 0, 0])
        #expect(try await scene.tally(scene.nodes[0]) == [2, 0, 0, 0])
        #expect(try await scene.audits.history(of: scene.nodes[2].id).rows.map(\.result) == ["failure"])
    }

    @Test func `a node that nobody reaches is offline`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        scene.nodes[1].stop()
        try await scene.audit()
        #expect(try await scene.tally(scene.nodes[1]) == [0, 0, 0, 1])
        #expect(try await scene.pieces(segment).count == 8)
    }

    @Test func `a node without contact is offline and not even dialled, except soon after the satellite's start`()
        async throws
    {
        let scene = try await AuditScene()
        try await scene.store()
        try await scene.pass(.seconds(5 * 3600), online: Array(scene.nodes.dropFirst()))
        try await scene.audit()
        #expect(try await scene.tally(scene.nodes[0]) == [0, 0, 0, 1])
        #expect(scene.nodes[0].front.transfers(.getAudit) == 0)
        // The restarted satellite does not know whether the silence was its own.
        let restarted = try await scene.restarted()
        try await scene.audit(restarted)
        #expect(try await scene.tally(scene.nodes[0]) == [1, 0, 0, 1])
    }

    @Test func `a satellite that reaches nobody blames nobody`() async throws {
        let scene = try await AuditScene()
        try await scene.store()
        for node in scene.nodes { node.stop() }
        try await scene.audit()
        for node in scene.nodes { #expect(try await scene.tally(node) == [0, 0, 0, 0]) }
        #expect(try await scene.audits.status().conclusions == ["alone": 1])
    }

    @Test func `a node that does not answer in time is contained and left alone until it shows the piece`() async throws
    {
        let scene = try await AuditScene()
        try await scene.store()
        let node = scene.nodes[3]
        node.front.misbehave(.refuses(.deadlineExceeded), at: [.getAudit])
        try await scene.audit()
        #expect(try await scene.owed(node) == ["timeout"])
        #expect(scene.place.overlay.record(of: node.id)?.isContained == true)
        #expect(try await scene.tally(node) == [0, 0, 0, 0])
        try await scene.audit()
        #expect(node.front.transfers(.getAudit) == 1)
        #expect(try await scene.audits.status().containedNodeCount == 1)
        try await scene.audits.runReverificationsOnce()
        #expect(node.front.transfers(.getRepair) == 1)
        #expect(try await scene.tally(node) == [1, 0, 0, 0])
        #expect(scene.place.overlay.record(of: node.id)?.isContained == false)
        node.front.misbehave(nil)
        try await scene.audit()
        #expect(try await scene.tally(node) == [2, 0, 0, 0])
    }

    @Test(arguments: [
        RPCStatusCode.internal, .unknown, .unavailable, .permissionDenied, .invalidArgument, .unimplemented,
    ])
    func `any other error is unknown, and the piece is asked for again`(code: RPCStatusCode) async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        let node = scene.nodes[0]
        node.front.misbehave(.refuses(code), at: [.getAudit])
        try await scene.audit()
        #expect(try await scene.tally(node) == [0, 0, 1, 0])
        #expect(try await scene.owed(node) == ["error"])
        #expect(scene.place.overlay.record(of: node.id)?.isContained == false)
        try await scene.audits.runReverificationsOnce()
        #expect(try await scene.tally(node) == [1, 0, 1, 0])
        #expect(try await scene.owed(node).isEmpty)
        #expect(try await scene.pieces(segment).count == 8)
    }

    @Test func `a node that answers with other bytes and cannot show the piece fails`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        let node = scene.nodes[5]
        node.front.misbehave(.corrupts, at: [.getAudit, .getRepair, .get])
        try await scene.audit()
        #expect(try await scene.owed(node) == ["contradiction"])
        #expect(try await scene.tally(node) == [0, 0, 0, 0])
        for other in scene.nodes where other.id != node.id { #expect(try await scene.tally(other) == [1, 0, 0, 0]) }
        try await scene.audits.runReverificationsOnce()
        #expect(try await scene.tally(node) == [0, 1, 0, 0])
        #expect(try await scene.pieces(segment) == [0, 1, 2, 3, 4, 6, 7])
    }

    @Test func `an uploader that gave one node other bytes hurts itself, not the node`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.storeMixed(spoiling: 4)
        try await scene.audit()
        #expect(try await scene.owed(scene.nodes[4]) == ["contradiction"])
        try await scene.audits.runReverificationsOnce()
        #expect(try await scene.tally(scene.nodes[4]) == [1, 0, 0, 0])
        // The piece is of no use: repair must not take it for one.
        #expect(try await scene.pieces(segment) == [0, 1, 2, 3, 5, 6, 7])
    }

    @Test func `with fewer shares than restore the segment, missing pieces count against nobody`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        for node in scene.nodes.prefix(3) { try scene.lose(segment, at: node) }
        scene.nodes[3].stop()
        scene.nodes[4].front.misbehave(.refuses(.internal), at: [.getAudit])
        try await scene.audit()
        for node in scene.nodes.prefix(3) { #expect(try await scene.tally(node) == [0, 0, 0, 0]) }
        #expect(try await scene.tally(scene.nodes[3]) == [0, 0, 0, 1])
        #expect(try await scene.tally(scene.nodes[4]) == [0, 0, 1, 0])
        for node in scene.nodes.suffix(3) { #expect(try await scene.tally(node) == [0, 0, 0, 0]) }
        #expect(try await scene.pieces(segment).count == 8)
        #expect(try await scene.audits.status().conclusions == ["too few shares": 1])
    }

    @Test func `seven pieces gone at once are the satellite's malfunction: nothing is removed, nobody fails`()
        async throws
    {
        let scene = try await AuditScene(20)
        let scheme = try #require(RedundancyScheme(required: 4, repair: 6, optimal: 18, total: 20))
        let segment = try await scene.store(scheme: scheme)
        for node in scene.nodes.prefix(7) { try scene.lose(segment, at: node) }
        try await scene.audit()
        for node in scene.nodes.prefix(7) { #expect(try await scene.tally(node) == [0, 0, 0, 0]) }
        for node in scene.nodes.suffix(13) { #expect(try await scene.tally(node) == [1, 0, 0, 0]) }
        #expect(try await scene.pieces(segment).count == 20)
        #expect(try await scene.audits.status().conclusions == ["malfunction": 1])
    }

    @Test func `six pieces gone at once are six failures`() async throws {
        let scene = try await AuditScene(20)
        let scheme = try #require(RedundancyScheme(required: 4, repair: 6, optimal: 18, total: 20))
        let segment = try await scene.store(scheme: scheme)
        for node in scene.nodes.prefix(6) { try scene.lose(segment, at: node) }
        try await scene.audit()
        for node in scene.nodes.prefix(6) { #expect(try await scene.tally(node) == [0, 1, 0, 0]) }
        #expect(try await scene.pieces(segment) == Array(6..<20))
    }

    @Test func `shares that nothing confirms are followed by whole pieces`() async throws {
        let scene = try await AuditScene(4)
        let segment = try await scene.store()
        scene.nodes[2].front.misbehave(.corrupts, at: [.getAudit, .getRepair])
        try await scene.audit()
        for node in scene.nodes { #expect(try await scene.owed(node) == ["unproven"]) }
        while try await scene.audits.runReverificationsOnce() {}
        #expect(try await scene.tally(scene.nodes[0]) == [1, 0, 0, 0])
        #expect(try await scene.tally(scene.nodes[2]) == [0, 1, 0, 0])
        #expect(try await scene.pieces(segment) == [0, 1, 3])
    }

    @Test func `more liars than can be told from honest nodes are told by their whole pieces`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        for node in scene.nodes.prefix(4) { node.front.misbehave(.corrupts, at: [.getAudit, .getRepair]) }
        try await scene.audit()
        #expect(try await scene.audits.status().conclusions == ["contradictory": 1])
        while try await scene.audits.runReverificationsOnce() {}
        for node in scene.nodes.prefix(4) { #expect(try await scene.tally(node) == [0, 1, 0, 0]) }
        for node in scene.nodes.suffix(4) { #expect(try await scene.tally(node) == [1, 0, 0, 0]) }
        #expect(try await scene.pieces(segment) == [4, 5, 6, 7])
    }

    @Test func `a segment whose pieces change while it is audited counts for nothing`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        try scene.lose(segment, at: scene.nodes[0])
        let place = scene.place
        let remote = try place.remote(segment)
        scene.dialHook.withLock { hook in
            hook = { _ in
                _ = try await place.metabase.updatePieces(
                    of: segment.stream, at: segment.position, expecting: remote, to: Array(remote.pieces.dropLast()))
            }
        }
        try await scene.audit()
        for node in scene.nodes { #expect(try await scene.tally(node) == [0, 0, 0, 0]) }
        #expect(try await scene.audits.status().conclusions == ["changed": 1])
        #expect(try await scene.audits.nextSegments(1).isEmpty)
    }

    @Test func `an object deleted while or before it is audited counts for nothing`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        try scene.lose(segment, at: scene.nodes[0])
        let place = scene.place
        let location = ObjectLocation(bucket: place.bucket, key: Array("key".utf8))
        _ = try await place.loop.run([scene.audits.observer])
        scene.dialHook.withLock { $0 = { _ in _ = try await place.metabase.deleteObject(location) } }
        try await scene.audits.runAuditsOnce()
        #expect(try await scene.audits.status().conclusions == ["changed": 1])
        scene.dialHook.withLock { $0 = nil }
        try await scene.store()
        _ = try await place.loop.run([scene.audits.observer])
        _ = try await place.metabase.deleteObject(location)
        try await scene.audits.runAuditsOnce()
        #expect(try await scene.audits.status().conclusions == ["changed": 1, "gone": 1])
        for node in scene.nodes { #expect(try await scene.tally(node) == [0, 0, 0, 0]) }
    }

    @Test func `disqualified and exited nodes are not asked`() async throws {
        let scene = try await AuditScene()
        try await scene.store()
        try await scene.place.overlay.disqualify(scene.nodes[0].id, reason: .auditFailure)
        try await scene.audit()
        #expect(scene.nodes[0].front.transfers(.getAudit) == 0)
        #expect(try await scene.tally(scene.nodes[0]) == [0, 0, 0, 0])
        #expect(try await scene.tally(scene.nodes[1]) == [1, 0, 0, 0])
    }

    @Test func `a node that moved is asked where it says it is`() async throws {
        let scene = try await AuditScene()
        try await scene.store()
        let node = scene.nodes[0]
        // The address it was last found at is stale, the one it told is not.
        try await scene.place.database.write { session in
            try session.execute("UPDATE nodes SET last_ip_port = '10.99.99.99:1' WHERE id = ?1", [.blob(node.id.bytes)])
        }
        try await scene.place.overlay.load()
        try await scene.audit()
        #expect(try await scene.tally(node) == [1, 0, 0, 0])
    }

    @Test func `a piece that is lost counts once, however many copies of the object there are`() async throws {
        let scene = try await AuditScene { $0.segmentsPerNode = 10 }
        let segment = try await scene.store("original")
        let place = scene.place
        let source = ObjectLocation(bucket: place.bucket, key: Array("original".utf8))
        for index in 0..<5 {
            let copy = try await place.metabase.beginCopy(source, to: place.bucket)
            _ = try await place.metabase.finishCopy(
                ObjectTransfer(
                    source: ObjectReference(
                        bucket: copy.object.bucket, key: copy.object.key, version: copy.object.version,
                        stream: copy.object.stream),
                    destination: ObjectLocation(bucket: place.bucket, key: Array("copy\(index)".utf8)),
                    segmentKeys: copy.segmentKeys, mayOverwrite: true))
        }
        let node = scene.nodes[0]
        try scene.lose(segment, at: node)
        var passes = 0
        var left = 6
        while left > 0, passes < 200 {
            passes += 1
            _ = try await place.loop.run([scene.audits.observer])
            // Two copies looked at side by side would be two looks at the same loss.
            #expect(try await scene.audits.nextSegments(10).count == 1)
            try await scene.audits.runAuditsOnce()
            left = try await place.database.read { session in
                try session.query("SELECT pieces FROM segments") { AliasPieces.decode($0.blob(0))?.count }.count {
                    $0 == 8
                }
            }
        }
        #expect(try await scene.tally(node) == [0, 1, 0, 0])
        #expect(try await scene.tally(scene.nodes[1]) == [passes, 0, 0, 0])
        #expect(
            try await scene.audits.history(of: node.id).rows.map(\.result).sorted() == [String](
                repeating: "counted before", count: 5) + ["failure"])
        for index in 0..<5 {
            let object = try await place.metabase.object(
                ObjectLocation(bucket: place.bucket, key: Array("copy\(index)".utf8)))
            let copy = try await place.metabase.segment(of: object.stream, at: .zero)
            #expect(try place.remote(copy).pieces.count == 7)
        }
    }

    @Test func `a satellite whose clock is wrong suspends nobody`() async throws {
        let scene = try await AuditScene()
        try await scene.store()
        for node in scene.nodes { node.front.misbehave(.refuses(.invalidArgument), at: [.getAudit]) }
        for _ in 0..<3 { try await scene.audit() }
        for node in scene.nodes {
            #expect(try await scene.tally(node) == [0, 0, 0, 0])
            #expect(scene.place.overlay.record(of: node.id)?.unknownAuditSuspendedAt == nil)
        }
        #expect(try await scene.audits.status().conclusions == ["alone": 3])
    }
}
