import Contracts
import Ethereum
import Ledger
import StorageModel
import Synchronization
import TestSupport

/// A ledger in memory by the contracts' own rules, that can be out of reach, dear, or slow to say yes.
final class TestLedger: SettlementBackend {
    struct State {
        var settlement: SettlementState
        var height: UInt64 = 1
        var isUnreachable = false
        var fee: TokenAmount?
        /// Operations end only when a test says so.
        var isSlow = false
        /// The next operations are lost before they are sent.
        var losesSubmissions = false
        var statuses: [OperationID: OperationStatus] = [:]
        var waiting: [(id: OperationID, operation: SettlementOperation, sender: Address)] = []
        var submissions = 0
    }

    let description: SettlementDescription
    let state: Mutex<State>
    private let clock: TestClock
    static let keeper = Address(padded: Bytes32(words: [9, 9, 9, 9]))

    init(clock: TestClock, chainID: UInt64 = 0, contract: UInt64 = 7) {
        self.clock = clock
        let at = { (number: UInt64) in Address(padded: Bytes32(words: [0, 0, contract, number])) }
        let domains = SettlementDomains(chainID: chainID, channels: at(1), agreements: at(2), payouts: at(3))
        description = SettlementDescription(
            kind: .embedded, domains: domains, chainID: chainID, confirmations: 0, operatorAddress: Self.keeper)
        state = Mutex(State(settlement: SettlementState(domains: domains, operatorAddress: Self.keeper)))
    }

    var now: State { state.withLock { $0 } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    /// Does something at once, whatever the switches say.
    @discardableResult
    func perform(_ operation: SettlementOperation, by sender: Address) throws -> [SettlementEvent] {
        try state.withLock { state in
            try state.settlement.apply(operation, by: sender, at: Self.time(state, clock))
        }
    }

    /// Lets everything that waits happen.
    func mine() {
        state.withLock { state in
            state.height += 1
            for (id, operation, sender) in state.waiting {
                Self.apply(id, operation, sender, &state, Self.time(state, clock))
            }
            state.waiting = []
        }
    }

    private static func time(_ state: State, _ clock: TestClock) -> LedgerTime {
        LedgerTime(seconds: UInt64(clamping: clock.now.seconds), height: state.height)
    }

    private static func apply(
        _ id: OperationID, _ operation: SettlementOperation, _ sender: Address, _ state: inout State, _ time: LedgerTime
    ) {
        do {
            _ = try state.settlement.apply(operation, by: sender, at: time)
            state.statuses[id] = .final(height: state.height)
        } catch {
            state.statuses[id] = .failed(.refused(error))
        }
    }

    // MARK: SettlementBackend

    private func reading<Value>(_ body: (State) throws -> Value) throws -> Value {
        try state.withLock { state in
            if state.isUnreachable { throw LedgerError.unreachable("the test says so") }
            return try body(state)
        }
    }

    func time() async throws -> LedgerTime { try reading { Self.time($0, clock) } }
    func balance(of owner: Address) async throws -> TokenAmount { try reading { $0.settlement.balances[owner] ?? .zero } }
    func channel(_ id: Bytes32) async throws -> ChannelState? { try reading { $0.settlement.channels[id] } }
    func agreement(_ id: Bytes32) async throws -> AgreementState? { try reading { $0.settlement.agreements[id] } }
    func beacon(epoch: UInt64) async throws -> BeaconState? { try reading { $0.settlement.beacons[epoch] } }
    func payout(of satellite: Address) async throws -> PayoutState? { try reading { $0.settlement.payouts[satellite] } }
    func paid(to farmer: Address, by satellite: Address) async throws -> TokenAmount {
        try reading { $0.settlement.paid[PayoutKey(satellite: satellite, farmer: farmer)] ?? .zero }
    }
    func credit(of farmer: Address) async throws -> TokenAmount { try reading { $0.settlement.credits[farmer] ?? .zero } }
    func fee(of operation: SettlementOperation) async throws -> TokenAmount? { try reading { $0.fee } }
    func prepare(_ signer: any SettlementSigner) async throws {}

    func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID {
        let id = id ?? OperationID(storage: Bytes32(words: [1, 2, 3, UInt64.random(in: 0...UInt64.max)]))
        try state.withLock { state in
            if state.isUnreachable { throw LedgerError.unreachable("the test says so") }
            if state.losesSubmissions { throw CancellationError() }
            if state.statuses[id] != nil { return }
            state.submissions += 1
            if state.isSlow {
                state.statuses[id] = .broadcast
                state.waiting.append((id, operation, signer.address))
            } else {
                Self.apply(id, operation, signer.address, &state, Self.time(state, clock))
            }
            if case .failed(.refused(let error))? = state.statuses[id] { throw error }
        }
        return id
    }

    func status(of id: OperationID) async throws -> OperationStatus { try reading { $0.statuses[id] ?? .unknown } }
    func transaction(of id: OperationID) async throws -> Bytes32? { id.storage }
    func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        EventPage(events: [], retracted: [], next: cursor ?? EventCursor(position: 0))
    }
}
