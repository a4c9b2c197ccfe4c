import DRPC
import Foundation
import Heartbeats
import Identity
import Market
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct ReportedLossTests {
    private func report(_ pieces: [PieceID], by farmer: Farmer, to place: Marketplace) async throws {
        var request = Node_AmnestyReportRequest()
        request.pieces = pieces.map { id in
            var piece = Node_LostPiece()
            piece.pieceID = Data(id.bytes)
            piece.reason = .readFailure
            return piece
        }
        _ = try await place.stranger(as: farmer.identity.peer).call(NodeMethods.amnestyReport, request)
    }

    @Test func `a node does not answer for pieces whose loss it has reported`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            var ids: [PieceID] = []
            for index in 0..<4 { ids.append(try await place.store("object \(index)", on: farmers)[0]) }
            farmers[0].lose(ids.prefix(2))
            try await report(Array(ids.prefix(2)), by: farmers[0], to: place)
            place.clock.advance(by: .seconds(1))
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await place.checkedVerdicts(market).values.allSatisfy { $0 == .passed })
            let nodes = try await market.status().nodes
            #expect(nodes.first { $0.node == farmers[0].id }?.holding.pieceCount == 2)
            #expect(nodes.first { $0.node == farmers[1].id }?.holding.pieceCount == 4)
        }
    }

    @Test func `a node that reports a loss before it is asked again is not blamed, one that hides another is`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(3)
            var ids: [[PieceID]] = []
            for index in 0..<4 { ids.append(try await place.store("object \(index)", on: farmers)) }
            for farmer in farmers.prefix(2) { farmer.refuse(RPCStatusError(.unavailable, "busy")) }
            let market = try await place.market()
            try await market.runPeriod()
            farmers[0].lose([ids[0][0]])
            try await report([ids[0][0]], by: farmers[0], to: place)
            farmers[1].lose([ids[0][1], ids[1][1], ids[2][1]])
            try await report([ids[0][1]], by: farmers[1], to: place)
            for farmer in farmers { farmer.refuse(nil) }
            place.clock.advance(by: .seconds(60))
            try await market.advance()
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts[farmers[0].id] == .void)
            guard case .failed = verdicts[farmers[1].id] else {
                Issue.record("\(String(describing: verdicts[farmers[1].id]))")
                return
            }
            #expect(verdicts[farmers[2].id] == .passed)
        }
    }
}
