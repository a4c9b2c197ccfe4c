import DRPC
import Foundation
import Identity
import StorageModel
import TestSupport
import Testing
import Upkeep
import WireMessages

/// A node that says itself what it has lost.
@Suite struct AuditConfessionTests {
    private func confess(_ piece: PieceID, _ node: Neighbour, _ scene: AuditScene) async throws {
        var report = Node_AmnestyReportRequest()
        var lost = Node_LostPiece()
        lost.pieceID = Data(piece.bytes)
        lost.reason = .readFailure
        report.pieces = [lost]
        let connection = try await scene.place.network.dialer(as: node.identity.peer).connect(
            to: NodeURL(id: scene.place.satellite.id, address: Neighbourhood.address))
        _ = try await connection.call(NodeMethods.amnestyReport, report)
    }

    @Test func `a loss that was reported before the audit is no failure, and the piece leaves the metadata`()
        async throws
    {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        let node = scene.nodes[0]
        try scene.lose(segment, at: node)
        try await confess(try scene.piece(segment, of: node), node, scene)
        try await scene.audit()
        #expect(try await scene.tally(node) == [0, 0, 0, 0])
        #expect(node.front.transfers(.getAudit) == 0)
        #expect(try await scene.pieces(segment) == [1, 2, 3, 4, 5, 6, 7])
        #expect(try await scene.audits.history(of: node.id).rows.map(\.result) == ["reported"])
    }

    @Test func `another node's piece and other segments are audited as ever`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        let other = try await scene.store("other")
        let node = scene.nodes[0]
        // It may report only its own pieces; a stranger's says nothing.
        try await confess(try scene.piece(segment, of: scene.nodes[1]), node, scene)
        try scene.lose(other, at: node)
        try scene.lose(segment, at: scene.nodes[1])
        try await scene.audit()
        #expect(try await scene.tally(node) == [1, 1, 0, 0])
        #expect(try await scene.tally(scene.nodes[1]) == [1, 1, 0, 0])
    }

    @Test func `a piece that is owed and then reported is owed no more`() async throws {
        let scene = try await AuditScene()
        let segment = try await scene.store()
        let node = scene.nodes[2]
        node.front.misbehave(.refuses(.internal), at: [.getAudit, .getRepair])
        try await scene.audit()
        #expect(try await scene.owed(node) == ["error"])
        try await confess(try scene.piece(segment, of: node), node, scene)
        try await scene.audits.runReverificationsOnce()
        #expect(try await scene.owed(node).isEmpty)
        #expect(try await scene.tally(node) == [0, 0, 1, 0])
        #expect(try await scene.pieces(segment) == [0, 1, 3, 4, 5, 6, 7])
    }
}
