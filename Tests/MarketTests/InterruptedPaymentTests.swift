import Contracts
import Database
import Ethereum
import Ledger
import Market
import StorageModel
import Synchronization
import TestSupport
import Testing
import WireMessages

@Suite struct InterruptedPaymentTests {
    /// What all came to after three days.
    private struct Outcome: Equatable {
        /// Amount and sum of each statement, by farmer.
        var taken: [[[UInt64]]]
        var funded: [TokenAmount]
        var pool: TokenAmount?
        var anchored: TokenAmount?
        var wallet: Int64
        var balance: TokenAmount
    }

    /// Two farmers, one paid by a channel and one by roots, over three days.
    ///
    /// - Parameter interrupt: told of every step; what it throws ends the process, and the next one goes on.
    private func outcome(_ interrupt: @escaping @Sendable (PaymentStep) throws -> Void) async throws -> Outcome {
        try await withTemporaryFolder { folder in
            let payday = try await Payday(folder: folder)
            try await payday.makeRollups()
            let all = try await payday.farmers(2)
            // The second has registered nothing: it is paid by roots, to the wallet it names when it checks in.
            let purse = all[0].purse
            var market = try await payday.market(reached: interrupt)
            try await payday.register(purse, purse.request(purse.sheet(storage: Payday.dearStorage)))
            try await payday.place.store("object", on: all.map(\.farmer))
            for day in 0..<3 {
                try await payday.settle(
                    all[1].farmer.id, hour: payday.place.clock.now.seconds / 3600 * 3600 - 3600 * Int64(1 + day % 2),
                    [.get: 50_000_000_000])
                try await market.runPeriod()
                payday.place.clock.advance(by: .seconds(86_400))
                for _ in 0..<60 {
                    do {
                        try await market.runPayments()
                        break
                    } catch is Payday.Crash {
                        market = try await payday.market(reached: interrupt)
                    }
                }
                // What is retried later is due by now.
                payday.place.clock.advance(by: .seconds(600))
                do { try await market.runPayments() } catch is Payday.Crash {
                    market = try await payday.market(reached: interrupt)
                }
            }
            market = try await payday.market()
            try await market.runPayments()
            let channels = try await market.channels(limit: 9)
            let payout = try await payday.backend.payout(of: payday.payer.address)
            #expect(try await payday.journal.check().isSound)
            return Outcome(
                taken: all.map { $0.purse.taken.map { [$0.amount.units, $0.cumulative.units] } },
                funded: channels.map(\.funded), pool: payout?.pool, anchored: payout?.anchor?.total,
                wallet: try await payday.journal.balance(of: .wallet, .storj),
                balance: try await payday.backend.balance(of: payday.payer.address))
        }
    }

    @Test(arguments: PaymentStep.allCases)
    func `a satellite that stops after any step of paying goes on where it was, and pays nobody twice`(
        step: PaymentStep
    ) async throws {
        let whole = try await outcome { _ in }
        let isReached = Mutex(false)
        let interrupted = try await outcome { reached in
            guard reached == step, !isReached.withLock({ $0 }) else { return }
            isReached.withLock { $0 = true }
            throw Payday.Crash(step: reached)
        }
        #expect(isReached.withLock { $0 }, "the step is reached")
        #expect(interrupted == whole)
    }

    @Test func `a satellite that stops again and again at random steps pays the same in the end`() async throws {
        let whole = try await outcome { _ in }
        for seed in 1...5 as ClosedRange<UInt64> {
            let random = RandomSource.seeded(seed)
            let interrupted = try await outcome { step in
                if random.next() % 4 == 0 { throw Payday.Crash(step: step) }
            }
            #expect(interrupted == whole, "seed \(seed)")
        }
    }
}
