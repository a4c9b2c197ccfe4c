import Contracts
import Ethereum
import Ledger
import StorageModel
import Synchronization

/// A ledger that can fall silent, and counts what reaches it.
final class ShakyLedger: SettlementBackend {
    private let base: any SettlementBackend
    private let silent = Mutex(false)
    private let submitted = Mutex<[SettlementOperation]>([])
    private let fee = Mutex<TokenAmount?>(nil)

    init(_ base: any SettlementBackend) { self.base = base }

    func fallSilent(_ isSilent: Bool) { silent.withLock { $0 = isSilent } }
    /// What every operation costs from now on.
    func ask(_ amount: TokenAmount?) { fee.withLock { $0 = amount } }
    var operations: [SettlementOperation] { submitted.withLock { $0 } }

    private func reach() throws {
        if silent.withLock({ $0 }) { throw LedgerError.unreachable("silent") }
    }

    var description: SettlementDescription { base.description }
    func time() async throws -> LedgerTime {
        try reach()
        return try await base.time()
    }
    func balance(of owner: Address) async throws -> TokenAmount {
        try reach()
        return try await base.balance(of: owner)
    }
    func channel(_ id: Bytes32) async throws -> ChannelState? {
        try reach()
        return try await base.channel(id)
    }
    func agreement(_ id: Bytes32) async throws -> AgreementState? { try await base.agreement(id) }
    func beacon(epoch: UInt64) async throws -> BeaconState? { try await base.beacon(epoch: epoch) }
    func payout(of satellite: Address) async throws -> PayoutState? {
        try reach()
        return try await base.payout(of: satellite)
    }
    func paid(to farmer: Address, by satellite: Address) async throws -> TokenAmount {
        try await base.paid(to: farmer, by: satellite)
    }
    func credit(of farmer: Address) async throws -> TokenAmount { try await base.credit(of: farmer) }
    func fee(of operation: SettlementOperation) async throws -> TokenAmount? {
        try reach()
        if let fee = fee.withLock({ $0 }) { return fee }
        return try await base.fee(of: operation)
    }
    func prepare(_ signer: any SettlementSigner) async throws {
        try reach()
        try await base.prepare(signer)
    }
    func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID {
        try reach()
        submitted.withLock { $0.append(operation) }
        return try await base.submit(operation, by: signer, id: id)
    }
    func status(of id: OperationID) async throws -> OperationStatus {
        try reach()
        return try await base.status(of: id)
    }
    func transaction(of id: OperationID) async throws -> Bytes32? { try await base.transaction(of: id) }
    func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        try await base.events(after: cursor, limit: limit)
    }
}
