import Chores
import Contracts
import DRPC
import Database
import Direct
import Encryption
import Ethereum
import Foundation
import Identity
import Ledger
import Logging
import StorageModel
import StorageNode

/// One customer, three farmers, two disputes.
struct DisputeShow {
    private static let money = TokenAmount(1000 * TokenAmount.unitsPerToken)
    private static let deposit = TokenAmount(5 * TokenAmount.unitsPerToken)
    private static let silent = Logger(label: "dispute") { _ in SwiftLogNoOpLogHandler() }
    private static let day: Int64 = 86400

    let world: any DisputeWorld
    let folder: URL

    func run() async throws {
        let loops = RPCEventLoops(threadCount: 2)
        var farmers: [DisputeFarmer] = []
        for (number, wallet) in world.wallets.dropFirst().enumerated() {
            farmers.append(
                try await DisputeFarmer(
                    folder: folder.appending(path: "farmer\(number)"), wallet: wallet, world: world, loops: loops,
                    logger: Self.silent))
        }
        try await world.mint(Self.money, to: world.wallets.map(\.address))
        let identity = NodeIdentity.generate(random: .system)
        let dialer = try TLSDialer(identity: identity, settings: RPCDialerSettings(), eventLoops: loops)
        var settings = DirectSettings()
        settings.signsReceipts = false
        let customer = try await Customer(
            parts: DirectParts(
                identity: identity, wallet: world.wallets[0], signer: .generate(random: .system),
                contentKey: .random(using: .system), database: try Database.open(.memory), ledger: world.backend, quotes: nil,
                dialer: dialer, clock: world.clock, sleeper: .system, random: .system, logger: Self.silent),
            settings: settings)
        for wallet in world.wallets { try await world.backend.prepare(KeySigner(wallet)) }
        do { try await dispute(customer, farmers) } catch {
            for farmer in farmers { await farmer.stop() }
            throw error
        }
        for farmer in farmers { await farmer.stop() }
        await dialer.close()
        await loops.shutdown()
        try await printEvents()
    }

    private func dispute(_ customer: Customer, _ farmers: [DisputeFarmer]) async throws {
        try await customer.hire(farmers.map(\.url), deposit: Self.deposit)
        var terms = DealTerms()
        (terms.periodCount, terms.collateralPeriods) = (1, 3)
        let report = try await customer.put(
            [DirectSource(name: "data", bytes: RandomSource.system.bytes(count: 2 << 20))], terms: terms)
        guard report.agreements.count == farmers.count, report.agreements.allSatisfy({ $0.state == .open }) else {
            throw DisputeFailure(description: "not every farmer agreed")
        }
        let before = try await balances()
        let loser = farmers[farmers.count - 1]
        try loser.damage()
        try await world.pass(seconds: Self.day + 1)
        try await world.pass(seconds: Self.day)
        for outcome in try await heartbeat(customer) {
            print("  period 1, \(name(outcome.node, farmers)): heartbeat \(outcome.verdict), receipt \(outcome.hasReceipt ? "given" : "refused")")
        }
        // Farmers wait for receipts as long as they can.
        guard let deadline = report.agreements.map({ $0.terms.proofDeadline(of: 0) }).min() else { return }
        let now = try await world.backend.time().seconds
        try await world.pass(seconds: Int64(clamping: deadline) - Int64(clamping: now) - 7200)
        for _ in 0..<2 {
            for farmer in farmers { try await farmer.tend() }
            try await world.mine(8)
        }
        try await world.pass(seconds: 3 * Self.day)
        let settled = try await customer.settle()
        for farmer in farmers { try await farmer.tend() }
        try await check(report.agreements, farmers, before, settled)
    }

    private func heartbeat(_ customer: Customer) async throws -> [HeartbeatOutcome] {
        let first = try await customer.heartbeat()
        guard first.contains(where: { $0.verdict == "waiting" }) else { return first }
        try await world.mine(8)
        return try await customer.heartbeat()
    }

    private func balances() async throws -> [TokenAmount] {
        var balances: [TokenAmount] = []
        for wallet in world.wallets { balances.append(try await world.backend.balance(of: wallet.address)) }
        return balances
    }

    private func name(_ node: NodeID, _ farmers: [DisputeFarmer]) -> String {
        farmers.firstIndex { $0.url.id == node }.map { "farmer \($0 + 1)" } ?? "\(node)"
    }

    /// Everybody has what the terms say, to the unit.
    private func check(
        _ agreements: [AgreementRecord], _ farmers: [DisputeFarmer], _ before: [TokenAmount], _ settled: SettleReport
    ) async throws {
        let after = try await balances()
        for (index, farmer) in farmers.enumerated() {
            guard let terms = agreements.first(where: { $0.node == farmer.url.id })?.terms,
                let state = try await world.backend.agreement(terms.id)
            else { throw DisputeFailure(description: "an agreement is gone") }
            let isLoser = index == farmers.count - 1
            // Agreements are over: what is left of the collateral is back.
            let won = isLoser ? terms.collateral.subtracting(terms.penalty) : terms.price.adding(terms.collateral)
            guard let won, let expected = before[index + 1].adding(won), after[index + 1] == expected,
                isLoser ? state.missed.contains(0) : state.paid.contains(0), state.isFinished
            else { throw DisputeFailure(description: "farmer \(index + 1) has \(after[index + 1]) STORJ, which is wrong") }
            print(
                isLoser
                    ? "  farmer \(index + 1) could not prove: lost the period and \(terms.penalty) of \(terms.collateral) STORJ"
                    : "  farmer \(index + 1) proved on the ledger: \(terms.price) STORJ for the period")
            if isLoser, let both = terms.price.adding(terms.penalty) {
                guard settled.refund == both, after[0] == before[0].adding(both) else {
                    throw DisputeFailure(description: "the customer got \(settled.refund) STORJ back, not \(both)")
                }
                print("  the customer took back \(both) STORJ: price and penalty")
            }
        }
    }

    // MARK: What the ledger saw

    private func printEvents() async throws {
        try await world.read()
        var placed: [PlacedEvent] = []
        var cursor: EventCursor?
        while true {
            let page = try await world.backend.events(after: cursor, limit: 500)
            placed += page.events
            if page.next == cursor { break }
            cursor = page.next
        }
        var titles: [(transaction: Bytes32, title: String, design: UInt64?)] = []
        for event in placed {
            guard let (title, design) = title(event.event) else { continue }
            guard titles.last?.transaction == event.place.transaction else {
                titles.append((event.place.transaction, title, design))
                continue
            }
            // A transfer may come before what it is a part of.
            if case .transferred = event.event { continue }
            titles[titles.count - 1] = (event.place.transaction, title, design)
        }
        let gas = try await world.gas(of: titles.map(\.transaction))
        print("  operation                      gas      design §9  transaction")
        for (line, gas) in zip(titles, gas) {
            let title = line.title.padding(toLength: 26, withPad: " ", startingAt: 0)
            print("  \(title) \(Self.column(gas))  \(Self.column(line.design))  0x\(Hexadecimal.encode(line.transaction.bytes))")
        }
    }

    private static func column(_ number: UInt64?) -> String {
        let text = number.map(String.init) ?? "-"
        return String(repeating: " ", count: max(0, 11 - text.count)) + text
    }

    /// What an event is called, and what the design measured for its operation.
    private func title(_ event: SettlementEvent) -> (String, UInt64?)? {
        switch event {
        case .transferred(let from, _, _) where from == world.backend.description.domains.agreements.contract:
            ("credit withdrawn", 36_526)
        case .opened: ("channels opened", nil)
        case .agreementOpened: ("agreement, with collateral", 106_163)
        case .beaconArmed: ("beacon armed", 47_406)
        case .beaconSealed: ("beacon sealed", 47_492)
        case .proven: ("period proven", 348_422)
        case .settled: ("receipt settled", 59_913)
        case .missed: ("reclaim, with penalty", 79_284)
        case .finished: ("agreement finished", 31_347)
        default: nil
        }
    }
}
