import Database
import Heartbeats
import Identity
import Market
import StorageModel
import Synchronization
import TestSupport
import Testing
import WireMessages

@Suite struct InterruptedPeriodTests {
    @Test(arguments: HeartbeatStep.allCases)
    func `a satellite that stops after any step goes on where it was`(step: HeartbeatStep) async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(3)
            for index in 0..<3 { try await place.store("object \(index)", on: farmers) }
            let hasCrashed = Mutex(false)
            let dying = try await place.market(reached: { reached in
                guard reached == step else { return }
                hasCrashed.withLock { $0 = true }
                throw MarketTestError.crash(step)
            })
            await #expect(throws: MarketTestError.self) { try await dying.runPeriod() }
            #expect(hasCrashed.withLock { $0 })
            let before = try #require(try await dying.status().period)
            place.clock.advance(by: .seconds(30))
            let market = try await place.market()
            try await market.advance()
            let after = try #require(try await market.status().period)
            #expect(after.number == before.number)
            #expect(try await market.periods(limit: 9).count == 1)
            #expect(try await place.checkedVerdicts(market) == Dictionary(uniqueKeysWithValues: farmers.map { ($0.id, .passed) }))
            for farmer in farmers {
                // Nobody was asked to sign two things, or to answer two challenges.
                #expect(Set(farmer.commitments.map(\.secretHash)).count == 1)
                #expect(Set(farmer.commitments).count == 1)
                #expect(Set(farmer.challenges).count == 1)
            }
        }
    }

    @Test func `a satellite that stops again and again at every step still publishes one report`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(3)
            for index in 0..<3 { try await place.store("object \(index)", on: farmers) }
            let random = RandomSource.seeded(3)
            for _ in 0..<60 {
                let market = try await place.market(reached: { step in
                    if random.next() % 3 == 0 { throw MarketTestError.crash(step) }
                })
                do { try await market.advance() } catch is MarketTestError { continue }
                if try await market.status().period == nil {
                    do { try await market.runPeriod() } catch is MarketTestError { continue }
                }
            }
            let market = try await place.market()
            try await market.advance()
            #expect(try await market.periods(limit: 9).count == 1)
            #expect(try await place.checkedVerdicts(market).values.allSatisfy { $0 == .passed })
        }
    }

    @Test func `a restored satellite does not give a period's number out again`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let farmers = try await place.farmers(1)
            try await place.store("object", on: farmers)
            let market = try await place.market()
            try await market.runPeriod()
            let first = try #require(try await market.status().period).number
            // The backup is older than the period.
            try await place.database.write { session in
                try session.execute("DELETE FROM heartbeat_periods")
                try session.execute("DELETE FROM heartbeat_nodes")
            }
            place.clock.advance(by: .seconds(5))
            try await market.runPeriod()
            #expect(try #require(try await market.status().period).number > first)
            #expect(try await place.checkedVerdicts(market) == [farmers[0].id: .passed])
        }
    }
}
