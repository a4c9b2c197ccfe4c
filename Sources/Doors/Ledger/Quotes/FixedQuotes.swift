package import Contracts

/// One price for every moment: for tests, for networks without a market, and for satellites that sell at a fixed rate.
package struct FixedQuotes: QuoteSource {
    package let name: String
    private let microUSD: UInt64

    /// A price in millionths of a dollar for one token.
    package init(microUSD: UInt64, name: String = "fixed") {
        self.microUSD = microUSD
        self.name = name
    }

    package func quote(at seconds: UInt64) async throws -> Quote? {
        guard Quote.plausible.contains(microUSD) else { return nil }
        return Quote(microUSD: microUSD, time: seconds, source: Quote.label(name))
    }
}
