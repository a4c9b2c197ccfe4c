/// How durations and byte counts are written in settings.
package enum SettingText {
    private static let durations: [(unit: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    private static let sizes: [(unit: String, bytes: Int64)] = [
        ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30), ("TIB", 1 << 40), ("PIB", 1 << 50),
        ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("PB", 1_000_000_000_000_000), ("B", 1), ("", 1),
    ]

    /// Parses a whole number with a unit (`500ms`, `30s`, `10m`, `4h`, `7d`); nil for anything else.
    package static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = split(text),
            let scale = durations.first(where: { $0.unit == unit })?.milliseconds
        else { return nil }
        let product = number.multipliedReportingOverflow(by: scale)
        return product.overflow ? nil : .milliseconds(product.partialValue)
    }

    /// Parses a whole number of bytes with an optional decimal or binary unit; nil for anything else.
    package static func bytes(_ text: String) -> Int64? {
        guard let (number, unit) = split(text),
            let scale = sizes.first(where: { $0.unit == unit.uppercased() })?.bytes
        else { return nil }
        let product = number.multipliedReportingOverflow(by: scale)
        return product.overflow ? nil : product.partialValue
    }

    private static func split(_ text: String) -> (number: Int64, unit: String)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits) else { return nil }
        return (number, text.dropFirst(digits.count).filter { $0 != " " })
    }
}
