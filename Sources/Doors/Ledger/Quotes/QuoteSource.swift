package import Contracts

/// Somebody who knows what STORJ costs in dollars.
package protocol QuoteSource: Sendable {
    /// A short name that operators know it by and quotes carry.
    var name: String { get }

    /// The price at a moment, seconds since 1970; nil when this source does not know it: then nothing is guessed.
    ///
    /// - Throws: why it cannot be asked; asking again later may help.
    func quote(at seconds: UInt64) async throws -> Quote?
}

/// What goes wrong with a source of prices.
package enum QuoteError: Error, Hashable, CustomStringConvertible {
    /// It cannot be reached or does not answer in time.
    case unreachable(source: String, reason: String)
    /// It answers something that is no price.
    case malformed(source: String, reason: String)

    package var description: String {
        switch self {
        case .unreachable(let source, let reason): "prices from \(source): no answer: \(reason)"
        case .malformed(let source, let reason): "prices from \(source): \(reason)"
        }
    }
}

extension Quote {
    /// Reads a price in dollars: `0.2517`, digits below a millionth are cut off. Nil for anything implausible.
    static func parse(price text: some StringProtocol) -> UInt64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            parts.allSatisfy({ !$0.isEmpty }), let whole = UInt64(parts[0]), whole <= plausible.upperBound
        else { return nil }
        let decimals = parts.count == 2 ? String(parts[1].prefix(6)) : ""
        guard let fraction = UInt64(decimals + String(repeating: "0", count: 6 - decimals.utf8.count)) else { return nil }
        let price = whole * 1_000_000 + fraction
        return plausible.contains(price) ? price : nil
    }
}
