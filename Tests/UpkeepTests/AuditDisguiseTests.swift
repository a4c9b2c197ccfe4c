import DRPC
import Identity
import Metabase
import Orders
import Overlay
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep
import WireMessages

/// A node that answers audits but refuses downloads.
@Suite struct AuditDisguiseTests {
    @Test
    func `a node that answers audits but denies downloads is not found by open audits, and by the first disguised one`()
        async throws
    {
        for share in [0.0, 1.0] {
            let scene = try await AuditScene { $0.disguisedShare = share }
            let segment = try await scene.store()
            let node = scene.nodes[1]
            node.front.misbehave(.refuses(.notFound), at: [.get])
            try await scene.audit()
            #expect(try await scene.tally(node) == (share == 0 ? [1, 0, 0, 0] : [0, 1, 0, 0]))
            #expect(try await scene.pieces(segment).count == (share == 0 ? 8 : 7))
            #expect(try await scene.tally(scene.nodes[2]) == [1, 0, 0, 0])
        }
    }

    @Test(arguments: [RPCStatusCode.deadlineExceeded, .permissionDenied, .unavailable])
    func `a node that answers audits but refuses downloads with excuses fails in the end`(code: RPCStatusCode)
        async throws
    {
        let scene = try await AuditScene { $0.disguisedShare = 0.5 }
        let segments = [try await scene.store("a"), try await scene.store("b"), try await scene.store("c")]
        let node = scene.nodes[0]
        node.front.misbehave(.refuses(code), at: [.get])
        for _ in 0..<12 {
            try await scene.audit()
            try await scene.reverifyLater()
        }
        let history = try await scene.audits.history(of: node.id)
        #expect(history.failures >= 1)
        // It answers every open question, so openly asking would have ended well.
        #expect(node.front.transfers(.getRepair) == 0)
        var left = 0
        for segment in segments { left += try await scene.pieces(segment).count { $0 == 0 } }
        #expect(left == 3 - history.failures)
        for other in scene.nodes.dropFirst() { #expect(try await scene.tally(other)[1...] == [0, 0, 0]) }
    }

    @Test func `a disguised audit looks like somebody's download of one block`() async throws {
        let scene = try await AuditScene { $0.disguisedShare = 1 }
        let segment = try await scene.store(size: 100_000)
        let remote = try scene.place.remote(segment)
        let seen = Mutex<[(limit: OrderLimit, chunk: PieceDownloadRequest.Chunk, caller: NodeID?)]>([])
        let node = scene.nodes[0]
        var router = RPCRouter()
        router.stream(PiecestoreMethods.download) { stream, context in
            guard let request = try await stream.receive(), let limit = request.limit, let chunk = request.chunk else {
                return
            }
            seen.withLock { $0.append((limit, chunk, context.peer?.id)) }
            throw RPCStatusError(.unavailable, "only looking")
        }
        scene.place.network.register(router, identity: node.identity.peer, address: node.address)
        try await scene.audit()
        let (limit, chunk, caller) = try #require(seen.withLock { $0.first })
        #expect(limit.action == .get)
        #expect(limit.limit == remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize))
        #expect(limit.encryptedMetadata.count >= 32)
        #expect(chunk.size >= 7 * 256 && chunk.size <= 9 * 256)
        #expect(chunk.offset % 256 == 0)
        #expect(caller == scene.stranger.id)
        #expect(caller != scene.place.satellite.id)
    }

    @Test func `about the chosen share of audits is disguised`() async throws {
        let scene = try await AuditScene(5) { $0.disguisedShare = 0.25 }
        try await scene.store(size: 3000)
        for _ in 0..<200 { try await scene.audit() }
        let disguised = scene.nodes[0].front.transfers(.get)
        #expect(disguised + scene.nodes[0].front.transfers(.getAudit) == 200)
        #expect((25...80).contains(disguised))
    }

    @Test func `without a hash of the satellite's own a disguised debt is asked for openly`() async throws {
        let scene = try await AuditScene { $0.disguisedShare = 1 }
        let segment = try await scene.store()
        var remote = try scene.place.remote(segment)
        for index in remote.pieces.indices { remote.pieces[index].hash = nil }
        #expect(
            try await scene.place.metabase.updatePieces(
                of: segment.stream, at: segment.position, expecting: try scene.place.remote(segment), to: remote.pieces)
        )
        let node = scene.nodes[2]
        node.front.misbehave(.refuses(.deadlineExceeded), at: [.get])
        try await scene.audit()
        #expect(try await scene.owed(node) == ["timeout"])
        try await scene.audits.runReverificationsOnce()
        #expect(node.front.transfers(.getRepair) == 1)
        #expect(try await scene.tally(node) == [1, 0, 0, 0])
    }
}
