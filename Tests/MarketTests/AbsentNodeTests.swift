import DRPC
import Foundation
import Heartbeats
import Identity
import Market
import Overlay
import StorageModel
import TestSupport
import Testing
import WireMessages

/// Who pays when somebody is not there: the node that is away, and nobody when it is the satellite.
@Suite struct AbsentNodeTests {
    /// A place with a period of a day in which the first farmer is away from the challenge on.
    private func withAbsentFarmer(
        count: Int = 4, away: Int = 1, _ body: (Marketplace, [Farmer], Market) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(count)
            for index in 0..<3 { try await place.store("object \(index)", on: farmers) }
            let market = try await place.market { $0.commitWindow = .seconds(1) }
            for farmer in farmers.prefix(away) { farmer.refuse(RPCStatusError(.unavailable, "busy")) }
            try await market.runPeriod()
            try await body(place, farmers, market)
        }
    }

    @Test func `a node that answers late is asked the same again, and passes`() async throws {
        try await withAbsentFarmer { place, farmers, market in
            #expect(try await market.status().counts.pending == 1)
            place.clock.advance(by: .seconds(3600))
            try await market.advance()
            #expect(try await market.status().counts.pending == 1)
            farmers[0].refuse(nil)
            try await market.advance()
            #expect(try await place.checkedVerdicts(market).values.allSatisfy { $0 == .passed })
            #expect(farmers[0].challenges.count == 3)
            #expect(Set(farmers[0].challenges).count == 1)
        }
    }

    @Test func `a node that is away all the time is unreachable`() async throws {
        try await withAbsentFarmer { place, farmers, market in
            for _ in 0..<30 {
                place.clock.advance(by: .seconds(3000))
                try await market.advance()
            }
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts[farmers[0].id] == .unreachable)
            #expect(verdicts.values.count { $0 == .passed } == 3)
            await #expect(throws: RPCStatusError.self) {
                try await place.evidence(farmers[0].id, try #require(try await market.status().period).number)
            }
        }
    }

    @Test func `a disk that cannot be read is asked again and fails nobody`() async throws {
        try await withAbsentFarmer(away: 0) { place, farmers, market in
            farmers[0].lie { sample, honest in
                var answer = sample.number == 5 ? Heartbeat_SampleAnswer() : honest
                answer.number = sample.number
                if sample.number == 5 { answer.fault = .readFailure }
                return answer
            }
            place.clock.advance(by: .seconds(2))
            try await market.runPeriod()
            let node = try #require(try await market.status().nodes.first { $0.node == farmers[0].id })
            #expect(node.verdict == .pending)
            #expect(node.lastError == "the node cannot read its disk")
            farmers[0].lie(nil)
            try await market.advance()
            #expect(try await place.checkedVerdicts(market)[farmers[0].id] == .passed)
        }
    }

    @Test func `a satellite that was away itself blames nobody`() async throws {
        try await withAbsentFarmer { place, farmers, market in
            place.clock.advance(by: .seconds(100 * 3600))
            try await market.advance()
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts[farmers[0].id] == .void)
            #expect(verdicts.values.count { $0 == .passed } == 3)
        }
    }

    @Test func `a satellite that reaches hardly anybody blames nobody`() async throws {
        try await withAbsentFarmer(away: 3) { place, farmers, market in
            for _ in 0..<30 {
                place.clock.advance(by: .seconds(3000))
                try await market.advance()
            }
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts.values.count { $0 == .void } == 3)
            #expect(verdicts[farmers[3].id] == .passed)
        }
    }

    @Test func `a satellite that comes back after the period without a beacon makes all of it void`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            try await place.store("object", on: farmers)
            farmers[0].refuseToSign()
            let market = try await place.market()
            try await market.runPeriod()
            place.clock.advance(by: .seconds(100 * 3600))
            try await market.advance()
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts.values.allSatisfy { $0 == .void } && verdicts.count == 2)
            #expect(farmers[0].challenges.isEmpty && farmers[1].challenges.isEmpty)
            let report = try await place.report(try #require(try await market.status().period).number)
            #expect(report.secret == nil)
        }
    }

    @Test func `a node whose set the satellite has lost or damaged is not blamed`() async throws {
        try await withAbsentFarmer(away: 2) { place, farmers, market in
            let period = try #require(try await market.status().period).number
            let sets = place.folder.appending(path: "heartbeats/sets/\(period)")
            let files = farmers.prefix(2).map { sets.appending(path: Hexadecimal.encode($0.id.bytes)) }
            try FileManager.default.removeItem(at: files[0])
            var bytes = try Data(contentsOf: files[1])
            bytes[100] ^= 1
            try bytes.write(to: files[1])
            for farmer in farmers { farmer.refuse(nil) }
            try await market.advance()
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts[farmers[0].id] == .void)
            #expect(verdicts[farmers[1].id] == .void)
            #expect(verdicts.values.count { $0 == .passed } == 2)
        }
    }

    @Test func `a node that is gone for good or has left is not asked`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(2)
            try await place.store("object", on: farmers)
            try await place.overlay.disqualify(farmers[0].id, reason: .auditFailure)
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await place.checkedVerdicts(market) == [farmers[1].id: .passed])
            #expect(farmers[0].commitments.isEmpty)
        }
    }

    @Test func `a node that is out for good before it has answered is not judged`() async throws {
        try await withAbsentFarmer { place, farmers, market in
            try await place.overlay.disqualify(farmers[0].id, reason: .auditFailure)
            try await market.advance()
            let verdicts = try await place.checkedVerdicts(market)
            #expect(verdicts[farmers[0].id] == .void)
            #expect(verdicts.values.count { $0 == .passed } == 3)
        }
    }

    @Test func `without nodes or pieces a period ends with an empty report`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            _ = try await place.farmers(1)
            let market = try await place.market()
            try await market.runPeriod()
            #expect(try await place.checkedVerdicts(market).isEmpty)
            #expect(try await market.status().period?.state == .published)
        }
    }
}
