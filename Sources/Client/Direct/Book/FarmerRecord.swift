package import Contracts
import Database
import Ethereum
package import StorageModel

/// A farmer as the customer knows it.
package struct FarmerRecord: Sendable, Hashable {
    /// How far the two have come.
    package enum State: Int, Sendable, Hashable {
        /// The channel's parameters are fixed; it may not be on the ledger yet.
        case opening = 0
        /// The node has taken the customer.
        case hired = 1
        /// The customer has begun to close.
        case closing = 2
        /// Over.
        case closed = 3
    }

    /// Where its node is.
    package var url: NodeURL
    /// Who is paid for it.
    package var binding: SignedWalletBinding
    /// What it asks.
    package var sheet: SignedPriceSheet
    /// How far the two have come.
    package var state: State
    /// From which its traffic is paid.
    package var channel: Channel
    /// What was locked in it, as far as the customer knows.
    package var deposit: TokenAmount
    /// All that vouchers promise: never signed lower.
    package var cumulative: TokenAmount
    /// The newest voucher.
    package var voucher: SignedVoucher?
    /// Bytes that order limits ever allowed to be fetched: it cannot be owed for more.
    package var limits: UInt64
    /// Why it took the customer no more; nil when it did.
    package var refusal: String?

    /// The node.
    package var node: NodeID { url.id }
}

extension FarmerRecord {
    static let columns = "node, url, binding, sheet, state, channel, deposit, cumulative, voucher, limits, refusal"

    init(_ row: SQLRow) throws {
        guard let state = State(rawValue: row.int(4)), let url = try? NodeURL(text: row.text(1)),
            let deposit = UInt64(exactly: row.integer(6)), let cumulative = UInt64(exactly: row.integer(7)),
            let limits = UInt64(exactly: row.integer(9))
        else { throw DirectError.damaged("a farmer") }
        self.init(
            url: url, binding: try SignedWalletBinding(encoded: row.blob(2)),
            sheet: try SignedPriceSheet(encoded: row.blob(3)), state: state, channel: try Channel(encoded: row.blob(5)),
            deposit: TokenAmount(deposit), cumulative: TokenAmount(cumulative),
            voucher: try row.optionalBlob(8).map { try SignedVoucher(encoded: $0) }, limits: limits,
            refusal: row.optionalText(10))
    }

    var values: [SQLValue] {
        [
            SQLValue(node), SQLValue(url.description), SQLValue(binding.encoded), SQLValue(sheet.encoded),
            SQLValue(state.rawValue), SQLValue(channel.encoded), SQLValue(Int64(clamping: deposit.units)),
            SQLValue(Int64(clamping: cumulative.units)), SQLValue(voucher?.encoded), SQLValue(Int64(clamping: limits)),
            SQLValue(refusal),
        ]
    }
}
