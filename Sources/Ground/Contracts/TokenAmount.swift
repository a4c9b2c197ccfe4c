import StorageModel

/// An amount of STORJ in base units: a hundred-millionth of a token each. Never negative, never rounded.
///
/// - Source: the token's eight decimals; its supply of about 425 million fits in 56 bits.
package struct TokenAmount: Hashable, Sendable, Comparable {
    /// Base units of one token.
    package static let unitsPerToken: UInt64 = 100_000_000
    /// Nothing.
    package static let zero = TokenAmount(0)

    /// Base units.
    package let units: UInt64

    /// An amount of base units.
    package init(_ units: UInt64) { self.units = units }

    /// Reads `12`, `0.5` or `0.00000001`; at most eight decimals, nothing around.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Self.digits(parts[0]) else { return nil }
        var fraction: UInt64 = 0
        if parts.count == 2 {
            guard parts[1].utf8.count <= 8, let value = Self.digits(parts[1] + String(repeating: "0", count: 8 - parts[1].utf8.count)),
                !parts[1].isEmpty
            else { return nil }
            fraction = value
        }
        let (scaled, first) = whole.multipliedReportingOverflow(by: Self.unitsPerToken)
        let (sum, second) = scaled.addingReportingOverflow(fraction)
        guard !first, !second else { return nil }
        units = sum
    }

    private static func digits(_ text: some StringProtocol) -> UInt64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? UInt64(text) : nil
    }

    /// The sum; nil when no such amount exists.
    package func adding(_ other: TokenAmount) -> TokenAmount? {
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        return overflow ? nil : TokenAmount(sum)
    }

    /// The difference; nil when it would be negative.
    package func subtracting(_ other: TokenAmount) -> TokenAmount? {
        units < other.units ? nil : TokenAmount(units - other.units)
    }

    /// So many times the amount; nil when no such amount exists.
    package func multiplied(by count: UInt64) -> TokenAmount? {
        let (product, overflow) = units.multipliedReportingOverflow(by: count)
        return overflow ? nil : TokenAmount(product)
    }

    package static func < (left: TokenAmount, right: TokenAmount) -> Bool { left.units < right.units }
}

extension TokenAmount: CustomStringConvertible {
    /// Tokens with the decimals that are needed: `12`, `0.5`.
    package var description: String {
        let fraction = units % Self.unitsPerToken
        guard fraction > 0 else { return String(units / Self.unitsPerToken) }
        let digits = String(fraction)
        var decimals = String(repeating: "0", count: 8 - digits.count) + digits
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(units / Self.unitsPerToken).\(decimals)"
    }
}
