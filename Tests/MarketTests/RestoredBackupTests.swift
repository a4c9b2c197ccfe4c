import Contracts
import Ethereum
import Ledger
import Market
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct RestoredBackupTests {
    @Test func `a payer restored from an old backup asks for the highest voucher, and never signs a lower one`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            var market = try await payday.market()
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            try await payday.day(market)
            try await payday.backUp()
            try await payday.settle(farmer.id, hour: payday.place.clock.now.seconds / 3600 * 3600 - 3600, [.get: 1_000_000_000])
            try await payday.day(market)
            try await payday.day(market)
            let before = try #require(purse.vouchers.values.first)
            let questions = purse.highestQuestions

            try await payday.restore()
            market = try await payday.market()
            try await payday.day(market)
            #expect(purse.highestQuestions == questions + 1)
            let after = try #require(purse.vouchers.values.first)
            #expect(after.voucher.voucher.cumulative > before.voucher.voucher.cumulative)
            // The farmer took the next statement as the continuation of the last one it has.
            #expect(after.statement.statement.previous == before.statement.statement.digest)
            #expect(after.statement.statement.from == before.statement.statement.until)
            // What the lost statements paid is not paid again.
            #expect(after.statement.statement.line(.egress) == nil)
            #expect(purse.offered.allSatisfy { $0.statement.cumulative <= after.voucher.voucher.cumulative })
        }
    }

    @Test func `a restored payer that cannot ask a farmer signs nothing for it`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            var market = try await payday.market()
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            try await payday.day(market)
            market = try await payday.market()
            purse.fallSilent(true)
            let period = try await payday.day(market)
            #expect(try await market.statements(period: period, limit: 9).isEmpty)
            purse.fallSilent(false)
            try await market.runPayments()
            #expect(try await market.statements(period: period, limit: 9).count == 1)
            #expect(purse.taken.count == 3)
        }
    }

    @Test func `a node shows its voucher when it registers, and lost books go on behind it, channel and all`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            var market = try await payday.market()
            try await payday.backUp()
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            try await payday.day(market)
            let held = try #require(purse.vouchers.values.first)
            try await payday.restore()
            market = try await payday.market()
            #expect(try await market.channels(limit: 9).isEmpty)
            let response = try await payday.register(
                purse, purse.request(purse.sheet(storage: Payday.dearStorage), voucher: held))
            #expect(response.refusal.isEmpty)
            #expect(response.payment == .channel)
            #expect(try SignedVoucher(encoded: response.voucher) == held.voucher)
            let channel = try #require(try await market.channels(limit: 9).first)
            #expect(channel.promised == held.voucher.voucher.cumulative)
            #expect(channel.funded == (try await payday.backend.channel(channel.id))?.funded)

            // A voucher that somebody made up is refused.
            var forged = held
            forged.voucher.voucher.cumulative = TokenAmount(1 << 50)
            let refused = try await payday.register(purse, purse.request(voucher: forged))
            #expect(refused.refusal == "\(MessageRefusal.wrongSignature("satellite"))")
            #expect(try await market.channels(limit: 9).first?.promised == held.voucher.voucher.cumulative)
        }
    }

    @Test func `books older than the ledger never anchor a lower root over a higher one`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let roots: @Sendable (inout MarketSettings) -> Void = { $0.payment.channelThreshold = TokenAmount(.max) }
            var market = try await payday.market(roots)
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            let pieces = try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            try await payday.backUp()
            for _ in 0..<3 { try await payday.day(market) }
            let anchor = try #require(try await payday.backend.payout(of: payday.payer.address)?.anchor)
            try await payday.restore()
            market = try await payday.market(roots)
            farmer.lose(pieces)
            try await payday.day(market)
            #expect(try await payday.backend.payout(of: payday.payer.address)?.anchor == anchor)
            let status = try #require(try await market.paymentStatus())
            #expect(status.periods.first?.lastError?.contains("older than it") == true)
        }
    }
}
