import Contracts
import Ethereum
import Identity
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct PriceTests {
    private static let month: UInt64 = 30 * 86400

    private func prices(_ storage: UInt64) -> FarmerPrices {
        FarmerPrices(denomination: .microUSD, storage: storage, egress: 2_000_000, repair: 2_000_000, audit: 2_000_000)
    }

    @Test func `a node begins with the standard prices, signed by its hot key`() async throws {
        try await FarmTown.run { town in
            let sheet = try #require(town.farm.farmer.sheet)
            #expect(FarmerPrices(sheet.sheet) == .standard)
            let binding = try await town.farm.farmer.binding()
            try binding.verify(node: town.node.peer, now: town.seconds)
            try sheet.verify(binding.binding, now: town.seconds)
            #expect(binding.binding.wallet == town.keys.wallet)
            #expect(binding.walletSignature != nil)
        }
    }

    @Test func `lower prices hold at once, a rise after the notice only, and numbers grow over restarts`() async throws {
        try await FarmTown.run { town in
            let first = try #require(town.farm.farmer.sheet)
            let lower = try await town.farm.farmer.setPrices(prices(1_000_000))
            #expect(lower.risesAt == nil)
            #expect(town.farm.farmer.sheet(at: town.seconds) == lower.sheet)
            let rise = try await town.farm.farmer.setPrices(prices(1_200_000))
            #expect(rise.risesAt == town.seconds + Self.month)
            #expect(town.farm.farmer.sheet(at: town.seconds) == lower.sheet)
            #expect(town.farm.farmer.sheet(at: town.seconds + Self.month) == rise.sheet)
            #expect(first.sheet.sequence < lower.sheet.sheet.sequence)
            #expect(lower.sheet.sheet.sequence < rise.sheet.sheet.sequence)
            try await town.start()
            #expect(town.farm.farmer.sheet == rise.sheet)
            #expect(town.farm.farmer.sheet(at: town.seconds) == lower.sheet)
            // In another money nobody can tell: that is a rise.
            let storj = FarmerPrices(denomination: .storj, storage: 1, egress: 1, repair: 1, audit: 1)
            #expect(try await town.farm.farmer.setPrices(storj).risesAt != nil)
        }
    }

    @Test func `new prices are told to every satellite`() async throws {
        try await FarmTown.run { town in
            try await town.farm.registrations.work()
            let count = town.stub.now.registrations.count
            try await town.farm.registrations.work()
            #expect(town.stub.now.registrations.count == count)
            let change = try await town.farm.farmer.setPrices(prices(900_000))
            try await town.farm.registrations.work()
            #expect(town.stub.now.registrations.last?.sheet == change.sheet)
        }
    }

    @Test func `a period is paid by the sheet that was in force when it began`() async throws {
        try await FarmTown.run { town in
            try await town.farm.farmer.setPrices(prices(1_000_000)).check()
            // Told in the middle of a period: it counts from the next one on.
            let start = town.seconds
            try await town.livePeriod(1)
            town.stub.change { $0.sheetFrom = start + 43_200 }
            try await town.register()
            let first = town.statement(1) { $0.lines[0].price = 1_500_000 }
            #expect(try await town.deliver(first).accepted)
            try await town.livePeriod(2)
            #expect(try await town.deliver(town.statement(2, last: first)).accepted)
        }
    }

    @Test func `a sheet is renewed before it ends, with the same prices`() async throws {
        try await FarmTown.run({ $0.sheetValidity = .seconds(10 * 86400) }) { town in
            let first = try #require(town.farm.farmer.sheet)
            town.clock.advance(by: .seconds(8 * 86400))
            try await town.farm.registrations.work()
            #expect(town.farm.farmer.sheet == first)
            town.clock.advance(by: .seconds(86400 + 1))
            try await town.farm.registrations.work()
            let second = try #require(town.farm.farmer.sheet)
            #expect(second != first)
            #expect(FarmerPrices(second.sheet) == FarmerPrices(first.sheet))
            #expect(town.farm.farmer.sheet(at: town.seconds) == second)
        }
    }

    @Test func `prices nobody may ask are refused`() async throws {
        try await FarmTown.run { town in
            await #expect(throws: FarmingError.self) { try await town.farm.farmer.setPrices(prices(.max)) }
            await #expect(throws: FarmingError.self) {
                try await town.farm.farmer.setPrices(prices(1), validity: .seconds(59))
            }
        }
    }
}

extension PriceChange {
    /// Says that the change is wanted for what it does.
    fileprivate func check() { #expect(sheet.sheet.sequence > 0) }
}
