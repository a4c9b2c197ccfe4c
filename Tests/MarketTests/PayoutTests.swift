import Accounting
import Chores
import Contracts
import DRPC
import Ethereum
import Foundation
import Ledger
import Market
import StorageModel
import Synchronization
import TestSupport
import Testing
import WireMessages

@Suite struct PayoutTests {
    private struct Crash: Error {}

    /// Three farmers who are paid by roots, after days of which the last two are paid.
    private struct Town {
        let payday: Payday
        let all: [(farmer: Farmer, purse: Purse)]
        let ledger: ShakyLedger

        init(_ folder: URL) async throws {
            payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            all = try await payday.farmers(3)
            ledger = ShakyLedger(payday.backend)
            let market = try await market()
            for (_, purse) in all {
                try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            }
            try await payday.place.store("object", on: all.map(\.farmer))
            for _ in 0..<3 { try await payday.day(market) }
            try await market.runPayments()
        }

        /// The next process over the same books.
        func market(
            _ reached: @escaping @Sendable (PayoutStep) throws -> Void = { _ in }
        ) async throws -> Market {
            try await payday.place.market(
                { settings in
                    settings.payment.channelThreshold = TokenAmount(.max)
                    settings.payouts.runInterval = .zero
                    settings.payouts.batchSize = 2
                }, payment: payday.parts(over: ledger), payoutReached: reached)
        }

        /// What the books owe a farmer by roots in all.
        func due(_ purse: Purse) -> TokenAmount { purse.taken.last?.cumulative ?? .zero }

        func balance(_ purse: Purse) async throws -> TokenAmount {
            try await payday.backend.balance(of: purse.wallet.address)
        }

        /// Everybody has exactly what is due, and the books know it.
        func expectPaid(_ market: Market, _ comment: Comment) async throws {
            for (_, purse) in all {
                #expect(due(purse) > .zero, comment)
                #expect(try await balance(purse) == due(purse), comment)
                #expect(try await payday.owed(purse) == 0, comment)
            }
            #expect(try await payday.journal.check().isSound, comment)
            let receipts = try await market.receipts(limit: 100)
            #expect(receipts.reduce(0) { $0 + $1.receipt.amount.units } == all.reduce(0) { $0 + due($1.purse).units }, comment)
            #expect(receipts.allSatisfy { $0.isFinal }, comment)
        }
    }

    @Test func `a run pays everybody once, in batches, with receipts`() async throws {
        try await withTemporaryFolder { folder in
            let town = try await Town(folder)
            let market = try await town.market()
            try await market.beginPayouts()
            try await town.expectPaid(market, "first run")
            let run = try #require(try await market.payoutRuns(limit: 1).first)
            #expect(run.batches.map(\.items.count) == [2, 1])
            #expect(run.batches.allSatisfy { $0.state == .settled && $0.transaction != nil })
            #expect(run.finishedAt != nil)
            let receipts = try await market.receipts(limit: 10)
            #expect(Set(receipts.map(\.receipt.transaction)) == Set(run.batches.compactMap(\.transaction)))
            try await market.beginPayouts()
            try await town.expectPaid(market, "second run")
            #expect(try await market.payoutRuns(limit: 1).first?.batches.isEmpty == true)
        }
    }

    @Test(arguments: PayoutStep.allCases, [0, 1, 2])
    func `a crash at any step pays nobody twice and loses nobody's pay`(step: PayoutStep, skipped: Int) async throws {
        try await withTemporaryFolder { folder in
            let town = try await Town(folder)
            let left = Mutex(skipped)
            let crashing = try await town.market { reached in
                guard reached == step else { return }
                let isTime = left.withLock { left in
                    left -= 1
                    return left < 0
                }
                if isTime { throw Crash() }
            }
            // Steps that come less often never crash: then the first run was the whole run.
            do { try await crashing.beginPayouts() } catch is Crash {
                let next = try await town.market()
                try await next.runPayouts()
                try await next.beginPayouts()
            }
            try await town.expectPaid(crashing, "\(step) \(skipped)")
        }
    }

    @Test func `a farmer that claims itself meanwhile is not paid again`() async throws {
        try await withTemporaryFolder { folder in
            let town = try await Town(folder)
            let crashing = try await town.market { if $0 == .planned { throw Crash() } }
            await #expect(throws: Crash.self) { try await crashing.beginPayouts() }
            let purse = town.all[0].purse
            let root = try #require(try await town.payday.backend.payout(of: town.payday.payer.address)?.anchor?.payoutRoot)
            let claim = try #require(try await crashing.payoutFile(root: root)?.claim(of: purse.wallet.address))
            _ = try await town.payday.backend.perform(.payout(.claim(claim)), by: KeySigner(purse.wallet))
            let market = try await town.market()
            try await market.runPayouts()
            try await town.expectPaid(market, "claimed meanwhile")
            let batches = try #require(try await market.payoutRuns(limit: 1).first?.batches)
            #expect(batches.flatMap(\.items).count == 2)
        }
    }

    @Test func `a root that is anchored meanwhile is paid instead`() async throws {
        try await withTemporaryFolder { folder in
            let town = try await Town(folder)
            let crashing = try await town.market { if $0 == .planned { throw Crash() } }
            await #expect(throws: Crash.self) { try await crashing.beginPayouts() }
            let market = try await town.market()
            try await town.payday.day(market)
            try await market.runPayouts()
            try await town.expectPaid(market, "newer root")
            let batches = try #require(try await market.payoutRuns(limit: 1).first?.batches)
            #expect(batches.allSatisfy { $0.lastError == nil && $0.state == .settled })
        }
    }

    @Test func `dust: pay whose fee would be over a quarter of it waits and is paid when it has grown`() async throws {
        try await withTemporaryFolder { folder in
            let town = try await Town(folder)
            let market = try await town.market()
            // Half of it is each farmer's: a unit above a quarter of what is due.
            town.ledger.ask(TokenAmount((town.due(town.all[0].purse).units / 4 + 1) * 2))
            try await market.beginPayouts()
            let run = try #require(try await market.payoutRuns(limit: 1).first)
            #expect(run.carriedCount == 3)
            #expect(run.batches.isEmpty)
            #expect(try await town.balance(town.all[0].purse) == .zero)
            try await town.payday.day(market)
            try await market.beginPayouts()
            try await town.expectPaid(market, "grown")
        }
    }

    @Test func `chain unreachable: a run waits and goes on`() async throws {
        try await withTemporaryFolder { folder in
            let town = try await Town(folder)
            let market = try await town.market()
            town.ledger.fallSilent(true)
            await #expect(throws: LedgerError.self) { try await market.beginPayouts() }
            town.ledger.fallSilent(false)
            try await market.beginPayouts()
            try await town.expectPaid(market, "reachable again")
        }
    }

    @Test func `the month of a node is the sum of its statements and of what arrived`() async throws {
        try await withTemporaryFolder { folder in
            let town = try await Town(folder)
            let market = try await town.market()
            let (farmer, purse) = town.all[1]
            let before = try #require(try await market.months(of: farmer.id).last)
            #expect(before.statement.paid == town.due(purse))
            #expect(before.statement.distributed == .zero)
            try await market.beginPayouts()
            let months = try await market.months(of: farmer.id)
            let month = try #require(months.last)
            #expect(months.count == 1)
            #expect(month.statement.periods.map(\.statement) == purse.taken.map(\.digest))
            #expect(month.statement.distributed == month.statement.paid)
            #expect(month.statement.receipts.count == 1)
            let all = try await market.months(month.statement.month)
            #expect(all.count == 3)
            #expect(MonthTable.statements(all).split(separator: "\n").count == 4)
            #expect(try await market.prepayout().isEmpty)
        }
    }

    @Test func `nodes of the field are told prices, paystubs and payments in their own units`() async throws {
        try await withTemporaryFolder { folder in
            let town = try await Town(folder)
            let market = try await town.market()
            try await market.beginPayouts()
            let (farmer, purse) = town.all[2]
            let books = try #require(market.payBooks)
            let stub = try #require(try await books.paystubs(of: farmer.id).last)
            let lines = purse.taken.flatMap(\.lines)
            let worth = lines.reduce(0) {
                $0 + (Pay.worth($1.kind, price: $1.price, bytes: $1.bytes, seconds: $1.seconds) ?? 0)
            }
            #expect(stub.compAtRest == Int64(worth))
            #expect(stub.owed == Int64(worth))
            #expect(stub.held == 0)
            #expect(stub.usageAtRest == Double(lines.reduce(0) { $0 + $1.bytes * $1.seconds }) / 3600)
            // A quarter of a dollar a token, each statement rounded down on its own.
            #expect(stub.paid == purse.taken.reduce(0) { $0 + Int64($1.amount.units) * 250_000 / 100_000_000 })
            #expect(stub.distributed == stub.paid)
            #expect(Array(stub.nodeID) == farmer.id.bytes)
            let payment = try #require(try await books.payments(of: farmer.id).last)
            #expect(payment.amount == stub.distributed)
            #expect(payment.receipt.hasPrefix("ledger:0x"))
            #expect(payment.period == stub.period)
            let prices = try #require(try await books.prices(of: farmer.id))
            #expect(prices.diskSpacePrice == Int64(Payday.dearStorage / 10_000))
            let stranger = NodeID()
            #expect(try await books.paystubs(of: stranger).isEmpty)
            #expect(try await books.prices(of: stranger)?.diskSpacePrice == 150)
        }
    }

    @Test func `a satellite that pays nobody says so`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let market = try await place.market()
            await #expect(throws: MarketError.unpaid) { try await market.beginPayouts() }
            #expect(market.payBooks == nil)
            #expect(try await market.payoutRuns(limit: 1).isEmpty)
        }
    }
}
