import Contracts
import Ethereum
import Foundation
import Ledger
import StorageModel
import Testing

/// The contracts against the rules as a value: the same operations, compared after each.
@Suite(.enabled(if: DevChain.isEnabled, "the development chain is not installed"), .serialized)
struct DifferentialTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `random operations leave the same state, balances and events on the chain as in the rules`(seed: UInt64) async throws {
        let steps = ProcessInfo.processInfo.environment["STORJ_CHAIN_STEPS"].flatMap { Int($0) } ?? 350
        try await ChainTown.with(seed: seed, people: 4, tokens: 20_000) { town in
            var pair = try await Pair(town: town, seed: seed)
            for step in 0..<steps {
                try await pair.step()
                if step % 70 == 69 { try await pair.compareAll() }
            }
            try await pair.compareAll()
            // A run in which nothing is accepted, or everything, shows little.
            #expect(
                pair.acceptedCount > steps / 4 && pair.refusals.count > min(steps / 20, 15),
                "\(pair.acceptedCount) accepted, refused: \(pair.refusals)")
        }
    }
}

/// A chain and the rules, side by side.
private struct Pair {
    let town: ChainTown
    var rules: SettlementState
    var dice: OperationDice
    var time: LedgerTime
    var cursor: EventCursor?
    var acceptedCount = 0
    var refusals: [SettlementError: Int] = [:]

    init(town: ChainTown, seed: UInt64) async throws {
        self.town = town
        let description = town.backend.description
        rules = SettlementState(domains: description.domains, operatorAddress: town.deployer.address)
        time = LedgerTime(seconds: 0, height: 0)
        for person in town.people {
            let balance = try await town.backend.balance(of: person.address)
            _ = try rules.apply(.mint(to: person.address, balance), by: town.deployer.address, at: time)
        }
        dice = try OperationDice(
            seed: seed, people: town.people, minter: town.deployer, domains: description.domains)
        cursor = try await town.backend.events(after: nil, limit: 1000).next
        try await learnBlocks()
    }

    /// The hashes the machine can see, and the time and height the next block will have.
    private mutating func learnBlocks() async throws {
        let head = try await town.backend.chain.head()
        let known = time.hashes.keys.max() ?? 0
        let first = max(known + 1, head.number > 256 ? head.number - 256 : 0)
        for start in stride(from: first, through: head.number, by: 100) {
            for header in try await town.backend.chain.headers(Array(start...min(start + 99, head.number))) {
                let header = try #require(header)
                time.hashes[header.number] = header.hash
            }
        }
        time.hashes = time.hashes.filter { $0.key + 257 > head.number }
        time.height = head.number + 1
        time.seconds = head.time + 1
    }

    mutating func step() async throws {
        try await letTimePass()
        let (operation, signer) = try await dice.roll(rules, time)
        var transaction: Bytes32?
        let actual: SettlementError?
        do {
            let id = try await town.backend.submit(operation, by: signer)
            let status = try await town.backend.status(of: id)
            guard case .included(let height) = status else {
                Issue.record("\(operation): \(status)")
                return
            }
            #expect(height == time.height)
            transaction = try await town.backend.transaction(of: id)
            actual = nil
        } catch let error as SettlementError {
            actual = error
        }
        var expected: SettlementError?
        var events: [SettlementEvent] = []
        do { events = try rules.apply(operation, by: signer.address, at: time) } catch { expected = error }
        #expect(actual == expected, "\(operation)")
        if let actual { refusals[actual, default: 0] += 1 } else { acceptedCount += 1 }
        let page = try await town.backend.events(after: cursor, limit: 1000)
        cursor = page.next
        #expect(page.retracted.isEmpty)
        #expect(page.events.map(\.event) == events, "\(operation)")
        #expect(page.events.allSatisfy { $0.place.transaction == transaction && $0.place.height == time.height })
        #expect(page.events.map(\.place.index) == (0..<UInt32(page.events.count)).map { $0 })
        #expect(page.events.allSatisfy { $0.time == time.seconds })
        try await compareBalances()
        #expect(rules.total == rules.minted)
        try await learnBlocks()
    }

    private mutating func letTimePass() async throws {
        switch dice.number(0..<20) {
        case 0: try await town.chain.wait(seconds: dice.number(1..<7200))
        case 1: try await town.chain.wait(seconds: dice.number(1..<100_000))
        case 2, 3: try await town.chain.mine(6)
        case 4 where dice.number(0..<6) == 0: try await town.chain.mine(260)
        default: return
        }
        try await learnBlocks()
    }

    private func compareBalances() async throws {
        let domains = rules.domains
        let contracts = [domains.channels.contract, domains.agreements.contract, domains.payoutsContract]
        var sum: UInt64 = 0
        for owner in town.people.map(\.address) {
            let balance = try await town.backend.balance(of: owner)
            #expect(balance == rules.balances[owner] ?? .zero, "\(owner)")
            sum += balance.units
        }
        for contract in contracts { sum += try await town.backend.balance(of: contract).units }
        #expect(TokenAmount(sum) == rules.minted)
    }

    func compareAll() async throws {
        for channel in dice.channels {
            #expect(try await town.backend.channel(channel.id) == rules.channels[channel.id])
        }
        for terms in dice.agreements {
            #expect(try await town.backend.agreement(terms.id) == rules.agreements[terms.id])
        }
        for (epoch, beacon) in rules.beacons.values { #expect(try await town.backend.beacon(epoch: epoch) == beacon) }
        for person in town.people {
            #expect(try await town.backend.payout(of: person.address) == rules.payouts[person.address])
            #expect(try await town.backend.credit(of: person.address) == rules.credits[person.address] ?? .zero)
            for farmer in town.people {
                let key = PayoutKey(satellite: person.address, farmer: farmer.address)
                #expect(
                    try await town.backend.paid(to: farmer.address, by: person.address) == rules.paid[key] ?? .zero)
            }
        }
    }
}
