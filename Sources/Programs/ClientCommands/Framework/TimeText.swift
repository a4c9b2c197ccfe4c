import ArgumentParser
package import Foundation

/// Times as people read and write them.
package enum TimeText {
    /// `2026-11-22 19:20:01` in a time zone.
    package static func display(_ date: Date, in timeZone: TimeZone) -> String {
        date.formatted(
            Date.VerbatimFormatStyle(
                format: """
                    \(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits) \
                    \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)
                    """,
                locale: Locale(identifier: "en_US_POSIX"), timeZone: timeZone, calendar: calendar(timeZone)))
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-22T19:20:01.000Z`.
    package static func rfc3339(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// Reads a moment: `none`, `now`, relative to now (`+2h`, `-30m`, `1d12h`), a day (`2026-12-01`) or a time of a day
    /// (`2026-12-01T08:00`, in the local zone unless it ends in `Z` or an offset such as `+01:00`).
    ///
    /// - Returns: nil for `none`.
    /// - Throws: `ValidationError` that names the forms.
    package static func parse(_ text: String, now: Date, timeZone: TimeZone) throws -> Date? {
        if text == "none" { return nil }
        if text == "now" { return now }
        if let seconds = relativeSeconds(text) { return now.addingTimeInterval(seconds) }
        if let date = absolute(text, timeZone: timeZone) { return date }
        throw ValidationError(
            "\"\(text.printable)\" is not a time; write +2h, -30m, now, none, 2026-12-01 or 2026-12-01T08:00:00Z")
    }

    // MARK: Relative

    private static let secondsPerUnit: [String: Double] = [
        "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800,
    ]
    /// A thousand years: more is a mistake, and dates beyond it do not print.
    private static let maximumRelativeSeconds = 1000 * 366 * 86_400.0

    /// Reads `[+-]` and one or more numbers with units; nil for anything else.
    static func relativeSeconds(_ text: String) -> Double? {
        let isNegative = text.hasPrefix("-")
        var rest = text.hasPrefix("+") || isNegative ? text.dropFirst() : text[...]
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let number = Double(digits), let seconds = secondsPerUnit[String(unit)] else { return nil }
            total += number * seconds
        }
        guard total <= maximumRelativeSeconds else { return nil }
        return isNegative ? -total : total
    }

    // MARK: Absolute

    private static func absolute(_ text: String, timeZone: TimeZone) -> Date? {
        let expression =
            #/(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|z|[+-]\d{2}:?\d{2})?)?/#
        guard let match = text.wholeMatch(of: expression) else { return nil }
        func number(_ digits: Substring?) -> Int { digits.flatMap { Int($0) } ?? 0 }
        var zone = timeZone
        if let offset = match.8 {
            guard let offsetZone = timeZoneOf(offset) else { return nil }
            zone = offsetZone
        }
        let calendar = calendar(zone)
        let components = DateComponents(
            calendar: calendar, timeZone: zone, year: number(match.1), month: number(match.2), day: number(match.3),
            hour: number(match.4), minute: number(match.5), second: number(match.6))
        // Days such as February 30 would otherwise silently become another day.
        guard components.isValidDate(in: calendar), let date = calendar.date(from: components) else { return nil }
        return date.addingTimeInterval(match.7.flatMap { Double("0\($0)") } ?? 0)
    }

    private static func timeZoneOf(_ offset: Substring) -> TimeZone? {
        if offset == "Z" || offset == "z" { return .gmt }
        let digits = offset.dropFirst().filter { $0 != ":" }
        guard let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)), hours < 24, minutes < 60 else {
            return nil
        }
        let seconds = hours * 3600 + minutes * 60
        return TimeZone(secondsFromGMT: offset.hasPrefix("-") ? -seconds : seconds)
    }

    private static func calendar(_ timeZone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        return calendar
    }
}
