import Contracts
import Ethereum
import Foundation
import Ledger
import Logging
import StorageModel
import TestSupport
import Testing

/// Random work on the ledger and on the bare rules side by side, with the log closed and read again in between.
///
/// `LEDGER_OPERATIONS` sets how many operations; the default is for every day.
@Suite struct LedgerRandomTests {
    private static let operationCount =
        ProcessInfo.processInfo.environment["LEDGER_OPERATIONS"].flatMap { Int($0) } ?? 4000
    private static let reopenings = 8

    @Test(arguments: [1, 2] as [UInt64])
    func `whatever people do, the ledger does what the rules say, and the money is all there`(seed: UInt64) async throws
    {
        let random = RandomSource.seeded(seed)
        var dice = random
        let key = PrivateKey.generate(random: random)
        let clock = TestClock()
        let disk = MemoryLedgerDisk()
        func open() async throws -> EmbeddedLedger {
            try await EmbeddedLedger.open(
                folder: "/ledger", operator: key, settings: .forTests, clock: clock.wallClock, random: .seeded(seed),
                disk: disk, logger: .silent)
        }
        var ledger = try await open()
        var town = RandomTown(
            operatorKey: key, people: 6, domains: ledger.description.domains, seed: seed)
        var model = SettlementState(domains: ledger.description.domains, operatorAddress: key.address)
        var money = MoneyCount(contract: ledger.description.domains.payoutsContract)
        var done = 0
        for step in 0..<Self.operationCount {
            clock.advance(by: .seconds(Int64.random(in: 0...900, using: &dice)))
            if step % 5 == 0 { try await ledger.closeBlock() }
            if step % (Self.operationCount / Self.reopenings) == 1 {
                try await ledger.close()
                ledger = try await open()
                #expect(try await ledger.read { $0.state } == model)
            }
            let seconds = UInt64(clock.now.seconds)
            let time = try await ledger.read { $0.moment(at: seconds) }
            let (operation, sender) = town.next(at: time)
            let backend = EmbeddedBackend(ledger, random: random)
            let expected = Result { () throws(SettlementError) in
                try model.apply(operation, by: sender.address, at: time)
            }
            switch expected {
            case .success(let events):
                let id = try await backend.submit(operation, by: KeySigner(sender))
                let place = try #require(try await ledger.place(of: id, by: sender.address))
                money.count(events)
                done += 1
                #expect(place.height == time.height)
            case .failure(let error):
                await #expect(throws: error) { _ = try await backend.submit(operation, by: KeySigner(sender)) }
            }
            try money.check(model)
        }
        #expect(done > Self.operationCount / 4)
        #expect(try await ledger.read { $0.state } == model)
        #expect(model.total == model.minted)
        try await ledger.close()
        let finding = try await LedgerAudit.verify(file: "/ledger/ledger.log", operator: key.address, disk: disk)
        #expect(finding.objection == nil)
        #expect(finding.books?.state == model)
    }
}

/// Counts money by events alone, so that every step can be checked without adding up the whole ledger.
struct MoneyCount {
    let contract: Address
    private var minted: UInt64 = 0
    private var locked: UInt64 = 0
    private var free: [Address: UInt64] = [:]
    private var touched: Set<Address> = []

    init(contract: Address) { self.contract = contract }

    mutating func count(_ events: [SettlementEvent]) {
        touched = []
        for case .transferred(let giver, let receiver, let amount) in events {
            switch giver {
            case .zero: minted += amount.units
            case contract: locked -= amount.units
            default: free[giver, default: 0] -= amount.units
            }
            switch receiver {
            case .zero: minted -= amount.units
            case contract: locked += amount.units
            default: free[receiver, default: 0] += amount.units
            }
            touched.formUnion([giver, receiver])
        }
    }

    /// Whether the books agree where they changed: what was minted, and what each owner has.
    func check(_ state: SettlementState) throws {
        try #require(state.minted.units == minted)
        for owner in touched where owner != .zero && owner != contract {
            try #require((state.balances[owner] ?? .zero).units == free[owner, default: 0])
        }
        // Free and locked money is all there is.
        try #require(free.values.reduce(locked, +) == minted)
    }
}
