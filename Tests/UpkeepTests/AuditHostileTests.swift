import DRPC
import Identity
import Metabase
import NIOCore
import Orders
import StorageModel
import Synchronization
import TestSupport
import Testing
import Upkeep
import WireMessages

/// Nodes that answer what no node answers.
@Suite struct AuditHostileTests {
    @Test(arguments: [
        "nothing", "short", "long", "huge", "wrong offset", "negative offset", "overflowing offset", "empty chunks",
        "announcements",
    ])
    func `an answer that is no share is no success, and costs only its sender`(kind: String) async throws {
        let scene = try await AuditScene { $0.disguisedShare = 0.5 }
        let segment = try await scene.store()
        let node = scene.nodes[3]
        scene.replace(node) { _, chunk in
            func answer(_ offset: Int64, _ count: Int) -> PieceDownloadResponse {
                PieceDownloadResponse(
                    chunk: .init(offset: offset, data: ByteBuffer(repeating: 5, count: count)))
            }
            let size = Int(chunk.size)
            return switch kind {
            case "short": [answer(chunk.offset, max(0, size - 1))]
            case "long": [answer(chunk.offset, size + 1)]
            case "huge": [answer(chunk.offset, 3 << 20)]
            case "wrong offset": [answer(chunk.offset + 256, size)]
            case "negative offset": [answer(-1, size)]
            case "overflowing offset": [answer(.max, size)]
            case "empty chunks": [PieceDownloadResponse](repeating: answer(chunk.offset, 0), count: 1000)
            case "announcements":
                [PieceDownloadResponse](repeating: PieceDownloadResponse(restoredFromTrash: true), count: 1000)
            default: []
            }
        }
        for _ in 0..<5 {
            try await scene.audit()
            try await scene.reverifyLater()
        }
        let tally = try await scene.tally(node)
        #expect(tally[0] == 0)
        #expect(tally[1] == 1)
        #expect(try await scene.pieces(segment) == [0, 1, 2, 4, 5, 6, 7])
        for other in scene.nodes where other.id != node.id { #expect(try await scene.tally(other) == [5, 0, 0, 0]) }
    }

    @Test(arguments: 0..<12)
    func `random answers of many nodes never trap and never pass`(seed: UInt64) async throws {
        let random = RandomSource.seeded(seed)
        let scene = try await AuditScene(20) { $0.disguisedShare = 0.3 }
        let scheme = try #require(RedundancyScheme(required: 4, repair: 6, optimal: 18, total: 20))
        try await scene.store(size: Int(random.next() % 50_000) + 1, scheme: scheme)
        let liars = Array(scene.nodes.prefix(4))
        for node in liars {
            scene.replace(node) { limit, chunk in
                (0..<Int(random.next() % 4)).map { _ in
                    var response = PieceDownloadResponse()
                    let draw = random.next()
                    if draw % 2 == 0 {
                        let sizes = [0, 1, Int(clamping: chunk.size), Int(random.next() % 10_000)]
                        let offsets = [chunk.offset, 0, -1, Int64(bitPattern: random.next())]
                        response.chunk = .init(
                            offset: offsets[Int(draw >> 8 & 3)],
                            data: ByteBuffer(bytes: random.bytes(count: sizes[Int(draw >> 16 & 3)])))
                    }
                    if draw & 4 == 0 {
                        response.hash = PieceHash(
                            pieceID: draw & 8 == 0 ? limit.pieceID : PieceID.random(using: random),
                            hash: random.bytes(count: Int(draw >> 24 & 63)),
                            pieceSize: Int64(bitPattern: random.next()),
                            timestamp: nil,
                            hashAlgorithm: PieceHashAlgorithm(rawValue: Int32(truncatingIfNeeded: draw >> 32)))
                    }
                    if draw & 16 == 0 { response.limit = limit }
                    return response
                }
            }
        }
        for _ in 0..<4 {
            try await scene.audit()
            try await scene.reverifyLater()
        }
        for node in liars { #expect(try await scene.tally(node)[0] == 0) }
        for node in scene.nodes.dropFirst(4) { #expect(try await scene.tally(node)[1...] == [0, 0, 0]) }
    }

    @Test func `the words of a node are kept short in the history`() async throws {
        let scene = try await AuditScene()
        try await scene.store()
        let node = scene.nodes[0]
        var router = RPCRouter()
        router.stream(PiecestoreMethods.download) { _, _ in
            throw RPCStatusError(.internal, String(repeating: "x", count: 100_000))
        }
        scene.place.network.register(router, identity: node.identity.peer, address: node.address)
        for _ in 0..<3 {
            try await scene.audit()
            try await scene.reverifyLater()
        }
        let rows = try await scene.audits.history(of: node.id).rows
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0.detail.count <= 200 })
    }

    @Test func `a node's history keeps its newest rows`() async throws {
        let scene = try await AuditScene { $0.historyLength = 4 }
        try await scene.store()
        scene.nodes[0].stop()
        for _ in 0..<10 { try await scene.audit() }
        let history = try await scene.audits.history(of: scene.nodes[0].id)
        #expect(history.offlines == 10)
        #expect(history.rows.count == 4)
        #expect(try await scene.audits.history(of: NodeID.random(using: scene.place.random)) == NodeAuditHistory())
    }
}
