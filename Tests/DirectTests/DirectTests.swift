import Contracts
import Direct
import Ethereum
import Identity
import Ledger
import StorageModel
import StorageNode
import TestSupport
import Testing

@Suite struct DirectStorageTests {
    @Test func `what a customer stores with farmers directly comes back, is proven, paid and wound up`() async throws {
        try await DirectFixture.run { fixture in
            let small = fixture.content(30_000)
            let large = fixture.content(3_000_000, seed: 10)
            try await fixture.hire()
            var terms = DealTerms()
            terms.periodCount = 2
            let report = try await fixture.customer.put(
                [DirectSource(name: "small", bytes: small), DirectSource(name: "large", bytes: large)], terms: terms)
            #expect(report.agreements.count == 5)
            #expect(report.agreements.allSatisfy { $0.state == .open })
            #expect(try await fixture.fetch("small") == small)
            #expect(try await fixture.fetch("large") == large)

            let before = try await fixture.balances()
            for day in 0..<2 {
                try await fixture.pass(days: 1, seconds: day == 0 ? 1 : 0)
                let outcomes = try await fixture.heartbeat()
                #expect(outcomes.count == 5)
                #expect(outcomes.allSatisfy { $0.verdict == "passed" && $0.hasReceipt })
            }
            for farmer in fixture.farmers { try await farmer.tend() }
            for (index, agreement) in report.agreements.enumerated() {
                let state = try #require(try await fixture.backend.agreement(agreement.id))
                #expect(state.paid.periods == [0, 1])
                #expect(state.escrow == .zero)
                #expect(state.isFinished)
                let farmer = try #require(fixture.farmers.first { $0.identity.id == agreement.node })
                let paid = try await fixture.balance(farmer.wallet.address).subtracting(before[farmer.identity.id] ?? .zero)
                #expect(paid == agreement.terms.price.multiplied(by: 2), "agreement \(index)")
            }
            let settled = try await fixture.customer.settle()
            #expect(settled.finished.count == 5)
            #expect(settled.reclaimed.isEmpty)
        }
    }

    @Test func `traffic is paid by vouchers that never shrink, and the farmer gets them at the closing`() async throws {
        try await DirectFixture.run { fixture in
            let content = fixture.content(2_000_000)
            try await fixture.hire()
            try await fixture.customer.put([DirectSource(name: "film", bytes: content)])
            var promised: [TokenAmount] = [.zero]
            for _ in 0..<3 {
                #expect(try await fixture.fetch("film") == content)
                let status = try await fixture.customer.status()
                let sum = status.farmers.reduce(UInt64(0)) { $0 + $1.record.cumulative.units }
                promised.append(TokenAmount(sum))
                for farmer in status.farmers { #expect(farmer.record.cumulative <= farmer.record.deposit) }
            }
            // A node counts what it sent when the client has gone: at the latest the next object pays for it.
            #expect(zip(promised, promised.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(promised[3] > .zero)
            for farmer in fixture.farmers { #expect(try await fixture.customer.close(farmer.identity.id) != nil) }
            try await fixture.pass(days: 8)
            for farmer in fixture.farmers { #expect(try await fixture.customer.close(farmer.identity.id) == nil) }
            let status = try await fixture.customer.status()
            #expect(status.farmers.allSatisfy { $0.channel?.isClosed == true })
        }
    }

    @Test func `a farmer on another ledger or chain is not hired`() async throws {
        try await DirectFixture.run(farmers: 2) { fixture in
            let other = OtherDomainLedger(fixture.backend)
            let customer = try await fixture.restarted(ledger: other)
            let answers = try await customer.offers(of: fixture.farmers.map(\.url))
            for answer in answers {
                #expect(throws: DirectError.otherLedger(answer.node.id)) { _ = try answer.result.get() }
            }
            #expect(try await customer.hire(fixture.farmers.map(\.url), deposit: DirectFixture.deposit).isEmpty)
        }
    }

    @Test func `without a funded channel a node takes nothing`() async throws {
        try await DirectFixture.run(farmers: 3) { fixture in
            await #expect(throws: DirectError.tooFewFarmers(needed: 3, there: 0)) {
                try await fixture.customer.put([DirectSource(name: "a", bytes: [1, 2, 3])])
            }
            await #expect(throws: DirectError.self) {
                try await fixture.customer.hire(fixture.farmers.map(\.url), deposit: DirectFixture.riches)
            }
        }
    }

    @Test func `farmers store only as much as the channel covers`() async throws {
        try await DirectFixture.run(farmers: 3) { fixture in
            try await fixture.customer.hire(fixture.farmers.map(\.url), deposit: TokenAmount(10))
            await #expect(throws: (any Error).self) {
                try await fixture.customer.put([DirectSource(name: "large", bytes: fixture.content(4_000_000))])
            }
            try await fixture.customer.topUp(fixture.farmers[0].identity.id, by: DirectFixture.deposit)
        }
    }

    @Test func `a farmer that takes no customers of its own says so`() async throws {
        try await DirectFixture.run(farmers: 1, { $0.customers.isOn = false }) { fixture in
            let answer = try #require(try await fixture.customer.offers(of: [fixture.farmers[0].url]).first)
            #expect(throws: DirectError.self) { _ = try answer.result.get() }
        }
    }
}

extension DirectFixture {
    /// What every farmer's wallet holds.
    func balances() async throws -> [NodeID: TokenAmount] {
        var balances: [NodeID: TokenAmount] = [:]
        for farmer in farmers { balances[farmer.identity.id] = try await balance(farmer.wallet.address) }
        return balances
    }
}
