package import Contracts
package import Ethereum
package import Ledger
import Logging

extension Farmer {
    /// Sends STORJ from the wallet to another account.
    ///
    /// - Parameters:
    ///   - amount: more than nothing.
    ///   - receiver: an account on the ledger the node is paid on.
    ///   - id: the caller's own number of this transfer: with the same one again nothing is sent twice.
    /// - Returns: what the ledger said last: on a chain the transfer may be on its way for a while.
    /// - Throws: `FarmingError.nothingToSend`, `.coldWallet`; `SettlementError` for what the ledger refuses, such as more than
    ///   the wallet has; `LedgerError`.
    package func send(_ amount: TokenAmount, to receiver: Address, id: OperationID) async throws -> OperationStatus {
        guard amount > .zero else { throw FarmingError.nothingToSend }
        guard let owner = keys.owner else { throw FarmingError.coldWallet }
        _ = try await backend.submit(.transfer(to: receiver, amount), by: owner, id: id)
        let status = try await backend.status(of: id)
        if case .failed(.refused(let error)) = status { throw error }
        parts.logger.notice("the farmer sends STORJ", metadata: ["amount": "\(amount)", "transfer": "\(id)"])
        return status
    }
}
