import Installation

/// Numbers of bytes as people read and write them.
package enum SizeText {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// A number of bytes in binary units, three digits at most before the point: `0 B`, `1.5 KiB`, `64 MiB`, `1023 GiB`.
    package static func human(_ bytes: Int64) -> String {
        let magnitude = bytes.magnitude
        let sign = bytes < 0 ? "-" : ""
        var unit = 0
        while unit < units.count - 1, magnitude >> (10 * UInt64(unit + 1)) > 0 { unit += 1 }
        guard unit > 0 else { return "\(sign)\(magnitude) B" }
        let shift = 10 * UInt64(unit)
        let whole = magnitude >> shift
        let fraction = Double(magnitude & (1 << shift - 1)) / Double(UInt64(1) << shift)
        // Rounded to a tenth below 100, to a whole number above, where a tenth says nothing.
        let tenths = whole < 100 ? Int((fraction * 10).rounded()) : 0
        let rounded = whole < 100 ? whole + (tenths == 10 ? 1 : 0) : whole + (fraction >= 0.5 ? 1 : 0)
        if rounded == 1024, unit < units.count - 1 { return "\(sign)1 \(units[unit + 1])" }
        return tenths % 10 == 0 ? "\(sign)\(rounded) \(units[unit])" : "\(sign)\(rounded).\(tenths) \(units[unit])"
    }

    /// A whole number with an optional unit, decimal (`10GB`) or binary (`64MiB`); nil for anything else.
    package static func parse(_ text: String) -> Int64? { SettingText.bytes(text) }
}
