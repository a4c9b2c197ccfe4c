package import StorageModel

/// A moment in the calendar, UTC.
///
/// - Source: H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
package struct CivilTime: Sendable, Hashable {
    package let year: Int64
    /// In `1...12`.
    package let month: Int64
    /// In `1...31`.
    package let dayOfMonth: Int64
    /// Seconds since midnight.
    package let secondOfDay: Int64
    /// In `0...6`, Monday first.
    package let weekday: Int64

    /// A moment, cut to the second.
    package init(_ moment: Timestamp) {
        let rest = moment.seconds % 86_400
        secondOfDay = rest < 0 ? rest + 86_400 : rest
        let days = (moment.seconds - secondOfDay) / 86_400
        let weekday = (days + 3) % 7
        self.weekday = weekday < 0 ? weekday + 7 : weekday
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// A second since 1970.
    package init(second: Int64) {
        let (microseconds, overflow) = second.multipliedReportingOverflow(by: 1_000_000)
        self.init(Timestamp(microseconds: overflow ? (second < 0 ? .min : .max) : microseconds))
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// "23 Nov 2026".
    package var day: String { "\(dayOfMonth) \(Self.months[Int(month) - 1]) \(year)" }
    /// "23 Nov", for charts, whose years are known.
    package var shortDay: String { "\(dayOfMonth) \(Self.months[Int(month) - 1])" }
    /// "Nov 2026".
    package var monthName: String { "\(Self.months[Int(month) - 1]) \(year)" }
    /// "09:16".
    package var clock: String { "\(Self.two(secondOfDay / 3600)):\(Self.two(secondOfDay % 3600 / 60))" }
    /// "23 Nov 09:16", for charts of hours.
    package var shortHour: String { "\(shortDay) \(clock)" }
    /// "23 Nov 2026, 09:16 UTC".
    package var text: String { "\(day), \(clock) UTC" }
    /// "2026-11-23".
    package var isoDay: String {
        let year = String(self.year)
        let padded = String(repeating: "0", count: max(0, 4 - year.utf8.count)) + year
        return "\(padded)-\(Self.two(month))-\(Self.two(dayOfMonth))"
    }
    /// "2026-11-23T09:16:00Z".
    package var rfc3339: String { "\(isoDay)T\(clock):\(Self.two(secondOfDay % 60))Z" }

    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
