package import Chores
package import Contracts
package import Ethereum
package import StorageModel

/// A ledger of money as everybody uses it: our own or contracts on a chain, with the same rules and the same events.
///
/// Every function throws `LedgerError` when the ledger cannot be asked; that is never confused with a refusal.
///
/// - Source: economy design §10.
package protocol SettlementBackend: Sendable {
    /// Which ledger it is, and where signatures for it count.
    var description: SettlementDescription { get }
    /// The head: seconds since 1970 and the height an operation submitted now would have; without hashes.
    func time() async throws -> LedgerTime
    /// Free money.
    func balance(of owner: Address) async throws -> TokenAmount
    /// A channel by its id; nil when it was never opened. Closed ones stay.
    func channel(_ id: Bytes32) async throws -> ChannelState?
    /// An agreement by its id; nil when it was never opened. Finished ones stay.
    func agreement(_ id: Bytes32) async throws -> AgreementState?
    /// An epoch's beacon; nil when nobody armed it.
    func beacon(epoch: UInt64) async throws -> BeaconState?
    /// What a satellite pays by roots; nil when it never funded or anchored.
    func payout(of satellite: Address) async throws -> PayoutState?
    /// All a farmer was ever paid by a satellite's roots.
    func paid(to farmer: Address, by satellite: Address) async throws -> TokenAmount
    /// Proven periods' pay that waits for its farmer.
    func credit(of farmer: Address) async throws -> TokenAmount
    /// What an operation would cost now, in base units of STORJ; nil where operations are free.
    func fee(of operation: SettlementOperation) async throws -> TokenAmount?

    /// Makes a ledger ready for a signer's operations: on a chain the token's approvals; elsewhere nothing.
    func prepare(_ signer: any SettlementSigner) async throws
    /// Takes an operation: when it returns, the intent outlives a crash.
    ///
    /// Not every operation can be done twice without harm. A caller that keeps an id of its own before it submits, and
    /// submits again with the same id after a crash, does it once.
    ///
    /// - Parameter id: the caller's, best random; nil: a new one. It counts for this signer alone.
    /// - Returns: `id`, or the new one.
    /// - Throws: `SettlementError` when the ledger refuses at once, and nothing has changed then; a ledger that learns
    ///   it later says so by `status(of:)`. `LedgerError.operationFailed` for an id used for another operation.
    func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID
    /// What became of an operation.
    func status(of id: OperationID) async throws -> OperationStatus
    /// By what strangers find an operation, and what `EventPlace.transaction` names: the hash of the transaction that
    /// was mined, or of the line in our own ledger; nil while it is in none.
    func transaction(of id: OperationID) async throws -> Bytes32?
    /// What happened, in order, and what was taken back. A page may be short or empty; `next` says where to go on.
    ///
    /// - Parameters:
    ///   - cursor: the `next` of the page before; nil for the beginning. Cursors may be kept.
    ///   - limit: events at most, at least 1.
    func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage
}

extension SettlementBackend {
    /// Submits an operation under a new id.
    package func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner
    ) async throws -> OperationID {
        try await submit(operation, by: signer, id: nil)
    }

    /// Submits an operation and waits until the ledger has it.
    ///
    /// - Parameters:
    ///   - id: the caller's, so that a second try after a crash does nothing new; nil: a new one.
    ///   - sleeper: waits between two questions.
    ///   - interval: how long.
    /// - Returns: `.included` or `.final`.
    /// - Throws: `SettlementError` for a refusal, `LedgerError.operationFailed`, `.operationDropped`.
    package func perform(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID? = nil,
        sleeper: Sleeper = .system, interval: Duration = .milliseconds(250)
    ) async throws -> OperationStatus {
        let id = try await submit(operation, by: signer, id: id)
        while true {
            let status = try await status(of: id)
            switch status {
            case .included, .final: return status
            case .failed(.refused(let error)): throw error
            case .failed(.other(let reason)): throw LedgerError.operationFailed(reason)
            case .dropped: throw LedgerError.operationDropped(id)
            case .queued, .broadcast, .unknown: try await sleeper.sleep(interval)
            }
        }
    }
}
