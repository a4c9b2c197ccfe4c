import Contracts
import Ethereum
import Ledger
import StorageModel
import Synchronization

/// A ledger that is asked through another one.
protocol LedgerDouble: SettlementBackend {
    var real: any SettlementBackend { get }
}

extension LedgerDouble {
    var description: SettlementDescription { real.description }
    func time() async throws -> LedgerTime { try await real.time() }
    func balance(of owner: Address) async throws -> TokenAmount { try await real.balance(of: owner) }
    func channel(_ id: Bytes32) async throws -> ChannelState? { try await real.channel(id) }
    func agreement(_ id: Bytes32) async throws -> AgreementState? { try await real.agreement(id) }
    func beacon(epoch: UInt64) async throws -> BeaconState? { try await real.beacon(epoch: epoch) }
    func payout(of satellite: Address) async throws -> PayoutState? { try await real.payout(of: satellite) }
    func paid(to farmer: Address, by satellite: Address) async throws -> TokenAmount {
        try await real.paid(to: farmer, by: satellite)
    }
    func credit(of farmer: Address) async throws -> TokenAmount { try await real.credit(of: farmer) }
    func fee(of operation: SettlementOperation) async throws -> TokenAmount? { try await real.fee(of: operation) }
    func prepare(_ signer: any SettlementSigner) async throws { try await real.prepare(signer) }
    func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID { try await real.submit(operation, by: signer, id: id) }
    func status(of id: OperationID) async throws -> OperationStatus { try await real.status(of: id) }
    func transaction(of id: OperationID) async throws -> Bytes32? { try await real.transaction(of: id) }
    func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        try await real.events(after: cursor, limit: limit)
    }
}

/// A ledger that says it is another one.
struct OtherDomainLedger: LedgerDouble {
    let real: any SettlementBackend

    init(_ real: any SettlementBackend) { self.real = real }

    var description: SettlementDescription {
        var description = real.description
        let contract = Address(padded: Bytes32(words: [1, 2, 3, 4]))
        description.domains = SettlementDomains(chainID: 1, channels: contract, agreements: contract, payouts: contract)
        return description
    }
}

/// A ledger whose answer is lost after some operations: they were done, and the caller does not know.
final class ForgetfulLedger: LedgerDouble {
    let real: any SettlementBackend
    private let left = Mutex<Int?>(nil)

    init(_ real: any SettlementBackend) { self.real = real }

    /// The answer to the operation with this number, counted from 1, is lost.
    func failAfter(_ count: Int) { left.withLock { $0 = count } }

    func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID {
        let id = try await real.submit(operation, by: signer, id: id)
        let isLost = left.withLock { left in
            guard let count = left else { return false }
            left = count - 1
            return count == 1
        }
        if isLost { throw LedgerError.unreachable("the answer was lost") }
        return id
    }
}
