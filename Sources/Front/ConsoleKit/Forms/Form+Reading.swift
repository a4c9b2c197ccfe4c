extension Form {
    /// A line of text, without space around it, of so many characters; "" when refused.
    package mutating func text(_ name: String, _ label: String, _ length: ClosedRange<Int>) -> String {
        let value = Self.trimmed(self[name] ?? "")
        let isLine = value.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        return accept(value, isLine, name, label, length)
    }

    /// Text of several lines; "" when refused.
    package mutating func lines(_ name: String, _ label: String, _ length: ClosedRange<Int>) -> String {
        let value = Self.trimmed(self[name] ?? "").split(separator: "\r\n", omittingEmptySubsequences: false)
            .joined(separator: "\n")
        return accept(value, true, name, label, length)
    }

    /// A secret, exactly as it was typed; "" when refused.
    package mutating func secret(_ name: String, _ label: String, _ length: ClosedRange<Int>) -> String {
        accept(self[name] ?? "", true, name, label, length)
    }

    /// A whole number; the range's first when refused.
    package mutating func integer(_ name: String, _ label: String, _ range: ClosedRange<Int>) -> Int {
        guard let value = Int(Self.trimmed(self[name] ?? "")), range.contains(value) else {
            refuse(name, "\(label) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
            return range.lowerBound
        }
        return value
    }

    /// A number with a decimal point, in units of 10^-scale; the range's first when refused.
    ///
    /// "1.5" with scale 6 is 1 500 000. No floating-point number is ever made of it.
    package mutating func decimal(
        _ name: String, _ label: String, scale: Int, _ range: ClosedRange<Int64> = 0...Int64.max
    ) -> Int64 {
        guard let value = Self.decimal(Self.trimmed(self[name] ?? ""), scale: scale), range.contains(value) else {
            refuse(name, "\(label) must be a number like 1.5, with at most \(scale) digits after the point, in range.")
            return range.lowerBound
        }
        return value
    }

    /// One of several values; the first of them when refused.
    package mutating func choice(_ name: String, _ label: String, _ values: [String]) -> String {
        guard let value = self[name], values.contains(value) else {
            refuse(name, "\(label): choose one of those offered.")
            return values.first ?? ""
        }
        return value
    }

    /// Whether a box is ticked.
    package func flag(_ name: String) -> Bool { self[name] != nil }

    private mutating func accept(
        _ value: String, _ isClean: Bool, _ name: String, _ label: String, _ length: ClosedRange<Int>
    ) -> String {
        let count = value.unicodeScalars.count
        guard !value.isEmpty || length.contains(0) else {
            refuse(name, "\(label) is missing.")
            return ""
        }
        guard length.contains(count), isClean else {
            refuse(
                name,
                !isClean
                    ? "\(label) contains characters that cannot be shown."
                    : count < length.lowerBound
                        ? "\(label) must have at least \(length.lowerBound) characters."
                        : "\(label) must have at most \(length.upperBound) characters.")
            return ""
        }
        return value
    }

    static func trimmed(_ text: String) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// A decimal number as an integer of 10^-scale; nil for anything else, or when it does not fit.
    package static func decimal(_ text: String, scale: Int) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let whole = parts.first, !whole.isEmpty, parts.count == 1 || !parts[1].isEmpty
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.utf8.count <= scale else { return nil }
        return Int64(whole + fraction + String(repeating: "0", count: scale - fraction.utf8.count))
    }
}
