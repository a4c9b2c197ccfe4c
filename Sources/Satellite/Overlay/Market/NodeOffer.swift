import Foundation

/// What the market knows of a node, as far as choosing it depends on that.
package struct NodeOffer: Sendable, Hashable {
    /// Micro-dollars for 10¹² bytes kept over a month with their usual traffic; nil when it cannot be told in dollars
    /// now.
    package var price: UInt64?
    /// How reliably the node proved what it holds, in `0...1`.
    package var standing: Double

    /// An offer.
    package init(price: UInt64?, standing: Double = 1) {
        self.price = price
        self.standing = standing
    }
}

/// How price, reliability and space become a node's share of new pieces.
///
///     weight = (reference ÷ price)^priceExponent × standing^standingExponent × min(1, free ÷ ample)^spaceExponent
///
/// A node's chance to be drawn is its weight's share of all weights, times the square of its record in recent uploads.
/// Only proportions count. Half the price gives twice the pieces with the default exponent.
package struct MarketWeights: Sendable, Hashable {
    /// How strongly the price counts; zero: not at all.
    package var priceExponent = 1.0
    /// How strongly failed proofs count.
    package var standingExponent = 2.0
    /// How strongly the lack of space counts.
    package var spaceExponent = 0.5
    /// Bytes from which on more free space brings no more pieces.
    package var ampleSpace: Int64 = 1_000_000_000_000
    /// What nodes without an offer ask, and what the others are compared with; micro-dollars.
    package var referencePrice: UInt64 = 1_500_000
    /// How far a price below or above the reference moves the weight at most, as a factor.
    package var largestFactor = 16.0
    /// Nodes that ask more get no new pieces; micro-dollars, nil for no cap. A placement's own cap counts in its place.
    package var priceCap: UInt64?

    /// The defaults.
    package init() {}

    /// A node's weight; always above zero.
    ///
    /// - Parameter freeDisk: bytes.
    package func weight(_ offer: NodeOffer?, freeDisk: Int64) -> Double {
        let price = max(1, Double(offer?.price ?? referencePrice))
        let ratio = min(max(Double(max(1, referencePrice)) / price, 1 / largestFactor), largestFactor)
        let standing = min(max(offer?.standing ?? 1, 0.01), 1)
        let space = min(max(Double(freeDisk) / Double(max(1, ampleSpace)), 0.001), 1)
        return pow(ratio, priceExponent) * pow(standing, standingExponent) * pow(space, spaceExponent)
    }

    /// Whether a node's price is within a cap. A price nobody can tell is not.
    ///
    /// - Parameter cap: the placement's; nil for the general one.
    package func isAffordable(_ offer: NodeOffer?, cap: UInt64?) -> Bool {
        guard let cap = cap ?? priceCap else { return true }
        guard let offer else { return referencePrice <= cap }
        return offer.price.map { $0 <= cap } ?? false
    }
}
