/// Days in words for charts, in UTC.
enum DayLabel {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// "Nov 23".
    static func text(_ second: Int64) -> String {
        let (_, month, day) = date(second)
        return "\(months[month - 1]) \(day)"
    }

    /// "Nov 2026".
    static func month(_ second: Int64) -> String {
        let (year, month, _) = date(second)
        return "\(months[month - 1]) \(year)"
    }

    /// "2026-11-23".
    static func iso(_ second: Int64) -> String {
        let (year, month, day) = date(second)
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    /// Year, month and day of a second since 1970, by the proleptic Gregorian calendar.
    ///
    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    private static func date(_ second: Int64) -> (year: Int64, month: Int, day: Int) {
        let days = (second >= 0 ? second : second - 86399) / 86400 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, Int(dayOfYear - (153 * shifted + 2) / 5 + 1))
    }
}
