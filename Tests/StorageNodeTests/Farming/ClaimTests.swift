import Contracts
import DRPC
import Ethereum
import Foundation
import Identity
import Ledger
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct ClaimTests {
    private func reason(
        _ claimable: UInt64, of locked: UInt64, fee: UInt64?, closing: Bool = false, leaving: Bool = false
    ) -> ClaimPolicy.Reason? {
        ClaimPolicy.reason(
            claimable: TokenAmount(claimable), locked: TokenAmount(locked), isClosing: closing, isLeaving: leaving,
            fee: fee.map { TokenAmount($0) }, settings: FarmingSettings())
    }

    @Test func `a claim must bring four times its fee, unless there is no time or no deposit left`() {
        #expect(reason(399, of: 10_000, fee: 100) == nil)
        #expect(reason(400, of: 10_000, fee: 100) == .worthwhile)
        #expect(reason(1, of: 10_000, fee: nil) == .worthwhile)
        #expect(reason(0, of: 10_000, fee: nil, closing: true, leaving: true) == nil)
        #expect(reason(1, of: 10_000, fee: 100, closing: true) == .closing)
        #expect(reason(1, of: 10_000, fee: 100, leaving: true) == .leaving)
        #expect(reason(300, of: 330, fee: 100) == .depositNearlyUsed)
        // Using up a deposit is no reason to pay more than it brings.
        #expect(reason(90, of: 90, fee: 100) == nil)
        // No fee is so high that its factor wraps around.
        #expect(reason(1000, of: 10_000, fee: .max / 2) == nil)
    }

    @Test func `a gas spike waits, and the end of it claims once`() async throws {
        try await FarmTown.run { town in
            town.ledger.change { $0.fee = TokenAmount(1_000_000) }
            let first = try await town.paidPeriod(1)
            try await town.farm.claims.work()
            #expect(town.ledger.now.submissions == 0)
            town.ledger.change { $0.fee = TokenAmount(500_000) }
            for _ in 0..<3 { try await town.farm.claims.work() }
            #expect(town.ledger.now.submissions == 1)
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == first.cumulative)
            let claim = try #require(try await town.book.claims().first)
            #expect(claim.endedAt != nil)
            #expect(claim.problem == nil)
            #expect(claim.fee == TokenAmount(500_000))
        }
    }

    @Test func `while a claim is under way there is no second one`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            town.ledger.change { $0.isSlow = true }
            for _ in 0..<3 { try await town.farm.claims.work() }
            #expect(town.ledger.now.submissions == 1)
            // Nor after a restart.
            try await town.start()
            try await town.farm.claims.work()
            #expect(town.ledger.now.submissions == 1)
            town.ledger.mine()
            try await town.farm.claims.work()
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == first.cumulative)
            #expect(try await town.book.claims(onlyOpen: true).isEmpty)
        }
    }

    @Test func `a crash between the note and the sending of a claim loses nothing and pays nothing twice`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            town.ledger.change { $0.losesSubmissions = true }
            await #expect(throws: (any Error).self) { try await town.farm.claims.work() }
            #expect(try await town.book.claims(onlyOpen: true).count == 1)
            try await town.start()
            town.ledger.change { $0.losesSubmissions = false }
            try await town.farm.claims.work()
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == first.cumulative)
            #expect(town.ledger.now.submissions == 1)
            #expect(try await town.book.claims().map(\.problem).contains("it was never sent"))
        }
    }

    @Test func `somebody else's claim for the farmer is as good`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            let channel = try #require(town.stub.now.channel)
            try town.ledger.perform(.channel(.claim(channel, town.voucher(first))), by: town.payer.address)
            try await town.farm.claims.work()
            #expect(town.ledger.now.submissions == 0)
            let earnings = try await town.farm.farmer.earnings()
            #expect(earnings.lines.first?.claimed == first.cumulative)
            await #expect(throws: FarmingError.nothingToClaim) { try await town.farm.claims.claimAll() }
        }
    }

    @Test func `the farmer may claim whatever it costs, and a leaving node does`() async throws {
        try await FarmTown.run { town in
            town.ledger.change { $0.fee = TokenAmount(5_000_000) }
            let first = try await town.paidPeriod(1)
            try await town.farm.claims.work()
            #expect(town.ledger.now.submissions == 0)
            #expect(try await town.farm.claims.claimAll().map(\.amount) == [first.cumulative])
            let second = try await town.paidPeriod(2, last: first)
            town.leave()
            try await town.farm.claims.work()
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == second.cumulative)
        }
    }

    @Test func `a wallet kept elsewhere is paid all the same`() async throws {
        let clock = TestClock()
        let keys = FarmerKeys(
            coldWallet: Address(padded: Bytes32(words: [1, 1, 1, 1])), hotKey: .generate(random: .seeded(4)))
        #expect(keys.owner == nil)
        #expect(keys.claimer.address == keys.hotKey.address)
        let ledger = TestLedger(clock: clock)
        let payer = PrivateKey.generate(random: .seeded(5))
        let channel = Channel(
            payer: payer.address, farmer: keys.wallet, signer: payer.address, challenge: 86400, salt: Bytes32())
        try ledger.perform(.mint(to: payer.address, TokenAmount(100)), by: TestLedger.keeper)
        try ledger.perform(.channel(.open(channel, TokenAmount(100))), by: payer.address)
        let voucher = Voucher(channel: channel.id, cumulative: TokenAmount(60), period: 1, statement: Bytes32())
            .signed(by: payer, in: ledger.description.domains.channels)
        _ = try await ledger.submit(.channel(.claim(channel, voucher)), by: keys.claimer, id: nil)
        #expect(try await ledger.balance(of: keys.wallet) == TokenAmount(60))
    }

    @Test func `pay by roots is claimed by the published amounts, once, also when a channel pays since`() async throws {
        try await FarmTown.run(registers: false) { town in
            town.stub.change { $0.payment = .root }
            try await town.register()
            try await town.livePeriod(1)
            let statement = town.statement(1)
            #expect(statement.channel == Bytes32())
            var request = Market_StatementRequest()
            request.statement = Data(town.signed(statement).encoded)
            #expect(try await town.connect(as: town.satellite.peer).call(FarmerMethods.deliver, request).accepted)
            let file = try #require(
                PayoutFile(
                    satellite: town.payer.address, period: 1, reportRoot: Bytes32(),
                    amounts: [town.keys.wallet: statement.cumulative, town.signer.address: TokenAmount(77)]))
            try town.ledger.perform(.payout(.fund(satellite: town.payer.address, TokenAmount(1_000_000))), by: town.payer.address)
            try town.ledger.perform(.payout(.anchor(file.anchor)), by: town.payer.address)
            // Amounts that are not those of the root bring nothing, and harm nothing.
            town.stub.change { $0.files["payouts/1.bin"] = [1, 2, 3] }
            try await town.farm.claims.work()
            #expect(town.ledger.now.submissions == 0)
            town.stub.change { $0.files["payouts/1.bin"] = file.encoded }
            // The satellite pays by a channel meanwhile: what its roots said is still owed.
            town.stub.change { $0.payment = .channel }
            try await town.register()
            for _ in 0..<2 { try await town.farm.claims.work() }
            // The pool has less than is due: it pays what there is, and the rest when it is filled.
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == TokenAmount(1_000_000))
            try town.ledger.perform(.payout(.fund(satellite: town.payer.address, TokenAmount(5_000_000))), by: town.payer.address)
            for _ in 0..<2 { try await town.farm.claims.work() }
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == statement.cumulative)
            #expect(town.ledger.now.submissions == 2)
        }
    }
}
