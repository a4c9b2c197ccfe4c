import Chores
import Contracts
import Ethereum
import Ledger
import StorageModel
import Synchronization
import TestSupport
import Testing

/// A ledger with people who have a million base units each, and a hand on its clock: what every conformance test
/// plays on.
final class SettlementStage: Sendable {
    static let startUnits: UInt64 = 1_000_000

    let backend: any SettlementBackend
    let operatorSigner: KeySigner
    let payer: KeySigner
    let farmer: KeySigner
    let other: KeySigner
    private let sleeper: Sleeper
    private let random: RandomSource
    private let turnClock: @Sendable (_ seconds: UInt64) async throws -> Void
    private let addBlocks: @Sendable (_ count: UInt64) async throws -> Void
    private let cursor = Mutex<EventCursor?>(nil)

    /// - Parameters:
    ///   - operatorSigner: may mint.
    ///   - turnClock: lets seconds pass.
    ///   - addBlocks: adds blocks without operations.
    init(
        backend: any SettlementBackend, operatorSigner: KeySigner, random: RandomSource,
        sleeper: Sleeper = Sleeper { _ in await Task.yield() },
        turnClock: @escaping @Sendable (_ seconds: UInt64) async throws -> Void,
        addBlocks: @escaping @Sendable (_ count: UInt64) async throws -> Void
    ) async throws {
        self.backend = backend
        self.operatorSigner = operatorSigner
        self.random = random
        self.sleeper = sleeper
        self.turnClock = turnClock
        self.addBlocks = addBlocks
        payer = KeySigner(.generate(random: random))
        farmer = KeySigner(.generate(random: random))
        other = KeySigner(.generate(random: random))
        for person in [payer, farmer, other] {
            try await backend.prepare(person)
            _ = try await act(.mint(to: person.address, TokenAmount(Self.startUnits)), by: operatorSigner)
        }
    }

    /// Does something and tells what happened by it.
    @discardableResult
    func act(_ operation: SettlementOperation, by signer: KeySigner) async throws -> [SettlementEvent] {
        let id = OperationID.random(using: random)
        let status = try await backend.perform(operation, by: signer, id: id, sleeper: sleeper)
        #expect(status.isIncluded)
        let transaction = try await backend.transaction(of: id)
        return try await newEvents().filter { $0.place.transaction == transaction }.map(\.event)
    }

    @discardableResult
    func channel(_ operation: ChannelOperation, by signer: KeySigner) async throws -> [SettlementEvent] {
        try await act(.channel(operation), by: signer)
    }

    @discardableResult
    func payout(_ operation: PayoutOperation, by signer: KeySigner) async throws -> [SettlementEvent] {
        try await act(.payout(operation), by: signer)
    }

    @discardableResult
    func agreement(_ operation: AgreementOperation, by signer: KeySigner) async throws -> [SettlementEvent] {
        try await act(.agreement(operation), by: signer)
    }

    /// What happened since the last call.
    func newEvents() async throws -> [PlacedEvent] {
        var events: [PlacedEvent] = []
        while true {
            let page = try await backend.events(after: cursor.withLock { $0 }, limit: 7)
            #expect(page.events.count <= 7)
            events += page.events
            let isOld = cursor.withLock { cursor in
                defer { cursor = page.next }
                return cursor == page.next
            }
            if isOld || page.events.isEmpty { return events }
        }
    }

    func wait(seconds: UInt64) async throws { try await turnClock(seconds) }

    func mine(_ count: UInt64) async throws { try await addBlocks(count) }

    /// Lets time pass until the ledger's clock shows it.
    func wait(until seconds: UInt64) async throws {
        let now = try await backend.time().seconds
        if seconds > now { try await turnClock(seconds - now) }
    }

    func units(_ person: KeySigner) async throws -> UInt64 { try await backend.balance(of: person.address).units }

    var domains: SettlementDomains { backend.description.domains }
    var channelsAddress: Address { domains.channels.contract }
    var agreementsAddress: Address { domains.agreements.contract }
    var payoutsAddress: Address { domains.payoutsContract }

    // MARK: Props

    func makeChannel(_ salt: UInt64 = 0, challenge: UInt64 = 86400, farmer: KeySigner? = nil) -> Channel {
        Channel(
            payer: payer.address, farmer: (farmer ?? self.farmer).address, signer: payer.address, challenge: challenge,
            salt: UInt256(salt).bytes32)
    }

    func voucher(_ channel: Channel, _ units: UInt64, by signer: KeySigner? = nil, period: UInt32 = 1) -> SignedVoucher
    {
        Voucher(
            channel: channel.id, cumulative: TokenAmount(units), period: period, statement: UInt256(units).bytes32
        ).signed(by: (signer ?? payer).key, in: domains.channels)
    }

    func transfer(_ giver: Address, _ receiver: Address, _ units: UInt64) -> SettlementEvent {
        .transferred(from: giver, to: receiver, amount: TokenAmount(units))
    }
}
