import ClientCommands
import Foundation

/// Figures in words.
enum Wording {
    /// `1 node`, `2 nodes`.
    static func count(_ count: Int, _ noun: String) -> String { "\(number(count)) \(noun)\(count == 1 ? "" : "s")" }

    /// A number with narrow groups of three digits: `1 234 567`.
    static func number(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += " " }
            text.append(digit)
        }
        return number < 0 ? "-\(text)" : text
    }

    /// A length of time in its two largest units: `2 d 3 h`, `45 s`, `0.4 s`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e15 else { return "-" }
        if seconds < 10 { return "\((seconds * 10).rounded() / 10) s" }
        let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        var rest = Int(seconds)
        var parts: [String] = []
        for (size, name) in units where rest >= size && parts.count < 2 {
            parts.append("\(rest / size) \(name)")
            rest %= size
        }
        return parts.joined(separator: " ")
    }

    /// How long ago something was; a dash for never.
    static func ago(_ date: Date?, now: Date) -> String {
        guard let date else { return "-" }
        let seconds = now.timeIntervalSince(date)
        return seconds < 1 ? "just now" : "\(duration(seconds)) ago"
    }

    /// A share as per cent; nines are kept apart: `99.999 %`.
    static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "-" }
        let percent = share * 100
        if percent == 0 || percent == 100 { return "\(Int(percent)) %" }
        for digits in 0...9 {
            let scale = pow(10, Double(digits))
            let rounded = (percent * scale).rounded() / scale
            // Rounding must not make certain what is not, and keep two digits of what is missing.
            let (missing, shown) = (min(percent, 100 - percent), min(rounded, 100 - rounded))
            if shown > 0, abs(shown - missing) <= missing * 0.05 { return "\(String(format: "%.\(digits)f", rounded)) %" }
        }
        return percent > 50 ? "> 99.999999999 %" : "< 0.000000001 %"
    }
}
