package import Accounts
package import Contracts
import Database
import Ethereum
import StorageModel

/// A transfer to a customer's deposit address, and what became of it.
///
/// - Source: economy design §3.1, §8.
package struct Deposit: Hashable, Sendable {
    /// Where it stands.
    package enum State: String, Sendable, Hashable {
        /// Found, and not deep enough.
        case seen
        /// Deep enough; nobody knows what STORJ cost then.
        case unpriced = "confirmed-unpriced"
        case credited
        /// Credited to a frozen account.
        case frozen
        /// Its block vanished before it counted.
        case orphaned
        /// Its block vanished afterwards; a counter-entry took the credit back.
        case reversed
        /// Of a token that is not taken.
        case ignored
    }

    /// Unique at the satellite.
    package let id: Int64
    package let transfer: DepositTransfer
    package let user: UserID
    package let state: State
    /// The n-th transfer of its transaction to our addresses.
    let ordinal: Int64
    /// How often a credit for the same transfer was taken back before.
    let generation: Int64
    /// The price it was credited at, millionths of a dollar for a token.
    package let microUSD: UInt64?
    let quote: Bytes32?
    package let credit: USDAmount?
    package let bonus: USDAmount?
    /// A sentence for people; empty when there is nothing to say.
    package let note: String

    static let columns = """
        id, chain, height, block, tx, log_index, token, sender, receiver, amount, time, user_id, state, ordinal, \
        generation, micro_usd, quote, credit, bonus, note
        """

    init(_ row: SQLRow) throws {
        guard let block = Bytes32(row.blob(3)), let transaction = Bytes32(row.blob(4)), let from = Address(row.blob(7)),
            let to = Address(row.blob(8)), let state = State(rawValue: row.text(12))
        else { throw DatabaseError(.corrupt, "a deposit is not what was written") }
        id = row.integer(0)
        transfer = DepositTransfer(
            chainID: UInt64(clamping: row.integer(1)), height: UInt64(clamping: row.integer(2)), blockHash: block,
            transaction: transaction, index: UInt64(clamping: row.integer(5)),
            token: row.optionalBlob(6).flatMap { Address($0) }, from: from, to: to,
            amount: TokenAmount(UInt64(clamping: row.integer(9))), time: UInt64(clamping: row.integer(10)))
        user = try row.id(11, as: UserID.self)
        self.state = state
        ordinal = row.integer(13)
        generation = row.integer(14)
        microUSD = row.optionalInteger(15).map { UInt64(clamping: $0) }
        quote = row.optionalBlob(16).flatMap { Bytes32($0) }
        credit = row.optionalInteger(17).map(USDAmount.init(micro:))
        bonus = row.optionalInteger(18).map(USDAmount.init(micro:))
        note = row.text(19)
    }

    /// What the journal knows the credit by: the same for the same transfer wherever it is included.
    ///
    /// - Parameter generation: how many credits for it were taken back before.
    func journalID(generation: Int64) -> String {
        "deposit/\(transfer.chainID)/\(Hexadecimal.encode(transfer.transaction.bytes))/\(ordinal)/\(generation)"
    }
}
