package import Contracts
package import Ethereum

/// Which ledger it is.
package struct SettlementDescription: Sendable, Hashable {
    /// What keeps the books.
    package enum Kind: String, Sendable, Hashable {
        /// Our own log, kept by an operator.
        case embedded
        /// Contracts on a chain.
        case ethereum
    }

    /// What keeps the books.
    package var kind: Kind
    /// Where signatures count.
    package var domains: SettlementDomains
    /// The chain; zero for our own ledger.
    package var chainID: UInt64
    /// The token's contract; nil for our own ledger.
    package var token: Address?
    /// Blocks on top of an event's after which it counts; zero on our own ledger.
    package var confirmations: UInt64
    /// Who keeps our own ledger; nil on a chain.
    package var operatorAddress: Address?

    /// A ledger.
    package init(
        kind: Kind, domains: SettlementDomains, chainID: UInt64, token: Address? = nil, confirmations: UInt64,
        operatorAddress: Address? = nil
    ) {
        self.kind = kind
        self.domains = domains
        self.chainID = chainID
        self.token = token
        self.confirmations = confirmations
        self.operatorAddress = operatorAddress
    }
}
