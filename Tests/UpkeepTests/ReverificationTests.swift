import Blake3
import DRPC
import Identity
import Metabase
import NIOCore
import Orders
import Overlay
import PieceStore
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep
import WireMessages

/// What becomes of a whole piece that a node owes.
@Suite struct ReverificationTests {
    /// A node that timed out, with the segment.
    private func contained(
        _ change: (inout AuditSettings) -> Void = { _ in }
    ) async throws -> (AuditScene, Neighbour, Segment) {
        let scene = try await AuditScene(8, change)
        let segment = try await scene.store()
        scene.nodes[0].front.misbehave(.refuses(.deadlineExceeded), at: [.getAudit])
        try await scene.audit()
        #expect(try await scene.owed(scene.nodes[0]) == ["timeout"])
        return (scene, scene.nodes[0], segment)
    }

    @Test func `a node that lost the piece fails, and the piece leaves the metadata`() async throws {
        let (scene, node, segment) = try await contained()
        try scene.lose(segment, at: node)
        try await scene.audits.runReverificationsOnce()
        #expect(try await scene.tally(node) == [0, 1, 0, 0])
        #expect(try await scene.owed(node).isEmpty)
        #expect(try await scene.pieces(segment) == [1, 2, 3, 4, 5, 6, 7])
        #expect(scene.place.overlay.record(of: node.id)?.isContained == false)
    }

    @Test func `a node that never answers fails after three tries six hours apart`() async throws {
        let (scene, node, segment) = try await contained()
        node.front.misbehave(.refuses(.deadlineExceeded), at: [.getAudit, .getRepair])
        for attempt in 1...3 {
            try await scene.audits.runReverificationsOnce()
            // Again at once: not before the pause is over.
            try await scene.audits.runReverificationsOnce()
            #expect(node.front.transfers(.getRepair) == attempt)
            #expect(try await scene.tally(node) == [0, attempt == 3 ? 1 : 0, 0, 0])
            try await scene.pass(scene.settings.retryInterval, online: scene.nodes)
        }
        #expect(try await scene.owed(node).isEmpty)
        #expect(try await scene.pieces(segment).count == 7)
    }

    @Test func `a node that says nothing at all counts as one that is too slow`() async throws {
        let (scene, node, segment) = try await contained()
        node.front.misbehave(.hangs, at: [.getRepair])
        scene.over.withLock { _ = $0.insert(.seconds(300)) }
        for _ in 0..<3 {
            try await scene.audits.runReverificationsOnce()
            try await scene.pass(scene.settings.retryInterval, online: scene.nodes)
        }
        #expect(try await scene.tally(node) == [0, 1, 0, 0])
        #expect(try await scene.pieces(segment).count == 7)
    }

    @Test func `a slow node that answers the second time passes`() async throws {
        let (scene, node, segment) = try await contained()
        node.front.misbehave(.refuses(.deadlineExceeded), at: [.getRepair])
        try await scene.audits.runReverificationsOnce()
        node.front.misbehave(nil)
        try await scene.reverifyLater()
        #expect(try await scene.tally(node) == [1, 0, 0, 0])
        #expect(try await scene.pieces(segment).count == 8)
    }

    @Test func `a node that is offline stays contained and is not blamed for the piece`() async throws {
        let (scene, node, segment) = try await contained()
        node.stop()
        for _ in 0..<5 {
            try await scene.audits.runReverificationsOnce()
            scene.place.clock.advance(by: scene.settings.retryInterval)
        }
        #expect(try await scene.tally(node) == [0, 0, 0, 5])
        #expect(try await scene.owed(node) == ["timeout"])
        #expect(try await scene.pieces(segment).count == 8)
        node.start()
        node.front.misbehave(nil)
        try await scene.reverifyLater()
        #expect(try await scene.tally(node) == [1, 0, 0, 5])
    }

    @Test func `a node that errs at one piece and serves the others has lost it`() async throws {
        let scene = try await AuditScene()
        let lost = try await scene.store("lost")
        try await scene.store("kept")
        let node = scene.nodes[6]
        let piece = try scene.piece(lost, of: node)
        node.front.misbehave { limit, _ in limit.pieceID == piece ? .refuses(.internal) : nil }
        for _ in 0..<4 {
            try await scene.audit()
            try await scene.reverifyLater()
        }
        let history = try await scene.audits.history(of: node.id)
        #expect(history.failures == 1)
        #expect(history.unknowns > 0)
        #expect(try await scene.pieces(lost).count == 7)
        #expect(history.owed.isEmpty)
    }

    @Test func `a node that errs at everything is never blamed for a piece`() async throws {
        let scene = try await AuditScene()
        let first = try await scene.store("first")
        let second = try await scene.store("second")
        let node = scene.nodes[6]
        node.front.misbehave(.refuses(.internal), at: [.getAudit, .getRepair, .get])
        for _ in 0..<6 {
            try await scene.audit()
            try await scene.reverifyLater()
        }
        let history = try await scene.audits.history(of: node.id)
        #expect(history.failures == 0)
        #expect(history.unknowns >= 12)
        #expect(try await scene.pieces(first).count == 8)
        #expect(try await scene.pieces(second).count == 8)
    }

    @Test(arguments: ["no proof", "other piece", "short", "long", "wrong hash", "forged limit", "nothing"])
    func `a piece without its proof is a lost piece`(kind: String) async throws {
        let (scene, node, segment) = try await contained()
        let remote = try scene.place.remote(segment)
        let size = Int(remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize))
        let forger = PieceKey.generate(random: scene.place.random)
        let place = scene.place
        scene.replace(node) { limit, chunk in
            let bytes = [UInt8](repeating: 7, count: kind == "short" ? size - 256 : kind == "long" ? size + 256 : size)
            let data = PieceDownloadResponse.Chunk(offset: 0, data: ByteBuffer(bytes: bytes))
            let hash = forger.sign(
                PieceHash(
                    pieceID: kind == "other piece" ? PieceID.random(using: place.random) : limit.pieceID,
                    hash: kind == "wrong hash" ? [UInt8](repeating: 1, count: 32) : Blake3Hasher.hash(bytes).bytes,
                    pieceSize: Int64(bytes.count), timestamp: limit.orderCreation, hashAlgorithm: .blake3))
            // Signed by the node itself, which would like to be the satellite.
            let original = OrderLimit(
                serialNumber: limit.serialNumber, satelliteID: limit.satelliteID, storageNodeID: limit.storageNodeID,
                pieceID: limit.pieceID, limit: limit.limit, action: .put, pieceExpiration: nil,
                orderExpiration: limit.orderExpiration, orderCreation: limit.orderCreation,
                uplinkPublicKey: forger.publicKey
            ).signed(by: node.identity)
            switch kind {
            case "no proof": return [PieceDownloadResponse(chunk: data)]
            case "nothing": return []
            default: return [PieceDownloadResponse(hash: hash, limit: original), PieceDownloadResponse(chunk: data)]
            }
        }
        try await scene.audits.runReverificationsOnce()
        #expect(try await scene.tally(node) == [0, 1, 0, 0])
        #expect(try await scene.pieces(segment).count == 7)
    }

    @Test func `a node that shows another piece it holds, with its true proof, has lost this one`() async throws {
        let scene = try await AuditScene()
        let lost = try await scene.store("lost")
        let other = try await scene.store("other")
        let node = scene.nodes[0]
        let (lostPiece, otherPiece) = (try scene.piece(lost, of: node), try scene.piece(other, of: node))
        let reader = try await node.store.openPiece(satellite: scene.place.satellite.id, pieceID: otherPiece)
        let bytes = Array(try await reader.read(offset: 0, count: Int(reader.piece.size)).readableBytesView)
        let stored = reader.piece
        let proof = PieceDownloadResponse(
            hash: PieceHash(
                pieceID: otherPiece, hash: stored.hash.bytes, pieceSize: stored.size,
                timestamp: stored.proof.hashTimestamp, hashAlgorithm: .blake3, signature: stored.proof.hashSignature),
            limit: try OrderLimit.parse(stored.proof.orderLimit))
        scene.replace(node) { limit, chunk in
            let data = ByteBuffer(bytes: bytes[Int(chunk.offset)..<Int(chunk.offset + chunk.size)])
            let answer = PieceDownloadResponse(chunk: .init(offset: chunk.offset, data: data))
            return limit.action == .getRepair ? [proof, answer] : [answer]
        }
        try await scene.audit()
        // The audit of the piece it has passes; the other contradicts.
        #expect(try await scene.owed(node) == ["contradiction"])
        try await scene.audits.runReverificationsOnce()
        #expect(try await scene.tally(node) == [1, 1, 0, 0])
        #expect(try await scene.pieces(lost).count == 7)
        #expect(try await scene.pieces(other).count == 8)
        _ = lostPiece
    }

    @Test func `nothing is owed any more when the object is deleted`() async throws {
        let (scene, node, segment) = try await contained()
        try scene.lose(segment, at: node)
        _ = try await scene.place.metabase.deleteObject(
            ObjectLocation(bucket: scene.place.bucket, key: Array("key".utf8)))
        try await scene.audits.runReverificationsOnce()
        #expect(try await scene.tally(node) == [0, 0, 0, 0])
        #expect(try await scene.owed(node).isEmpty)
        #expect(node.front.transfers(.getRepair) == 0)
        #expect(scene.place.overlay.record(of: node.id)?.isContained == false)
    }

    @Test func `nothing is owed any more when the piece was repaired elsewhere, before or meanwhile`() async throws {
        for isMeanwhile in [false, true] {
            let (scene, node, segment) = try await contained()
            try scene.lose(segment, at: node)
            let place = scene.place
            let remote = try place.remote(segment)
            let repair: @Sendable () async throws -> Void = {
                _ = try await place.metabase.updatePieces(
                    of: segment.stream, at: segment.position, expecting: remote, to: Array(remote.pieces.dropFirst()))
            }
            if isMeanwhile { scene.dialHook.withLock { $0 = { _ in try await repair() } } } else { try await repair() }
            try await scene.audits.runReverificationsOnce()
            #expect(try await scene.tally(node) == [0, 0, 0, 0])
            #expect(try await scene.owed(node).isEmpty)
        }
    }

    @Test func `a disqualified node owes nothing`() async throws {
        let (scene, node, _) = try await contained()
        try await scene.place.overlay.disqualify(node.id, reason: .auditFailure)
        try await scene.audits.runReverificationsOnce()
        #expect(try await scene.owed(node).isEmpty)
        #expect(node.front.transfers(.getRepair) == 0)
    }

    @Test func `many debts are worked off in batches`() async throws {
        let scene = try await AuditScene(8) { settings in
            settings.batchSize = 3
            settings.segmentsPerNode = 20
        }
        for index in 0..<10 { try await scene.store("key\(index)", size: 5000) }
        for node in scene.nodes.prefix(2) { node.front.misbehave(.refuses(.unavailable), at: [.getAudit]) }
        try await scene.audit()
        let count = try await scene.audits.status().reverificationCount
        #expect(count == 20)
        var runs = 1
        while try await scene.audits.runReverificationsOnce() { runs += 1 }
        #expect(runs == 7)
        #expect(try await scene.audits.status().reverificationCount == 0)
    }
}
