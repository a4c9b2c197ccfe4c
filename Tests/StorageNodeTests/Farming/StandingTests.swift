import Contracts
import Ethereum
import Identity
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct StandingTests {
    @Test func `an unpaid period pauses, three drain, and pay resumes everything`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            #expect(town.standing == .active)
            try await town.livePeriod(2)
            // Within the grace nothing is overdue.
            try await town.farm.claims.work()
            #expect(town.standing == .active)
            try await town.livePeriod(3)
            town.clock.advance(by: .seconds(1))
            try await town.farm.claims.work()
            #expect(town.standing.name == "paused")
            #expect(!town.standing.takesPieces)
            #expect(town.standing.servesCustomers)
            try await town.livePeriod(4)
            try await town.livePeriod(5)
            town.clock.advance(by: .seconds(1))
            try await town.farm.claims.work()
            #expect(town.standing.name == "draining")
            #expect(!town.standing.servesCustomers)
            // It stays so over a restart, and everything was claimed.
            try await town.start()
            #expect(town.standing.name == "draining")
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == first.cumulative)
            let fifth = town.statement(5, last: first)
            #expect(try await town.deliver(fifth).accepted)
            #expect(town.standing == .active)
        }
    }

    @Test func `periods the node did not answer, or without bytes, are owed nothing`() async throws {
        try await FarmTown.run { town in
            for number in 1...4 { try await town.livePeriod(UInt64(number), bytes: number % 2 == 0 ? 0 : 5000, answers: number % 2 == 0) }
            town.clock.advance(by: .seconds(86401))
            try await town.farm.farmer.refreshStandings()
            #expect(try await town.farm.farmer.overduePeriods(of: town.satellite.id).isEmpty)
        }
    }

    @Test func `days that are named by their first second all count, and the newest thousand are kept`() async throws {
        try await FarmTown.run { town in
            for _ in 1...4 { try await town.livePeriod(town.seconds) }
            town.clock.advance(by: .seconds(86401))
            #expect(try await town.farm.farmer.overduePeriods(of: town.satellite.id).count == 4)
            let last = town.seconds
            for _ in 1...1003 { try await town.livePeriod(town.seconds) }
            let kept = try await town.book.periods(of: town.satellite.id, limit: 2000)
            #expect(kept.count == 1000)
            #expect(kept.last?.number == last + 3 * 86400)
        }
    }

    @Test func `without a view of the ledger the node works on for a day, and then pauses`() async throws {
        try await FarmTown.run { town in
            try await town.farm.claims.work()
            town.ledger.change { $0.isUnreachable = true }
            town.clock.advance(by: .seconds(86400))
            await #expect(throws: (any Error).self) { try await town.farm.claims.work() }
            #expect(town.standing == .active)
            town.clock.advance(by: .seconds(1))
            await #expect(throws: (any Error).self) { try await town.farm.claims.work() }
            #expect(town.standing.reason?.contains("last seen") == true)
            try await town.start()
            #expect(town.standing.name == "paused")
            town.ledger.change { $0.isUnreachable = false }
            try await town.farm.claims.work()
            #expect(town.standing == .active)
        }
    }

    @Test func `a clock that jumps does no lasting harm`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            // Ten days ahead: the ledger was not seen for so long, until it is looked at.
            town.clock.advance(by: .seconds(10 * 86400))
            try await town.farm.farmer.refreshStandings()
            #expect(town.standing.name == "paused")
            try await town.farm.claims.work()
            #expect(town.standing == .active)
            // And back: what was seen in the future is no reason, and nothing is paid or claimed twice.
            town.clock.advance(by: .seconds(-10 * 86400))
            try await town.farm.claims.work()
            #expect(town.standing == .active)
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == first.cumulative)
            let second = try await town.paidPeriod(2, last: first)
            try await town.farm.claims.work()
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == second.cumulative)
        }
    }

    @Test func `a deposit smaller than the next period pauses until it is topped up`() async throws {
        try await FarmTown.run(registers: false) { town in
            let channel = try await town.openChannel(deposit: TokenAmount(3_000_000))
            try await town.register()
            let first = try await town.paidPeriod(1)
            #expect(first.amount == TokenAmount(2_000_000))
            #expect(town.standing.reason?.contains("the deposit has 0.01 STORJ left") == true)
            try town.ledger.perform(.channel(.topUp(channel.id, TokenAmount(1_000_000))), by: town.payer.address)
            try await town.farm.claims.work()
            #expect(town.standing == .active)
        }
    }

    @Test func `a voucher above the deposit is kept, pays what is there, and the rest after a top-up`() async throws {
        try await FarmTown.run(registers: false) { town in
            let channel = try await town.openChannel(deposit: TokenAmount(1_500_000))
            try await town.register()
            let first = try await town.paidPeriod(1)
            try await town.farm.claims.work()
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == TokenAmount(1_500_000))
            try town.ledger.perform(.channel(.topUp(channel.id, TokenAmount(1_000_000))), by: town.payer.address)
            try await town.farm.claims.work()
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == first.cumulative)
        }
    }

    @Test func `a channel that is being closed pauses its payer, and is claimed at once whatever the fee`() async throws {
        try await FarmTown.run { town in
            town.ledger.change { $0.fee = TokenAmount(50_000_000) }
            let first = try await town.paidPeriod(1)
            try await town.farm.claims.work()
            #expect(town.ledger.now.submissions == 0)
            let channel = try #require(town.stub.now.channel)
            try town.ledger.perform(.channel(.startClose(channel)), by: town.payer.address)
            try await town.farm.claims.work()
            #expect(town.ledger.now.settlement.balances[town.keys.wallet] == first.cumulative)
            #expect(town.standing.reason == "the channel is being closed")
            #expect(!town.standing.takesPieces)
        }
    }
}

@Suite struct ManifestTests {
    private func refusal(
        _ change: @escaping (FarmTown) -> SignedManifest?
    ) async throws -> (reason: String?, registrations: Int) {
        nonisolated(unsafe) var result: (String?, Int) = (nil, 0)
        try await FarmTown.run(registers: false) { town in
            let manifest = change(town)
            town.stub.change { $0.manifest = manifest }
            try await town.register()
            result = (town.standing.reason, town.stub.now.registrations.count)
            if result.0 != nil { #expect(!town.standing.takesPieces) }
        }
        return result
    }

    @Test func `a satellite that does not accept STORJ is refused`() async throws {
        let none = try await refusal { $0.manifest { $0.tokens = [] } }
        #expect(none.reason == "it does not accept STORJ")
        #expect(none.registrations == 0)
        let other = try await refusal { $0.manifest { $0.tokens = [.init(symbol: "USDC", chainID: 0, contract: .zero, decimals: 6)] } }
        #expect(other.reason == "it does not accept STORJ")
        // One that publishes nothing may be of another kind.
        #expect(try await refusal { _ in nil }.reason == "it does not say that it accepts STORJ")
        #expect(try await refusal { $0.manifest() }.reason == nil)
    }

    @Test func `a satellite on another chain, or with other contracts, is refused`() async throws {
        let chain = try await refusal { town in
            town.manifest {
                $0.settlement?.chainID = 1
                $0.tokens = [.storj(chainID: 1, contract: .zero)]
            }
        }
        #expect(chain.reason == "it pays on chain 1, and this node is paid on chain 0")
        let contracts = try await refusal { town in town.manifest { $0.settlement?.channels = town.keys.wallet } }
        #expect(contracts.reason == "it pays by other contracts than this node's")
        #expect(try await refusal { $0.manifest { $0.settlement = nil } }.reason?.contains("which ledger") == true)
        let token = try await refusal { $0.manifest { $0.tokens = [.storj(chainID: 5, contract: .zero)] } }
        #expect(token.reason?.contains("token") == true)
    }

    @Test func `a manifest that is forged, another's, or over does not count`() async throws {
        #expect(try await refusal { $0.manifest(by: $0.stranger) }.reason?.contains("satellite's signature") == true)
        let other = try await refusal { town in
            town.manifest({ $0.satelliteChain = town.stranger.chain.concatenated }, by: town.stranger)
        }
        #expect(other.reason?.contains("another node") == true)
        let signer = try await refusal { town in town.manifest { $0.signer = town.payer.address } }
        #expect(signer.reason?.contains("signer") == true)
        #expect(try await refusal { town in town.manifest { $0.validUntil = town.seconds - 1 } }.reason?.contains("over") == true)
    }

    @Test func `an older manifest does not come back, and a satellite that repents is worked for again`() async throws {
        try await FarmTown.run { town in
            town.stub.change { $0.manifest = town.manifest { $0.sequence = 5 } }
            try await town.register()
            town.stub.change { $0.manifest = town.manifest { $0.sequence = 4 } }
            try await town.register()
            #expect(town.standing.reason?.contains("number 5 was published before") == true)
            town.stub.change { $0.manifest = town.manifest { $0.sequence = 6 } }
            try await town.register()
            #expect(town.standing == .active)
        }
    }

    @Test func `a satellite that cannot be reached keeps its standing`() async throws {
        try await FarmTown.run { town in
            town.stub.change { $0.isDown = true }
            try await town.register()
            #expect(town.standing == .active)
            #expect(try await town.book.payer(town.satellite.id).problem != nil)
            // It is asked again although the interval is not over.
            town.stub.change { $0.isDown = false }
            try await town.farm.registrations.work()
            #expect(try await town.book.payer(town.satellite.id).problem == nil)
        }
    }
}
