/// An amount of US dollars in millionths, above or below zero. Never rounded unless a function's name says so.
package struct USDAmount: Hashable, Sendable, Comparable {
    /// Millionths of a dollar.
    package static let microPerDollar: Int64 = 1_000_000
    /// Nothing.
    package static let zero = USDAmount(micro: 0)

    /// Millionths of a dollar.
    package let micro: Int64

    /// An amount of millionths of a dollar.
    package init(micro: Int64) { self.micro = micro }

    /// Reads `12`, `-1.50` or `0.000001`; at most six decimals, nothing around.
    package init?(_ text: String) {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Self.digits(parts[0]) else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.count <= 6,
                let value = Self.digits(parts[1] + String(repeating: "0", count: 6 - parts[1].utf8.count))
            else { return nil }
            fraction = value
        }
        let (scaled, first) = whole.multipliedReportingOverflow(by: Self.microPerDollar)
        let (sum, second) = scaled.addingReportingOverflow(fraction)
        guard !first, !second else { return nil }
        micro = isNegative ? -sum : sum
    }

    private static func digits(_ text: some StringProtocol) -> Int64? {
        let isDecimal = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isDecimal ? Int64(text) : nil
    }

    /// The sum; nil when no such amount exists.
    package func adding(_ other: USDAmount) -> USDAmount? {
        let (sum, overflow) = micro.addingReportingOverflow(other.micro)
        return overflow ? nil : USDAmount(micro: sum)
    }

    /// The difference; nil when no such amount exists.
    package func subtracting(_ other: USDAmount) -> USDAmount? {
        let (difference, overflow) = micro.subtractingReportingOverflow(other.micro)
        return overflow ? nil : USDAmount(micro: difference)
    }

    /// The same amount the other way; nil for the one that has no opposite.
    package var negated: USDAmount? { USDAmount.zero.subtracting(self) }

    /// So many hundredths of it, rounded towards zero; nil when no such amount exists.
    package func percent(_ count: UInt32) -> USDAmount? {
        let (high, low) = micro.magnitude.multipliedFullWidth(by: UInt64(count))
        guard high < 100, let value = Int64(exactly: UInt64(100).dividingFullWidth((high, low)).quotient) else { return nil }
        return USDAmount(micro: micro < 0 ? -value : value)
    }

    package static func < (left: USDAmount, right: USDAmount) -> Bool { left.micro < right.micro }
}

extension USDAmount: CustomStringConvertible {
    /// Dollars with at least two decimals: `12.00`, `-0.50`, `0.000001`.
    package var description: String {
        let magnitude = micro.magnitude
        let digits = String(magnitude % 1_000_000)
        var decimals = String(repeating: "0", count: 6 - digits.count) + digits
        while decimals.utf8.count > 2, decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(micro < 0 ? "-" : "")\(magnitude / 1_000_000).\(decimals)"
    }
}
