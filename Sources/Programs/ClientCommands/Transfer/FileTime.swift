package import Foundation

/// When a file's content was last changed, to the nanosecond.
package struct FileTime: Hashable, Sendable {
    /// The key of an object's custom metadata that keeps it; rclone's.
    package static let metadataKey = "rclone:mtime"

    /// Seconds since 1970.
    package let seconds: Int64
    /// Nanoseconds within the second, in 0..<1 000 000 000.
    package let nanoseconds: Int32

    /// A moment.
    package init(seconds: Int64, nanoseconds: Int32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// A moment that a server reports.
    package init(_ date: Date) {
        // Years beyond these are a peer's nonsense and must not trap.
        let interval = min(max(date.timeIntervalSince1970, -1e15), 1e15)
        let whole = interval.rounded(.down)
        self.init(seconds: Int64(whole), nanoseconds: Int32((interval - whole) * 999_999_999))
    }

    /// Reads RFC 3339 as rclone writes it, for instance `2026-11-22T20:15:00.123456789+01:00`; nil for anything else.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = rest.takeNumber(digits: 4), rest.take("-"), let month = rest.takeNumber(digits: 2), rest.take("-"),
            let day = rest.takeNumber(digits: 2), rest.take("T"), let hour = rest.takeNumber(digits: 2), rest.take(":"),
            let minute = rest.takeNumber(digits: 2), rest.take(":"), let second = rest.takeNumber(digits: 2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61,
            let nanoseconds = rest.takeFraction(), let offset = rest.takeOffset(), rest.isEmpty
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        self.init(seconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset), nanoseconds: nanoseconds)
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar.
    ///
    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Whether two times are the same as far as file systems with microseconds can tell.
    package func isSame(as other: FileTime) -> Bool {
        let (seconds, overflow) = seconds.subtractingReportingOverflow(other.seconds)
        guard !overflow, abs(Double(seconds)) <= 1 else { return false }
        return abs(seconds * 1_000_000_000 + Int64(nanoseconds - other.nanoseconds)) < 1000
    }
}

extension FileTime: Comparable {
    package static func < (left: FileTime, right: FileTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard first == UInt8(ascii: character) else { return false }
        removeFirst()
        return true
    }

    fileprivate mutating func takeDigit() -> Int? {
        guard let byte = first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        removeFirst()
        return Int(byte - UInt8(ascii: "0"))
    }

    fileprivate mutating func takeNumber(digits: Int) -> Int? {
        var number = 0
        for _ in 0..<digits {
            guard let digit = takeDigit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// Nanoseconds; 0 when there is no fraction, nil for a point without digits or more than nine of them.
    fileprivate mutating func takeFraction() -> Int32? {
        guard take(".") else { return 0 }
        var nanoseconds: Int32 = 0
        var digits = 0
        while let digit = takeDigit() {
            guard digits < 9 else { return nil }
            nanoseconds = nanoseconds * 10 + Int32(digit)
            digits += 1
        }
        guard digits > 0 else { return nil }
        for _ in digits..<9 { nanoseconds *= 10 }
        return nanoseconds
    }

    /// Seconds east of Greenwich.
    fileprivate mutating func takeOffset() -> Int? {
        if take("Z") { return 0 }
        let isNegative = first == UInt8(ascii: "-")
        guard take("+") || take("-"), let hours = takeNumber(digits: 2), take(":"), let minutes = takeNumber(digits: 2),
            hours < 24, minutes < 60
        else { return nil }
        return (isNegative ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}
