/// Amounts in the unit in which they are easiest to read.
package enum Scaled {
    private static let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]

    /// Bytes in decimal units, three digits: 1.23 TB.
    package static func bytes(_ count: Int64) -> String {
        var value = Double(count.magnitude)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
        return "\(count < 0 ? "-" : "")\(Numerals.trimmed(Numerals.fixed(value, digits: digits))) \(units[unit])"
    }

    /// Seconds in the two largest units: 3 d 4 h.
    package static func duration(_ seconds: Int64) -> String {
        let parts: [(Int64, String)] = [
            (seconds / 86_400, "d"), (seconds % 86_400 / 3600, "h"), (seconds % 3600 / 60, "min"), (seconds % 60, "s"),
        ]
        guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0 s" }
        return parts[first...].prefix(parts[first].0 >= 10 ? 1 : 2).filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            .joined(separator: " ")
    }
}
