import Contracts
import Direct
import Ethereum
import Foundation
import Identity
import Ledger
import StorageModel
import StorageNode
import TestSupport
import Testing

@Suite struct DirectDisputeTests {
    /// Stores something with everybody and lets the first period and its day of the beacon pass.
    private func stored(_ fixture: DirectFixture, collateral: UInt64 = 0) async throws -> [AgreementRecord] {
        if collateral > 0 {
            for farmer in fixture.farmers { try await fixture.mint(DirectFixture.deposit, to: farmer.wallet.address) }
        }
        try await fixture.hire()
        var terms = DealTerms()
        (terms.periodCount, terms.collateralPeriods) = (2, collateral)
        let report = try await fixture.customer.put(
            [DirectSource(name: "data", bytes: fixture.content(1_000_000))], terms: terms)
        #expect(report.agreements.allSatisfy { $0.state == .open })
        try await fixture.pass(days: 1, seconds: 1)
        return report.agreements
    }

    @Test func `a payer that refuses to sign loses the period to a proof on the ledger`() async throws {
        var settings = DirectSettings()
        settings.signsReceipts = false
        try await DirectFixture.run(farmers: 3, settings: settings) { fixture in
            let agreements = try await stored(fixture)
            let before = try await fixture.balances()
            try await fixture.pass(days: 1)
            let outcomes = try await fixture.heartbeat()
            #expect(outcomes.allSatisfy { $0.verdict == "passed" && !$0.hasReceipt })
            // Near the end of the window: the farmer waits for the receipt as long as it can.
            try await fixture.pass(seconds: 86400 - 3600)
            for _ in 0..<2 {
                for farmer in fixture.farmers { try await farmer.tend() }
                try await fixture.mine()
            }
            for agreement in agreements {
                #expect(try await fixture.backend.agreement(agreement.id)?.paid.periods == [0])
                let farmer = try #require(fixture.farmers.first { $0.identity.id == agreement.node })
                let now = try await fixture.balance(farmer.wallet.address)
                #expect(now.subtracting(before[farmer.identity.id] ?? .zero) == agreement.terms.price)
            }
        }
    }

    @Test func `a payer that is silent pays all the same`() async throws {
        try await DirectFixture.run(farmers: 2) { fixture in
            let agreements = try await stored(fixture)
            try await fixture.pass(days: 2, seconds: -7200)
            for _ in 0..<3 {
                for farmer in fixture.farmers { try await farmer.tend() }
                try await fixture.mine()
            }
            for agreement in agreements {
                #expect(try await fixture.backend.agreement(agreement.id)?.paid.periods == [0])
            }
        }
    }

    @Test func `a farmer that lost a fifth of its bytes gets no receipt, and the others do`() async throws {
        // A node that reads through its disk may know of the loss before it is asked, and says that it cannot read.
        try await DirectFixture.run({ $0.scrubRate = 0 }) { fixture in
            _ = try await stored(fixture)
            #expect(try fixture.farmers[0].damage(percent: 20) > 0)
            try await fixture.pass(days: 1)
            for outcome in try await fixture.heartbeat() {
                let isDamaged = outcome.node == fixture.farmers[0].identity.id
                // A node that has noticed the loss before it is asked says that it cannot read, and proves nothing either.
                #expect((outcome.verdict == "passed") != isDamaged, "\(outcome.detail)")
                #expect(outcome.hasReceipt != isDamaged)
            }
            // The data are whole: the others have enough.
            #expect(try await fixture.fetch("data") == fixture.content(1_000_000))
        }
    }

    @Test func `a farmer that cannot prove loses the period and a part of its collateral`() async throws {
        try await DirectFixture.run(farmers: 3) { fixture in
            let agreements = try await stored(fixture, collateral: 2)
            let lost = fixture.farmers[1]
            try lost.damage(percent: 100)
            try await fixture.pass(days: 1)
            #expect(try await fixture.heartbeat().contains { $0.node == lost.identity.id && $0.verdict == "failed" })
            try await fixture.pass(seconds: 86400 - 3600)
            for farmer in fixture.farmers { try await farmer.tend() }
            // Nothing can be taken back before the grace is over.
            #expect(try await fixture.customer.settle().reclaimed.isEmpty)
            try await fixture.pass(days: 2)
            let report = try await fixture.customer.settle()
            let agreement = try #require(agreements.first { $0.node == lost.identity.id })
            #expect(report.reclaimed == [agreement.id])
            #expect(report.refund == agreement.terms.price.multiplied(by: 2))
            let state = try #require(try await fixture.backend.agreement(agreement.id))
            #expect(state.missed.periods == [0])
            #expect(state.collateral == agreement.terms.price)
        }
    }

    @Test func `a farmer that is offline is pending, then unreachable, and the period is refunded`() async throws {
        try await DirectFixture.run { fixture in
            let agreements = try await stored(fixture)
            let gone = fixture.farmers[2]
            await gone.stop()
            try await fixture.pass(days: 1)
            let first = try await fixture.heartbeat()
            #expect(Set(first.filter { $0.verdict == "pending" }.map(\.node)) == [gone.identity.id])
            // The same challenge is put again.
            #expect(try await fixture.heartbeat().map(\.verdict) == ["pending", "pending"])
            #expect(try await fixture.fetch("data") == fixture.content(1_000_000))
            try await fixture.pass(days: 3)
            let late = try await fixture.heartbeat()
            #expect(late.contains { $0.node == gone.identity.id && $0.period == 0 && $0.verdict == "unreachable" })
            let agreement = try #require(agreements.first { $0.node == gone.identity.id })
            #expect(try await fixture.customer.settle().reclaimed.contains(agreement.id))
            #expect(try await fixture.backend.agreement(agreement.id)?.missed.contains(0) == true)
        }
    }

    @Test func `a farmer that comes back in time passes with the same challenge`() async throws {
        try await DirectFixture.run(farmers: 3) { fixture in
            _ = try await stored(fixture)
            let gone = fixture.farmers[0]
            await gone.stop()
            try await fixture.pass(days: 1)
            #expect(try await fixture.heartbeat().contains { $0.verdict == "pending" })
            try await gone.start()
            #expect(try await fixture.heartbeat().map(\.verdict) == ["passed", "passed"])
        }
    }

    @Test func `what was promised by a receipt is not taken back though the farmer was slow`() async throws {
        try await DirectFixture.run(farmers: 2) { fixture in
            let agreements = try await stored(fixture)
            #expect(try await fixture.heartbeat().allSatisfy(\.hasReceipt))
            try await fixture.pass(days: 10)
            _ = try await fixture.customer.settle()
            for agreement in agreements {
                let state = try #require(try await fixture.backend.agreement(agreement.id))
                #expect(state.paid.periods == [0])
                #expect(state.missed.periods == [1])
            }
        }
    }
}
