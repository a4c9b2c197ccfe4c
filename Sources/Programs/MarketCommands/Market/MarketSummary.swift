import Contracts

/// A market as numbers: what farmers ask, how much they have, and what a customer's terabyte comes to. Whole
/// micro-dollars only; what is asked of customers is rounded up.
package struct MarketSummary: Hashable, Sendable {
    /// One farmer's offer, in micro-dollars.
    package struct Bid: Hashable, Sendable {
        /// For 10¹² bytes over 720 hours.
        package var storage: UInt64
        /// For 10¹² bytes sent to customers.
        package var egress: UInt64
        /// Bytes it can take; zero for one that takes no uploads.
        package var free: UInt64
        /// Bytes it has.
        package var held: UInt64

        /// An offer.
        package init(storage: UInt64, egress: UInt64, free: UInt64, held: UInt64) {
            self.storage = storage
            self.egress = egress
            self.free = free
            self.held = held
        }
    }

    /// How prices are spread.
    package struct Distribution: Hashable, Sendable, Encodable {
        package var lowest: UInt64
        package var tenth: UInt64
        package var median: UInt64
        package var ninetieth: UInt64
        package var highest: UInt64

        /// Of prices in any order; nil of none.
        init?(_ prices: [UInt64]) {
            let sorted = prices.sorted()
            guard let first = sorted.first, let last = sorted.last else { return nil }
            lowest = first
            tenth = sorted[(sorted.count - 1) / 10]
            median = sorted[(sorted.count - 1) / 2]
            ninetieth = sorted[(sorted.count - 1) * 9 / 10]
            highest = last
        }
    }

    /// By price of storage.
    package let bids: [Bid]
    /// Offers in STORJ that nobody can compare, because there is no price of a token.
    package let withoutPrice: Int
    package let storage: Distribution
    package let egress: Distribution
    /// Pieces stored and needed for a segment.
    package let totalShares: UInt32
    package let requiredShares: UInt32
    /// The satellite's share of what customers pay, in thousandths of a percent.
    package let margin: UInt32

    /// A market; nil when nobody offers anything that can be compared, or its shares make no sense.
    package init?(_ bids: [Bid], withoutPrice: Int, totalShares: UInt32, requiredShares: UInt32, margin: UInt32) {
        guard let storage = Distribution(bids.map(\.storage)), let egress = Distribution(bids.map(\.egress)),
            requiredShares > 0, totalShares >= requiredShares, margin < 100_000
        else { return nil }
        self.bids = bids.sorted { $0.storage < $1.storage }
        self.withoutPrice = withoutPrice
        self.storage = storage
        self.egress = egress
        self.totalShares = totalShares
        self.requiredShares = requiredShares
        self.margin = margin
    }

    /// What a terabyte costs, and who gets what.
    package struct Cost: Hashable, Sendable, Encodable {
        /// What one farmer asks.
        package var bid: UInt64
        /// What all farmers together get: the bid times the expansion.
        package var farmers: UInt64
        /// What the satellite keeps.
        package var satellite: UInt64
        /// What a customer pays.
        package var customer: UInt64
    }

    /// One terabyte kept for a month: every byte is kept `totalShares ÷ requiredShares` times.
    package var storageCost: Cost { cost(storage.median, expanded: true) }
    /// One terabyte downloaded: as many bytes leave the farmers as arrive at the customer.
    package var egressCost: Cost { cost(egress.median, expanded: false) }

    private func cost(_ bid: UInt64, expanded: Bool) -> Cost {
        let farmers = expanded ? Self.quotient(bid, UInt64(totalShares), by: UInt64(requiredShares)) : bid
        let customer = Self.quotient(farmers, 100_000, by: UInt64(100_000 - margin))
        return Cost(bid: bid, farmers: farmers, satellite: customer - farmers, customer: customer)
    }

    /// Rounded up; the largest there is instead of more.
    static func quotient(_ value: UInt64, _ factor: UInt64, by divisor: UInt64) -> UInt64 {
        let product = UInt128(value) * UInt128(factor)
        return UInt64(clamping: (product + UInt128(divisor) - 1) / UInt128(divisor))
    }

    /// Bytes that can be stored, and those that are, as farmers count them.
    package var free: UInt64 { bids.reduce(0) { $0 &+ $1.free } }
    package var held: UInt64 { bids.reduce(0) { $0 &+ $1.held } }

    /// Free bytes as customers count them.
    package var freeForCustomers: UInt64 {
        UInt64(clamping: UInt128(free) * UInt128(requiredShares) / UInt128(totalShares))
    }
}
