import DRPC
import Foundation
import Identity
import Overlay
import StorageModel
import Synchronization
import TestSupport
import Testing
import WireMessages

@Suite struct AmnestyTests {
    private func code(_ body: () async throws -> Void) async -> RPCStatusCode? {
        do { try await body() } catch { return (error as? RPCStatusError)?.code }
        return nil
    }

    private func oneNode(
        pieces: Int = 1000, _ change: (inout OverlaySettings) -> Void = { _ in }
    ) async throws -> (net: SmallNetwork, node: NodeIdentity) {
        var settings = SmallNetwork.localSettings
        settings.checkInBurst = 1000
        change(&settings)
        let net = try await SmallNetwork(settings)
        let node = net.startNode(port: 1001)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        try await net.overlay.setPieceCounts([node.id: pieces])
        return (net, node)
    }

    private func pieces(_ range: Range<Int>) -> [PieceID] {
        range.compactMap { number in
            PieceID((0..<32).map { $0 < 4 ? UInt8(truncatingIfNeeded: number >> ($0 * 8)) : 7 })
        }
    }

    private func report(_ net: SmallNetwork, _ node: NodeIdentity, _ pieces: [PieceID]) async throws {
        for start in stride(from: 0, to: pieces.count, by: 50) {
            var request = Node_AmnestyReportRequest()
            request.pieces = pieces[start..<min(start + 50, pieces.count)].map { piece in
                var lost = Node_LostPiece()
                lost.pieceID = Data(piece.bytes)
                lost.reason = .readFailure
                return lost
            }
            _ = try await net.call(node, NodeMethods.amnestyReport, request)
        }
    }

    @Test func `a report is kept, told once, and costs no reputation`() async throws {
        let (net, node) = try await oneNode()
        let told = Mutex<[PieceID]>([])
        net.overlay.onLostPieces { _, pieces in told.withLock { $0 += pieces } }
        try await report(net, node, pieces(0..<3))
        try await report(net, node, pieces(1..<4))
        #expect(told.withLock { $0 } == pieces(0..<4))
        #expect(try await net.overlay.openLostPieces().mapValues { Set($0) } == [node.id: Set(pieces(0..<4))])
        #expect(try await net.overlay.reputations().isEmpty)
        #expect(try await net.overlay.nodeEvents(of: node.id).map(\.kind) == [.lostPiecesReported])
        #expect(try net.overlay.selectForUpload(count: 1).count == 1)
        let again = try await SmallNetwork(SmallNetwork.localSettings, database: net.database)
        #expect(again.overlay.openLostPieceCount(of: node.id) == 4)
    }

    @Test func `an audit that began after the report finds nothing hidden, one that began before does`() async throws {
        let (net, node) = try await oneNode()
        let piece = pieces(0..<1)[0]
        let before = net.clock.now
        net.clock.advance(by: .seconds(1))
        try await report(net, node, [piece])
        let after = net.clock.now
        #expect(try await !net.overlay.isReportedLost(piece, by: node.id, before: before))
        #expect(try await net.overlay.isReportedLost(piece, by: node.id, before: after))
        let other = NodeIdentity.generate(random: net.random).id
        #expect(try await !net.overlay.isReportedLost(piece, by: other, before: after))
        try await net.overlay.settleLostPieces(node.id, [piece])
        #expect(try await !net.overlay.isReportedLost(piece, by: node.id, before: after))
    }

    @Test func `a settled piece that the node got again and lost again is reported anew`() async throws {
        let (net, node) = try await oneNode()
        try await report(net, node, pieces(0..<1))
        try await net.overlay.settleLostPieces(node.id, pieces(0..<1))
        #expect(try await net.overlay.openLostPieces().isEmpty)
        try await report(net, node, pieces(0..<1))
        #expect(net.overlay.openLostPieceCount(of: node.id) == 1)
    }

    @Test func `losing more than a fifth stops new pieces until all losses are settled, and the node rejoins`()
        async throws
    {
        let (net, node) = try await oneNode(pieces: 100)
        try await report(net, node, pieces(0..<20))
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt == nil)
        try await report(net, node, pieces(20..<21))
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt == net.clock.now)
        #expect(throws: OverlayError.self) { try net.overlay.selectForUpload(count: 1) }
        #expect(net.overlay.selectForDownload(among: [node.id]).count == 1)
        #expect(net.overlay.record(of: node.id)?.disqualifiedAt == nil)
        try await net.overlay.settleLostPieces(node.id, pieces(0..<20))
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt != nil)
        try await net.overlay.settleLostPieces(node.id, pieces(20..<21))
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt == nil)
        #expect(try net.overlay.selectForUpload(count: 1).count == 1)
        #expect(
            try await net.overlay.nodeEvents(of: node.id).map(\.kind) == [
                .uploadsResumed, .uploadsStoppedForLosses, .lostPiecesReported,
            ])
    }

    @Test func `losses that nobody can settle stop a node for the window, not for ever`() async throws {
        let (net, node) = try await oneNode(pieces: 100)
        try await report(net, node, pieces(0..<30))
        net.clock.advance(by: .seconds(29 * 86400))
        try await net.trigger("lost-piece-reports")
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt != nil)
        net.clock.advance(by: .seconds(2 * 86400))
        try await net.trigger("lost-piece-reports")
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt == nil)
        #expect(net.overlay.openLostPieceCount(of: node.id) == 30)
    }

    @Test func `pieces that left the metadata still count as having been there, so that the rule stays fair`()
        async throws
    {
        let (net, node) = try await oneNode(pieces: 100)
        try await report(net, node, pieces(0..<15))
        try await net.overlay.settleLostPieces(node.id, pieces(0..<15))
        try await net.overlay.setPieceCounts([node.id: 85])
        try await report(net, node, pieces(15..<20))
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt == nil)
        try await report(net, node, pieces(20..<22))
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt != nil)
    }

    @Test func `old losses are forgotten, open ones are not`() async throws {
        let (net, node) = try await oneNode(pieces: 100)
        try await report(net, node, pieces(0..<15))
        try await net.overlay.settleLostPieces(node.id, pieces(0..<14))
        net.clock.advance(by: .seconds(31 * 86400))
        try await net.trigger("lost-piece-reports")
        #expect(try await net.overlay.openLostPieces() == [node.id: pieces(14..<15)])
        try await report(net, node, pieces(20..<40))
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt == nil)
    }

    @Test func `a young node that loses a few pieces is not stopped`() async throws {
        let (net, node) = try await oneNode(pieces: 5)
        try await report(net, node, pieces(0..<5))
        #expect(net.overlay.record(of: node.id)?.lossesLimitedAt == nil)
    }

    @Test func `bad input: reports of strangers, of wrong ids, too long ones and too many`() async throws {
        let (net, node) = try await oneNode { $0.losses.maximumOpen = 60 }
        let stranger = NodeIdentity.generate(random: net.random)
        #expect(await code { try await report(net, stranger, pieces(0..<1)) } == .notFound)
        var request = Node_AmnestyReportRequest()
        request.pieces = [Node_LostPiece()]
        #expect(
            await code { _ = try await net.call(node, NodeMethods.amnestyReport, request) } == .invalidArgument)
        var lost = Node_LostPiece()
        lost.pieceID = Data(pieces(0..<1)[0].bytes)
        request.pieces = Array(repeating: lost, count: 1001)
        #expect(
            await code { _ = try await net.call(node, NodeMethods.amnestyReport, request) } == .invalidArgument)
        #expect(await code { try await report(net, node, pieces(0..<100)) } == .resourceExhausted)
        #expect(net.overlay.openLostPieceCount(of: node.id) == 50)
        try await net.overlay.disqualify(node.id, reason: .unknown)
        #expect(await code { try await report(net, node, pieces(50..<51)) } == nil)
        #expect(net.overlay.openLostPieceCount(of: node.id) == 50)
    }

    @Test func `a report that cannot be settled yet stays, whatever else is settled twice`() async throws {
        let (net, node) = try await oneNode()
        try await report(net, node, pieces(0..<2))
        for _ in 0..<2 { try await net.overlay.settleLostPieces(node.id, pieces(1..<5)) }
        #expect(net.overlay.openLostPieceCount(of: node.id) == 1)
        #expect(try await net.overlay.openLostPieces() == [node.id: pieces(0..<1)])
    }
}
