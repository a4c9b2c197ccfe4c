package import Contracts
package import StorageModel

/// What a farmer asks of customers without a satellite, checked.
package struct FarmerOffer: Sendable, Hashable {
    /// The node.
    package var node: NodeURL
    /// Who is paid for it.
    package var binding: SignedWalletBinding
    /// What it asks.
    package var sheet: SignedPriceSheet
    /// Bytes it has room for.
    package var freeSpace: Int64
    /// Periods an agreement must have at least.
    package var leastPeriods: UInt64

    /// What 10¹² bytes over 720 hours, or sent once, cost in base units of STORJ.
    ///
    /// - Returns: nil for a price in dollars without a quote.
    package func price(of kind: ServiceKind, quote: Quote?) -> TokenAmount? {
        Pay(sheet.sheet.denomination, quote: quote)?.earned(
            kind, price: sheet.sheet.price(of: kind), bytes: Pay.bytesPerTB, seconds: Pay.secondsPerMonth)
    }
}

/// What a node that was asked for its offer came up with.
package struct OfferAnswer: Sendable {
    /// Whom we asked.
    package var node: NodeURL
    /// What it said, or why there is nothing.
    package var result: Result<FarmerOffer, any Error>
}
