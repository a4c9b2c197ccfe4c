package import Contracts
package import StorageModel

/// A channel that pays the farmer, as the node last saw it on the ledger, with the newest voucher.
package struct KnownChannel: Hashable, Sendable {
    /// The channel.
    package let channel: Channel
    /// Who pays: a satellite, or a customer.
    package let payer: NodeID
    /// What the ledger kept of it when it was last seen.
    package var state: ChannelState
    /// When it was last seen there; nil for never.
    package var seenAt: Timestamp?
    /// The newest voucher; nil before the first.
    package var voucher: SignedVoucher?

    /// What is due by vouchers.
    package var vouchered: TokenAmount { voucher?.voucher.cumulative ?? .zero }
    /// What a claim would bring now.
    package var claimable: TokenAmount {
        state.isClosed ? .zero : min(vouchered, state.funded).subtracting(state.claimed) ?? .zero
    }
    /// What the deposit has for periods to come.
    package var rest: TokenAmount {
        state.isClosed || state.closesAt != nil ? .zero : state.funded.subtracting(max(vouchered, state.claimed)) ?? .zero
    }
}
