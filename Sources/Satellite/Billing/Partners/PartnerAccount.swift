package import Ledger

/// The account partners are paid from: its own on the ledger, so that months of partners and periods of farmers have
/// roots of their own.
package struct PartnerAccount: Sendable {
    package var backend: any SettlementBackend
    /// Puts roots on the ledger.
    package var signer: any SettlementSigner
    /// Fills the account.
    package var treasury: any SettlementSigner

    /// An account.
    package init(backend: any SettlementBackend, signer: any SettlementSigner, treasury: any SettlementSigner) {
        self.backend = backend
        self.signer = signer
        self.treasury = treasury
    }
}
