import Chores
import DRPC
import Identity
import Metabase
import Overlay
import StorageModel
import TestSupport
import Testing
import Upkeep
import WireMessages

import struct Foundation.Data

/// Amnesty: what nodes say themselves that they have lost.
@Suite struct RepairLostPiecesTests {
    /// A node reports pieces.
    private func report(_ pieces: [PieceID], by node: Neighbour, in fixture: RepairFixture) async throws {
        var request = Node_AmnestyReportRequest()
        request.pieces = pieces.map { id in
            var piece = Node_LostPiece()
            piece.pieceID = Data(id.bytes)
            return piece
        }
        let connection = try await fixture.place.network.dialer(as: node.identity.peer).connect(
            to: NodeURL(id: fixture.place.satellite.id, address: Neighbourhood.address))
        _ = try await connection.call(NodeMethods.amnestyReport, request)
    }

    private func look(_ fixture: RepairFixture) async throws {
        try await fixture.place.loop.run([fixture.repairs.checker, fixture.repairs.lostPieces])
    }

    @Test func `a reported piece leaves its segment, and the report is settled`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        let other = try await fixture.upload("other")
        let lost = Neighbourhood.pieces(of: segment)[3].piece
        fixture.nodes[3].front.lose([lost])
        try await report([lost], by: fixture.nodes[3], in: fixture)
        #expect(try await fixture.place.overlay.openLostPieces()[fixture.nodes[3].id] == [lost])
        try await look(fixture)
        #expect(try await fixture.pieces(segment).map(\.number) == [0, 1, 2, 4, 5, 6, 7])
        #expect(try await fixture.pieces(other).count == 8)
        #expect(try await fixture.place.overlay.openLostPieces().isEmpty)
    }

    @Test func `what a report leaves too weak is repaired without another pass`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        for index in 0..<3 {
            let lost = Neighbourhood.pieces(of: segment)[index].piece
            fixture.nodes[index].front.lose([lost])
            try await report([lost], by: fixture.nodes[index], in: fixture)
            // Not among those who get new pieces: the same number on the same node would be the piece that it lost.
            try await fixture.place.checkIn(fixture.nodes[index].identity, at: fixture.nodes[index].address, freeDisk: 0)
        }
        try await look(fixture)
        #expect(try await fixture.repairs.status().queueLength == 1)
        try await fixture.repairs.runUntilEmpty()
        #expect(try await fixture.goodNumbers(segment).count >= 8)
        #expect(try await fixture.isReadable(segment))
    }

    @Test func `a report brings about one pass over all segments, and no report none`() async throws {
        let fixture = try await RepairFixture()
        let upkeep = Upkeep(parts: fixture.place.parts(), settings: UpkeepSettings())
        try await upkeep.load()
        let chores = upkeep.makeChores()
        let early = try #require(chores.first { $0.name == "early-pass" })
        let passes = try #require(chores.first { $0.name == "ranged-loop" })
        try await early.triggerAndWait()
        #expect(passes.status.runCount == 0)
        let segment = try await fixture.upload()
        for index in 0..<2 {
            try await report([Neighbourhood.pieces(of: segment)[index].piece], by: fixture.nodes[index], in: fixture)
        }
        passes.pause()
        try await early.triggerAndWait()
        #expect(passes.status.runCount == 0)
        passes.resume()
        try await early.triggerAndWait()
        #expect(passes.status.runCount == 1)
        #expect(try await fixture.pieces(segment).count == 6)
        try await early.triggerAndWait()
        #expect(passes.status.runCount == 1)
    }

    @Test func `pieces nobody knows are settled by the next pass`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        try await report([PieceID.random(using: fixture.place.random)], by: fixture.nodes[0], in: fixture)
        try await look(fixture)
        #expect(try await fixture.place.overlay.openLostPieces().isEmpty)
        #expect(try await fixture.pieces(segment).count == 8)
    }

    @Test func `a node cannot report the pieces of another`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        let foreign = Neighbourhood.pieces(of: segment).dropFirst().map(\.piece)
        try await report(Array(foreign), by: fixture.nodes[0], in: fixture)
        try await look(fixture)
        #expect(try await fixture.pieces(segment).count == 8)
    }

    @Test func `the last k pieces stay, whatever is said of them, and the report stays open`() async throws {
        let fixture = try await RepairFixture()
        let segment = try await fixture.upload()
        let ids = Neighbourhood.pieces(of: segment)
        for index in 0..<5 { try await report([ids[index].piece], by: fixture.nodes[index], in: fixture) }
        try await look(fixture)
        #expect(try await fixture.pieces(segment).count == 8)
        #expect(try await fixture.place.overlay.openLostPieces().count == 5)
        #expect(try await fixture.repairs.status().irreparableCount == 1)
    }
}
