import DRPC
import Heartbeats
import Identity
import Market
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct HeartbeatPeriodTests {
    @Test func `honest nodes pass, and a stranger comes to the same verdicts`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(3)
            for index in 0..<5 { try await place.store("object \(index)", on: farmers) }
            try await place.store("repaired", on: farmers, .init(action: .putRepair))
            let market = try await place.market()
            try await market.runPeriod()
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts == Dictionary(uniqueKeysWithValues: farmers.map { ($0.id, .passed) }))
            let status = try await market.status()
            #expect(status.counts.passed == 3)
            #expect(status.signedCount == 3)
            #expect(status.nodes.allSatisfy { $0.holding.pieceCount == 6 && $0.reportedPieceCount == 6 })
            #expect(status.nodes.allSatisfy { $0.uploaderCount + $0.repairCount == 40 && $0.recordCount == 0 })
            #expect(status.nodes.contains { $0.repairCount > 0 })
            let history = try await market.history(of: farmers[0].id, limit: 5)
            #expect(history.map(\.verdict) == [.passed])
        }
    }

    @Test func `a period begins when it is due, and not before`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            try await place.store("object", on: try await place.farmers(1))
            let market = try await place.market { $0.period = .seconds(3600) }
            try await market.advance()
            try await market.advance()
            #expect(try await market.periods(limit: 9).count == 1)
            place.clock.advance(by: .seconds(3599))
            try await market.advance()
            #expect(try await market.periods(limit: 9).count == 1)
            place.clock.advance(by: .seconds(1))
            try await market.advance()
            let periods = try await market.periods(limit: 9)
            #expect(periods.count == 2)
            #expect(periods.allSatisfy { $0.state == .published && $0.counts.passed == 1 })
            #expect(periods[0].beacon != periods[1].beacon)
        }
    }

    @Test func `pieces of old clients, of unknown hash or short life are counted apart, and so are nodes without heartbeats`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmer = try await place.farmers(1)[0]
            let old = try await place.farmers(1, features: 0)[0]
            let idle = try await place.farmers(1)[0]
            try await place.store("new", on: [farmer, old])
            try await place.store("sha", on: [farmer, old], .init(hashAlgorithm: .sha256))
            let soon = place.clock.now.advanced(by: .seconds(60))
            try await place.store("soon gone", on: [farmer], .init(expiresAt: soon))
            try await place.store("sha only", on: [idle], .init(hashAlgorithm: .sha256))
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await place.checkedVerdicts(market) == [farmer.id: .passed])
            let status = try await market.status()
            let report = try await place.report(try #require(status.period).number)
            #expect(report.results[0].holding.pieceCount == 1)
            #expect(report.results[0].holding.unprovablePieceCount == 2)
            #expect(Set(report.uncovered.map(\.node)) == [old.id, idle.id])
            #expect(report.uncovered.first { $0.node == old.id }?.pieceCount == 2)
            #expect(old.challenges.isEmpty && old.commitments.isEmpty)
        }
    }

    @Test func `a node that does not sign is asked all the same`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            try await place.store("object", on: farmers)
            farmers[0].refuseToSign()
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await market.status().period?.state == .committing)
            place.clock.advance(by: .seconds(4 * 3600))
            try await market.advance()
            #expect(try await place.checkedVerdicts(market).values.allSatisfy { $0 == .passed })
            let report = try await place.report(try #require(try await market.status().period).number)
            #expect(report.result(of: farmers[0].id)?.commitmentSignature.isEmpty == true)
            #expect(report.result(of: farmers[1].id)?.commitmentSignature.isEmpty == false)
        }
    }

    @Test func `evidence is given out when the report is, and thrown away when its days are over`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            try await place.store("object", on: farmers)
            farmers[1].stop()
            let market = try await place.market { $0.commitWindow = .seconds(1) }
            try await market.runPeriod()
            place.clock.advance(by: .seconds(60))
            try await market.advance()
            let period = try #require(try await market.status().period)
            #expect(period.state == .challenging)
            await #expect(throws: RPCStatusError.self) { try await place.evidence(farmers[0].id, period.number) }
            await #expect(throws: RPCStatusError.self) { try await place.report(period.number) }
            farmers[1].start()
            try await market.advance()
            _ = try await place.evidence(farmers[0].id, period.number)
            await #expect(throws: RPCStatusError.self) { try await place.evidence(place.satellite.id, period.number) }
            await #expect(throws: RPCStatusError.self) { try await place.report(period.number + 1) }
            place.clock.advance(by: .seconds(92 * 86_400))
            try await market.advance()
            await #expect(throws: RPCStatusError.self) { try await place.evidence(farmers[0].id, period.number) }
            #expect(try await place.report(period.number).objections(satellite: place.satellite.id).isEmpty)
        }
    }

    @Test func `a node gets the list of its own pieces, strangers get none`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            var ids: [PieceID] = []
            for index in 0..<3 { ids.append(try await place.store("object \(index)", on: farmers)[0]) }
            let market = try await place.market()
            try await market.runPeriod()
            var request = Heartbeat_GetCommittedRequest()
            request.period = try #require(try await market.status().period).number
            let bytes = try await place.file(
                HeartbeatReportMethods.getCommitted, request, as: farmers[0].identity.peer)
            #expect(SetRecord.parse(all: bytes)?.map(\.id) == ids.sorted())
            for peer in [nil, place.satellite.peer] {
                await #expect(throws: RPCStatusError.self) {
                    try await place.file(HeartbeatReportMethods.getCommitted, request, as: peer)
                }
            }
        }
    }

    @Test func `periods are listed newest first, in pages`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            try await place.store("object", on: try await place.farmers(1))
            let market = try await place.market()
            for _ in 0..<3 {
                try await market.runPeriod()
                place.clock.advance(by: .seconds(1))
            }
            let connection = try await place.stranger()
            var request = Heartbeat_ListPeriodsRequest()
            request.limit = 2
            let page = try await connection.call(HeartbeatReportMethods.listPeriods, request).periods
            #expect(page.count == 2 && page[0].period > page[1].period)
            #expect(page.allSatisfy { $0.passed == 1 && $0.beacon.count == 32 && $0.reportRoot.count == 32 })
            request.before = page[1].period
            #expect(try await connection.call(HeartbeatReportMethods.listPeriods, request).periods.count == 1)
            for limit in [-1, 1001] as [Int32] {
                request.limit = limit
                await #expect(throws: RPCStatusError.self) {
                    try await connection.call(HeartbeatReportMethods.listPeriods, request)
                }
            }
        }
    }
}
