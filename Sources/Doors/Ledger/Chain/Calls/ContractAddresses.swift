package import Contracts
package import Ethereum

/// Where the token and our contracts are.
package struct ContractAddresses: Hashable, Sendable {
    package var token: Address
    package var channels: Address
    package var payouts: Address
    package var agreements: Address
    /// The verifier of BLAKE3 that agreements use.
    package var verifier: Address

    /// Addresses.
    package init(token: Address, channels: Address, payouts: Address, agreements: Address, verifier: Address) {
        self.token = token
        self.channels = channels
        self.payouts = payouts
        self.agreements = agreements
        self.verifier = verifier
    }

    /// Where signatures for these contracts count.
    package func domains(chainID: UInt64) -> SettlementDomains {
        SettlementDomains(chainID: chainID, channels: channels, agreements: agreements, payouts: payouts)
    }
}
