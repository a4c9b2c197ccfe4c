package import StorageModel

/// The spellings of a date that S3 and its clients use.
package enum S3Date {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, as in `Last-Modified`; a fraction of a second is cut off.
    package static func http(_ moment: Timestamp) -> String {
        let date = CalendarDate(moment)
        return "\(weekdays[date.weekday]), \(padded(date.day)) \(months[date.month - 1]) \(padded(date.year, 4)) "
            + "\(padded(date.hour)):\(padded(date.minute)):\(padded(date.second)) GMT"
    }

    /// `2026-11-23T05:00:00.000Z`, as in S3's documents.
    package static func iso8601(_ moment: Timestamp) -> String {
        let date = CalendarDate(moment)
        return "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))T\(padded(date.hour)):"
            + "\(padded(date.minute)):\(padded(date.second)).\(padded(date.millisecond, 3))Z"
    }

    /// `20261123T050000Z`, as in `x-amz-date`.
    package static func compact(_ moment: Timestamp) -> String {
        let date = CalendarDate(moment)
        return "\(padded(date.year, 4))\(padded(date.month))\(padded(date.day))T\(padded(date.hour))"
            + "\(padded(date.minute))\(padded(date.second))Z"
    }

    /// The three forms of HTTP, and mail's with a numeric zone; nil for anything else.
    package static func parseHTTP(_ text: String) -> Timestamp? {
        let words = text.split(whereSeparator: { " ,".contains($0) }).map(String.init)
        let fields = words.first.map(isWeekday) == true ? Array(words.dropFirst()) : words
        if fields.count == 4, let month = month(fields[0]) {  // asctime: Nov  6 08:49:37 1994
            return moment(day: fields[1], month: month, year: fields[3], clock: fields[2], zone: "GMT")
        }
        if fields.count == 5, let month = month(fields[1]) {  // 06 Nov 1994 08:49:37 GMT
            return moment(day: fields[0], month: month, year: fields[2], clock: fields[3], zone: fields[4])
        }
        if fields.count == 3 {  // 06-Nov-94 08:49:37 GMT
            let parts = fields[0].split(separator: "-").map(String.init)
            guard parts.count == 3, let month = month(parts[1]) else { return nil }
            return moment(day: parts[0], month: month, year: parts[2], clock: fields[1], zone: fields[2])
        }
        return nil
    }

    /// `2026-11-23`, with or without a time, a fraction of a second and a zone; nil for anything else.
    package static func parseISO8601(_ text: String) -> Timestamp? {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        let day = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count <= 2, day.count == 3, day[0].count == 4, day[1].count == 2, day[2].count == 2,
            let year = number(day[0]), let month = number(day[1]), let dayOfMonth = number(day[2])
        else { return nil }
        var date = CalendarDate(year: year, month: month, day: dayOfMonth)
        guard halves.count == 2 else { return date.timestamp }
        let clock = halves[1].prefix { "0123456789:.".contains($0) }
        guard let offset = zoneSeconds(String(halves[1].dropFirst(clock.count))) else { return nil }
        let parts = clock.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, setClock(parts[0], of: &date) else { return nil }
        if parts.count == 2 {
            guard (1...9).contains(parts[1].count), number(parts[1]) != nil,
                let milliseconds = number((parts[1] + "00").prefix(3))
            else { return nil }
            date.millisecond = milliseconds
        }
        return date.timestamp?.advanced(by: .seconds(-offset))
    }

    /// `20261123T050000Z` exactly.
    package static func parseCompact(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func field(_ range: Range<Int>) -> Int? { number(Substring(decoding: bytes[range], as: UTF8.self)) }
        guard let year = field(0..<4), let month = field(4..<6), let day = field(6..<8), let hour = field(9..<11),
            let minute = field(11..<13), let second = field(13..<15)
        else { return nil }
        return CalendarDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second).timestamp
    }

    private static func moment(day: String, month: Int, year: String, clock: String, zone: String) -> Timestamp? {
        guard let day = number(day[...]), var fullYear = number(year[...]), [2, 4].contains(year.count),
            let offset = zoneSeconds(zone)
        else { return nil }
        if year.count == 2 { fullYear += fullYear < 70 ? 2000 : 1900 }
        var date = CalendarDate(year: fullYear, month: month, day: day)
        guard setClock(clock[...], of: &date) else { return nil }
        return date.timestamp?.advanced(by: .seconds(-offset))
    }

    /// `08:49:37` into the date's fields.
    private static func setClock(_ text: Substring, of date: inout CalendarDate) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.count == 2 }), let hour = number(parts[0]),
            let minute = number(parts[1]), let second = number(parts[2])
        else { return false }
        date.hour = hour
        date.minute = minute
        date.second = second
        return true
    }

    /// How far a zone is ahead of UTC.
    private static func zoneSeconds(_ zone: String) -> Int? {
        if ["Z", "GMT", "UTC", "UT"].contains(zone) { return 0 }
        let digits = zone.dropFirst().replacing(":", with: "")
        guard let sign = zone.first, "+-".contains(sign), digits.count == 4, let value = number(digits[...]),
            value / 100 < 24, value % 100 < 60
        else { return nil }
        return (value / 100 * 3600 + value % 100 * 60) * (sign == "-" ? -1 : 1)
    }

    private static func isWeekday(_ word: String) -> Bool { weekdays.contains { word.hasPrefix($0) } }

    private static func month(_ word: String) -> Int? { months.firstIndex(of: word).map { $0 + 1 } }

    /// A decimal number of at most nine digits, without a sign.
    private static func number(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
