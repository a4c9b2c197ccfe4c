import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Heartbeats
import Identity
import Ledger
import Market
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct PaymentTests {
    /// What a day of storage earns at the test's dear price and a quarter of a dollar.
    private func storage(_ bytes: UInt64, days: UInt64 = 1) throws -> TokenAmount {
        let quote = Quote(microUSD: 250_000, time: 1, source: Bytes32())
        let pay = try #require(Pay(.microUSD, quote: quote))
        return try #require(pay.earned(.storage, price: Payday.dearStorage, bytes: bytes, seconds: days * 86_400))
    }

    @Test func `a proven day is paid to the unit, by a voucher the farmer can claim`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let market = try await payday.market()
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            #expect(purse.taken.map(\.amount) == [.zero], "before the first heartbeat nobody knows what was there")
            try await payday.day(market)
            try await payday.day(market)

            let statements = purse.taken
            #expect(statements.count == 3)
            let holding = try #require(statements.last?.heartbeat?.byteCount)
            let expected = try storage(holding)
            #expect(expected > .zero)
            #expect(statements.map(\.amount) == [.zero, expected, expected])
            #expect(statements.last?.cumulative == expected.multiplied(by: 2))
            let held = try #require(purse.vouchers.values.first)
            #expect(held.isSound(signer: payday.signer.address, in: payday.backend.description.domains.channels))
            #expect(held.statement.statement == statements.last)

            // The report's line and the statement tell the same.
            let period = UInt64(statements[2].period)
            let line = try #require(try await payday.place.report(period).result(of: farmer.id))
            #expect(line.seed == statements[2].heartbeat?.seed)
            #expect(line.evidenceDigest == statements[2].heartbeat?.evidence)
            #expect(line.holding.byteCount == holding)

            let channel = try #require(try await market.channels(limit: 1).first)
            #expect(channel.state == .active)
            _ = try await payday.backend.perform(
                .channel(.claim(channel.channel, held.voucher)), by: KeySigner(purse.wallet))
            #expect(try await payday.backend.balance(of: purse.wallet.address) == expected.multiplied(by: 2))
            #expect(try await payday.owed(purse) == Int64(expected.units * 2))
            #expect(try await payday.journal.check().isSound)
        }
    }

    @Test func `no proof, no pay for storage; settled traffic is paid whatever the verdict`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let market = try await payday.market()
            try await payday.register(
                purse, purse.request(purse.sheet(storage: Payday.dearStorage, egress: 20_000_000)))
            let pieces = try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            farmer.lose(pieces)
            let hour = payday.place.clock.now.seconds / 3600 * 3600 - 7200
            try await payday.settle(farmer.id, hour: hour, [.get: 1_000_000, .getRepair: 500_000, .put: 9_999])
            try await payday.day(market)
            let statement = try #require(purse.taken.last)
            #expect(statement.heartbeat?.outcome == .failed)
            #expect(statement.line(.storage) == nil)
            // 20 dollars for 10¹² bytes: a million bytes are 20 micro-dollars, 8000 base units.
            #expect(statement.line(.egress)?.amount == TokenAmount(8000))
            #expect(statement.line(.repair)?.amount == TokenAmount(4000))
            #expect(statement.line(.ingress)?.amount == .zero)
            #expect(statement.amount == TokenAmount(12_000))
            #expect(statement.hours == [UInt64(hour)])
            #expect(
                statement.orders
                    == Statement.settledOrders([
                        SettledOrders(hour: UInt64(hour), action: 1, bytes: 9_999),
                        SettledOrders(hour: UInt64(hour), action: 2, bytes: 1_000_000),
                        SettledOrders(hour: UInt64(hour), action: 4, bytes: 500_000),
                    ]))
            #expect(try await market.channels(limit: 1).first?.state == .paused)
            // The same hour is never paid twice.
            try await payday.day(market)
            #expect(purse.taken.last?.hours == [])
            #expect(purse.taken.last?.cumulative == TokenAmount(12_000))
        }
    }

    @Test func `a farmer offline at the heartbeat is not paid for the day, and for none of it later`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let all = try await payday.farmers(3)
            let market = try await payday.market()
            for (_, purse) in all { try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage))) }
            try await payday.place.store("object", on: all.map(\.farmer))
            try await payday.day(market)
            let (absent, purse) = all[0]
            absent.stop()
            try await payday.day(market)
            absent.start { purse.register(in: &$0) }
            payday.place.clock.advance(by: .seconds(86_400))
            try await payday.day(market)
            #expect(purse.taken.map { $0.heartbeat?.outcome } == [.passed, .unreachable, .passed])
            #expect(purse.taken[1].amount == .zero)
            let holding = try #require(purse.taken.last?.heartbeat?.byteCount)
            // Two days lie between the last two heartbeats, and are paid; the day it was absent is not.
            let last = try #require(purse.taken.last)
            #expect(last.until - last.from == 2 * 86_400)
            #expect(last.amount == (try storage(holding, days: 2)))
            #expect(last.cumulative == last.amount)
            #expect(all[1].purse.taken.last?.cumulative == (try storage(holding)).adding(try storage(holding, days: 2)))
        }
    }

    @Test func `void periods are paid with the next passed one`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let market = try await payday.market()
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            // The satellite is away for all of the second period.
            farmer.refuseToSign()
            farmer.refuse(RPCStatusError(.unavailable, "not reached"))
            try await market.runPeriod()
            payday.place.clock.advance(by: .seconds(86_400))
            try await market.advance()
            try await market.runPayments()
            #expect(purse.taken.last?.heartbeat?.outcome == .void)
            #expect(purse.taken.last?.amount == .zero)
            farmer.refuse(nil)
            try await payday.day(market)
            let last = try #require(purse.taken.last)
            #expect(last.heartbeat?.outcome == .passed)
            #expect(last.until - last.from == 2 * 86_400)
            #expect(last.line(.storage)?.seconds == 2 * 86_400)
        }
    }

    @Test func `price source down: statements queue, and nothing is guessed`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let all = try await payday.farmers(2)
            let market = try await payday.market()
            try await payday.register(all[0].purse, all[0].purse.request(all[0].purse.sheet(storage: Payday.dearStorage)))
            let inTokens = all[1].purse.sheet(storage: Payday.dearStorage * 4, denomination: .storj)
            try await payday.register(all[1].purse, all[1].purse.request(inTokens))
            try await payday.place.store("object", on: all.map(\.farmer))
            try await payday.day(market)
            payday.prices.set(nil)
            try await payday.day(market)
            try await payday.day(market)
            #expect(all[0].purse.taken.count == 1)
            #expect(all[1].purse.taken.count == 3, "prices in STORJ need no quote")
            payday.prices.set(500_000)
            try await market.runPayments()
            #expect(all[0].purse.taken.count == 3)
            #expect(all[0].purse.taken.dropFirst().allSatisfy { $0.quote?.microUSD == 500_000 })
            #expect(all[0].purse.taken.dropFirst().allSatisfy { $0.amount > .zero })
        }
    }

    @Test func `a refused statement is kept with its reason, sent again, and the channel pauses`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let market = try await payday.market()
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            purse.refuse("the quote is 5 % off")
            try await payday.day(market)
            let refused = try #require(try await market.paymentStatus()?.troubles.first)
            #expect(refused.state == .refused)
            #expect(refused.refusal == "the quote is 5 % off")
            #expect(try await market.paymentStatus()?.statementCounts == [.accepted: 1, .refused: 1])
            #expect(try await market.channels(limit: 1).first?.state == .paused)
            purse.refuse(nil)
            payday.place.clock.advance(by: .seconds(3600))
            try await market.runPayments()
            #expect(try await market.paymentStatus()?.troubles.isEmpty == true)
            #expect(try await market.paymentStatus()?.statementCounts == [.accepted: 2])
            #expect(purse.taken.count == 2)
        }
    }

    @Test func `a node that does not answer gets its statements when it is back, in their order`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let market = try await payday.market()
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            purse.fallSilent(true)
            try await payday.day(market)
            try await payday.day(market)
            #expect(purse.taken.count == 1)
            #expect(try await market.paymentStatus()?.statementCounts[.waiting] == 2)
            purse.fallSilent(false)
            payday.place.clock.advance(by: .seconds(86_400))
            try await market.runPayments()
            #expect(purse.taken.count == 3)
            #expect(try await market.paymentStatus()?.statementCounts == [.accepted: 3])
        }
    }

    @Test func `small farmers are paid by a root that is anchored with the heartbeats' report, from a filled pool`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let all = try await payday.farmers(3)
            let market = try await payday.market { $0.payment.channelThreshold = TokenAmount(.max) }
            for (_, purse) in all { try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage))) }
            try await payday.place.store("object", on: all.map(\.farmer))
            try await payday.day(market)
            let period = try await payday.day(market)
            #expect(try await market.channels(limit: 9).isEmpty)
            let state = try #require(try await payday.backend.payout(of: payday.payer.address))
            let anchor = try #require(state.anchor)
            #expect(anchor.period == period)
            #expect(anchor.reportRoot == (try await payday.place.report(period)).root)
            #expect(anchor.total == state.pool)
            let bytes = try #require(try await market.publishedFile("payouts/\(period).bin"))
            let file = try PayoutFile(encoded: bytes)
            #expect(file.isSound && file.anchor == anchor)
            for (_, purse) in all {
                let claim = try #require(file.claim(of: purse.wallet.address))
                #expect(claim.cumulative == purse.taken.last?.cumulative)
                _ = try await payday.backend.perform(.payout(.claim(claim)), by: KeySigner(payday.operatorKey))
                #expect(try await payday.backend.balance(of: purse.wallet.address) == claim.cumulative)
            }
            #expect(try await payday.backend.payout(of: payday.payer.address)?.pool == .zero)
            #expect(try await payday.journal.check().isSound)
        }
    }

    @Test func `a deposit is topped up when it is nearly used, and a wallet without money stops nobody's statements`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder, funds: 0)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let market = try await payday.market { $0.payment.leastDeposit = TokenAmount(1_000_000) }
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            #expect(try await market.channels(limit: 1).first?.lastError == "\(SettlementError.balanceTooLow)")
            #expect(purse.taken.first?.channel == Bytes32(), "a root pays until a channel can be opened")
            try await payday.mint(1000)
            for _ in 0..<40 { try await payday.day(market) }
            let channel = try #require(try await market.channels(limit: 1).first)
            #expect(channel.state == .active)
            #expect(channel.funded > channel.deposit, "it was filled again")
            #expect(channel.left.units * 100 >= channel.deposit.units * 30)
            #expect(try await payday.backend.channel(channel.id)?.funded == channel.funded)
            #expect(try await payday.journal.balance(of: .channelDeposit(channel.id), .storj) == Int64(channel.funded.units))
        }
    }

    @Test func `vouchers go on while the chain is unreachable, and what waited for it follows`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let shaky = ShakyLedger(payday.backend)
            let market = try await payday.market(over: shaky)
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            shaky.fallSilent(true)
            try await payday.day(market)
            let last = try await payday.day(market)
            #expect(purse.taken.count == 3)
            #expect(purse.taken.last?.amount ?? .zero > .zero)
            #expect(try await market.paymentStatus()?.ledgerError != nil)
            shaky.fallSilent(false)
            try await market.runPayments()
            #expect(try await payday.backend.payout(of: payday.payer.address)?.anchor?.period == last)
        }
    }

    @Test func `a farmer that closes its channel gets another one, and what is left comes back`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let market = try await payday.market()
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            try await payday.day(market)
            let first = try #require(try await market.channels(limit: 1).first)
            let held = try #require(purse.vouchers[first.id])
            _ = try await payday.backend.perform(.channel(.claim(first.channel, held.voucher)), by: KeySigner(purse.wallet))
            _ = try await payday.backend.perform(.channel(.farmerClose(first.channel)), by: KeySigner(purse.wallet))
            try await payday.day(market)
            try await payday.day(market)
            let channels = try await market.channels(limit: 9)
            #expect(channels.map(\.state) == [.closed, .active])
            #expect(purse.taken.last?.channel == channels.last?.id)
            let inNew = purse.taken.filter { $0.channel == channels.last?.id }
            #expect(!inNew.isEmpty && inNew.first?.cumulative == inNew.first?.amount, "a new channel counts from zero")
            #expect(inNew.reduce(0) { $0 + $1.amount.units } == inNew.last?.cumulative.units)
            let deposit = try await payday.journal.balance(of: .channelDeposit(first.id), .storj)
            #expect(deposit == Int64(first.promised.units), "what was claimed left the channel; claims are booked elsewhere")
        }
    }

    @Test func `a reorg: an opening that vanishes is waited for, not repeated, and used when its blocks stay`() async throws {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let (farmer, purse) = try await payday.farmers(1)[0]
            let unsteady = UnsteadyBackend(payday.backend, confirmations: 3)
            let market = try await payday.market(over: unsteady)
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: [farmer])
            try await payday.day(market)
            #expect(try await market.channels(limit: 1).first?.state == .proposed)
            #expect(purse.taken.isEmpty, "no voucher is signed in a channel that may vanish")
            let balance = try await payday.backend.balance(of: payday.payer.address)
            try await unsteady.retract(10)
            try await payday.day(market)
            #expect(try await market.channels(limit: 1).first?.state == .proposed)
            try await unsteady.include()
            unsteady.mine(3)
            try await market.runPayments()
            let channel = try #require(try await market.channels(limit: 1).first)
            #expect(channel.state == .active)
            #expect(channel.funded == TokenAmount(TokenAmount.unitsPerToken))
            #expect(purse.taken.count == 2)
            #expect(try await payday.backend.balance(of: payday.payer.address) == balance, "one deposit was locked")
        }
    }
}
