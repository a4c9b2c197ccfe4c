/// Numbers as digits, the same for every visitor: 1,234.5.
enum Numerals {
    /// A whole number with commas between thousands.
    static func grouped(_ value: Int64) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.utf8.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-\(text)" : text
    }

    /// An integer of 10^-scale with so many digits after the point, rounded to even halves away from zero.
    static func decimal(_ value: Int64, scale: Int, digits: Int) -> String {
        let dropped = power(max(0, scale - digits))
        var magnitude = value.magnitude
        let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: dropped)
        magnitude = whole + (rest * 2 >= dropped && dropped > 1 ? 1 : 0)
        let unit = power(digits)
        let text = grouped(Int64(clamping: magnitude / unit))
        let sign = value < 0 && magnitude > 0 ? "-" : ""
        guard digits > 0 else { return sign + text }
        let fraction = String(magnitude % unit)
        return "\(sign)\(text).\(String(repeating: "0", count: digits - fraction.utf8.count))\(fraction)"
    }

    /// Without zeros at the end of a fraction.
    static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// A floating-point number with so many digits after the point.
    static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "–" }
        return decimal(Int64((value * Double(power(digits))).rounded()), scale: digits, digits: digits)
    }

    /// A share of a whole: 99.95 %. What is not whole is never rounded to 100 or to 0.
    static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "–" }
        let percent = share * 100
        let digits = percent == percent.rounded() ? 0 : percent > 99.9 || percent < 1 ? 3 : percent > 99 || percent < 10 ? 2 : 1
        let unit = Double(power(digits))
        let rounded = percent > 50 ? (percent * unit).rounded(.down) / unit : (percent * unit).rounded(.up) / unit
        return "\(trimmed(fixed(rounded, digits: digits))) %"
    }

    private static func power(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { product, _ in product * 10 } }
}
