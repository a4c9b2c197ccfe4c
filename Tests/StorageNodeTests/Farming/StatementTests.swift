import Contracts
import DRPC
import Ethereum
import Foundation
import Identity
import StorageModel
import StorageNode
import Synchronization
import TestSupport
import Testing
import WireMessages

@Suite struct StatementTests {
    @Test func `a right statement is kept with its voucher, and said again it changes nothing`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let statement = town.statement(1)
            // 1.50 $ × 0.1 TB × a day of 30, at 0.25 $.
            #expect(statement.amount == TokenAmount(2_000_000))
            for _ in 0..<2 {
                let answer = try await town.deliver(statement)
                #expect(answer.accepted)
                #expect(answer.refusal.isEmpty)
            }
            let kept = try #require(try await town.book.lastStatement(of: town.satellite.id))
            #expect(kept.statement == statement)
            let channel = try #require(try await town.book.channels().first)
            #expect(channel.vouchered == statement.cumulative)
            // It survives the process.
            try await town.start()
            #expect(try await town.book.lastStatement(of: town.satellite.id)?.statement == statement)
            #expect(try await town.book.channels().first == channel)
            let highest = try await highestVoucher(town, as: town.satellite)
            #expect(try highest.map { try HeldVoucher(encoded: $0) }?.voucher == channel.voucher)
            #expect(try await highestVoucher(town, as: town.stranger) == nil)
        }
    }

    private func highestVoucher(_ town: FarmTown, as peer: NodeIdentity) async throws -> [UInt8]? {
        var request = Market_HighestVoucherRequest()
        request.channel = Data(town.stub.now.channel?.id.bytes ?? [])
        do {
            return Array(try await town.connect(as: peer.peer).call(FarmerMethods.highestVoucher, request).voucher)
        } catch let error as RPCStatusError where error.code == .permissionDenied { return nil }
    }

    @Test func `statements follow one another, and traffic is paid by the node's own orders`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            try await town.livePeriod(2)
            let hour = town.seconds / 3600 * 3600
            let orders = [SettledOrders(hour: hour, action: 2, bytes: 5_000_000_000)]
            try await town.book.noteSettled(orders, of: town.satellite.id, at: town.clock.now)
            let second = town.statement(2, orders: orders, last: first)
            #expect(try await town.deliver(second).accepted)
            #expect(second.line(.egress)?.amount == TokenAmount(4_000_000))
            #expect(try await town.book.channels().first?.vouchered == TokenAmount(2_000_000 + 6_000_000))
        }
    }

    @Test(arguments: [9, 10, 11])
    func `less than the tolerance below the node's own figures is taken, more is refused with the node's own statement`(
        permille: UInt64
    ) async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let orders = [SettledOrders(hour: 7200, action: 2, bytes: 1_000_000_000_000)]
            try await town.book.noteSettled(orders, of: town.satellite.id, at: town.clock.now)
            let statement = town.statement(1, orders: orders) {
                $0.lines[1].bytes = 1_000_000_000_000 - permille * 1_000_000_000
            }
            let answer = try await town.deliver(statement)
            #expect(answer.accepted == (permille <= 10))
            guard permille > 10 else { return }
            #expect(answer.refusal.contains("egress earns 8 STORJ by this node's figures"))
            let own = try Statement(encoded: Array(answer.statement))
            #expect(own.line(.egress)?.bytes == 1_000_000_000_000)
            #expect(own.cumulative > statement.cumulative)
            #expect(try await town.book.lastStatement(of: town.satellite.id) == nil)
            #expect(try await town.book.channels().first?.voucher == nil)
            #expect(try await town.book.refusals().map(\.period) == [1])
        }
    }

    @Test func `orders that were settled long ago and are left out are missed`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            let orders = [SettledOrders(hour: 3600, action: 2, bytes: 1_000_000_000)]
            try await town.book.noteSettled(orders, of: town.satellite.id, at: town.clock.now)
            // Settled while the second period ran: it may still come.
            town.clock.advance(by: .seconds(10))
            try await town.livePeriod(2)
            let second = town.statement(2, last: first)
            #expect(try await town.deliver(second).accepted)
            try await town.livePeriod(3)
            let third = town.statement(3, last: second)
            #expect(try await town.deliver(third).refusal.contains("egress"))
            #expect(try await town.deliver(town.statement(3, orders: orders, last: second)).accepted)
        }
    }

    @Test func `a lower price than the sheet's is refused`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let statement = town.statement(1) { $0.lines[0].price = 1_400_000 }
            #expect(try await town.deliver(statement).refusal.contains("storage"))
        }
    }

    @Test(arguments: [(242_500, true), (257_500, true), (242_499, false), (257_501, false)] as [(UInt64, Bool)])
    func `a price of STORJ more than three per cent off the node's own is refused`(price: UInt64, isTaken: Bool) async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let answer = try await town.deliver(town.statement(1) { $0.quote?.microUSD = price })
            #expect(answer.accepted == isTaken)
            #expect(answer.refusal.contains("STORJ costs 250000") != isTaken)
        }
    }

    @Test func `a price of STORJ of another day is refused`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let answer = try await town.deliver(town.statement(1) { $0.quote?.time -= 2 * 86400 })
            #expect(answer.refusal.contains("period's end"))
        }
    }

    @Test func `while the price source is gone nothing is guessed, and the statement is taken when it is back`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let statement = town.statement(1)
            town.quotes.price.withLock { $0 = nil }
            #expect(try await status { _ = try await town.deliver(statement) } == .unavailable)
            #expect(try await town.book.refusals().isEmpty)
            town.quotes.price.withLock { $0 = 250_000 }
            #expect(try await town.deliver(statement).accepted)
        }
    }

    @Test func `prices in STORJ need no price of STORJ`() async throws {
        try await FarmTown.run({
            $0.firstPrices = FarmerPrices(denomination: .storj, storage: 600_000_000, egress: 0, repair: 0, audit: 0)
        }) { town in
            town.quotes.price.withLock { $0 = nil }
            try await town.livePeriod(1)
            let statement = town.statement(1)
            #expect(statement.quote == nil)
            #expect(statement.amount == TokenAmount(2_000_000))
            #expect(try await town.deliver(statement).accepted)
        }
    }

    @Test(arguments: [Statement.Outcome.failed, .unreachable])
    func `a verdict against a node that has shown everything is refused`(outcome: Statement.Outcome) async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let answer = try await town.deliver(town.statement(1, outcome: outcome))
            #expect(answer.refusal.contains("has shown everything"))
            // One that has not shown everything has to take it.
            try await town.livePeriod(2, answers: false)
            let statement = town.statement(2, outcome: outcome)
            #expect(statement.amount == .zero)
            #expect(try await town.deliver(statement).accepted)
        }
    }

    @Test func `another set than the one the node signed is refused`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let answer = try await town.deliver(town.statement(1, bytes: 50_000_000_000))
            #expect(answer.refusal.contains("not the one this node signed"))
        }
    }

    @Test(arguments: 0..<6)
    func `a statement about others is refused`(kind: Int) async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let statement = town.statement(1) { statement in
                switch kind {
                case 0: statement.node = town.stranger.id
                case 1: statement.farmer = town.payer.address
                case 2: statement.payer = town.keys.wallet
                case 3: statement.payerNode = town.stranger.id
                case 4: statement.channel = Bytes32(words: [1, 2, 3, 4])
                default: break
                }
            }
            let forged = kind == 5 ? town.signed(statement, by: town.payer) : nil
            let answer = try await town.deliver(statement, signed: forged)
            #expect(!answer.accepted)
            #expect(!answer.refusal.isEmpty)
            #expect(try await town.book.lastStatement(of: town.satellite.id) == nil)
        }
    }

    @Test func `strangers and nonsense are not listened to`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let statement = town.statement(1)
            let stranger = try await status { _ = try await town.deliver(statement, as: town.stranger.peer) }
            #expect(stranger == .permissionDenied)
            var request = Market_StatementRequest()
            request.statement = Data([1, 2, 3])
            let nonsense = try await status {
                _ = try await town.connect(as: town.satellite.peer).call(FarmerMethods.deliver, request)
            }
            #expect(nonsense == .invalidArgument)
        }
    }

    @Test func `a statement that comes before its predecessor is asked for again`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            try await town.livePeriod(2)
            let second = town.statement(2, last: first)
            try await town.livePeriod(3)
            let third = town.statement(3, last: second)
            #expect(try await status { _ = try await town.deliver(third) } == .unavailable)
            #expect(try await town.deliver(second).accepted)
            #expect(try await town.deliver(third).accepted)
        }
    }

    @Test func `another statement of a period, or of one before, is refused`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            let other = try await town.deliver(town.statement(1) { $0.evidenceChanged() })
            #expect(other.refusal.contains("another statement"))
            #expect(try Statement(encoded: Array(other.statement)) == first)
            try await town.livePeriod(5)
            let fifth = town.statement(5, last: first)
            #expect(try await town.deliver(fifth).accepted)
            let late = try await town.deliver(town.statement(4, last: nil))
            #expect(late.refusal.contains("later period"))
        }
    }

    @Test func `the dispute about one period is not one about the next`() async throws {
        try await FarmTown.run { town in
            let first = try await town.paidPeriod(1)
            try await town.livePeriod(2)
            let short = town.statement(2, last: first) { $0.lines[0].price = 1 }
            #expect(try await town.deliver(short).refusal.contains("storage"))
            try await town.livePeriod(3)
            let third = town.statement(3, last: short)
            #expect(try await town.deliver(third).accepted)
            #expect(try await town.book.refusals().map(\.period) == [2])
            #expect(try await town.book.channels().first?.vouchered == third.cumulative)
        }
    }

    @Test func `a payer whose clock runs ahead has to wait`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            let statement = town.statement(1) { statement in
                statement.until += 3 * 3600
                statement.lines[0].seconds += 3 * 3600
                statement.quote?.time += 3 * 3600
            }
            #expect(try await town.deliver(statement).refusal.contains("not over"))
            town.clock.advance(by: .seconds(3600))
            #expect(try await town.deliver(statement).accepted)
        }
    }

    @Test func `more is held back than the farmer allows`() async throws {
        try await FarmTown.run { town in
            try await town.livePeriod(1)
            #expect(try await town.deliver(town.statement(1) { $0.held = TokenAmount(1_500_001) }).refusal.contains("held"))
            #expect(try await town.deliver(town.statement(1) { $0.held = TokenAmount(1_500_000) }).accepted)
        }
    }
}

extension Statement {
    fileprivate mutating func evidenceChanged() { heartbeat?.evidence = Bytes32(words: [8, 8, 8, 8]) }
}
