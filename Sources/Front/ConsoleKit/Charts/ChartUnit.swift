/// What the numbers of a chart count.
package enum ChartUnit: Sendable {
    case bytes, microdollars, count
    /// Shares of a whole, in `0...1`.
    case percent
    /// Anything else, with its sign behind the number.
    case other(String)

    /// Whether there is nothing between 1 and 2.
    var isWhole: Bool {
        if case .count = self { true } else { false }
    }

    /// A value as the chart's texts have it.
    func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let whole = Int64(clamping: value)
        switch self {
        case .bytes: return Scaled.bytes(whole)
        case .microdollars: return Figure.money(microdollars: whole).text
        case .count: return Numerals.trimmed(Numerals.fixed(value, digits: value.magnitude < 10 ? 2 : 0))
        case .percent: return Numerals.percent(value)
        case .other(let sign):
            return "\(Numerals.trimmed(Numerals.fixed(value, digits: value.magnitude < 10 ? 3 : 1))) \(sign)"
        }
    }
}

extension Int64 {
    fileprivate init(clamping value: Double) {
        self = value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : Int64(value.rounded())
    }
}

/// One row of numbers with its name.
package struct ChartSeries: Sendable {
    package let name: String
    package let values: [Double]

    /// - Parameter values: one for each label of the chart; what is not finite leaves a gap.
    package init(_ name: String, _ values: [Double]) {
        self.name = name
        self.values = values
    }
}
