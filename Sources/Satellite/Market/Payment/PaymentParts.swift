package import Ledger

/// What a satellite pays with. Without it farmers prove what they hold, and nobody pays them.
package struct PaymentParts: Sendable {
    /// The ledger.
    package let backend: any SettlementBackend
    /// The wallet: locks money, fills pools, anchors roots.
    package let payer: any SettlementSigner
    /// Signs vouchers, statements and the manifest.
    package let signer: any SettlementSigner
    /// What STORJ costs.
    package let quotes: any QuoteSource
    /// Where published files lie.
    package let folder: String
    /// `host:port` of the satellite, for the manifest.
    package let address: String

    /// The parts.
    package init(
        backend: any SettlementBackend, payer: any SettlementSigner, signer: any SettlementSigner,
        quotes: any QuoteSource, folder: String, address: String
    ) {
        self.backend = backend
        self.payer = payer
        self.signer = signer
        self.quotes = quotes
        self.folder = folder
        self.address = address
    }
}
