package import StorageModel

/// A moment split into the fields of the civil calendar in UTC, without a time zone database.
///
/// - Source: the days of the proleptic Gregorian calendar counted in eras of 400 years that begin in March.
package struct CalendarDate: Hashable, Sendable {
    package var year: Int
    /// In `1...12`.
    package var month: Int
    /// In `1...31`.
    package var day: Int
    package var hour = 0
    package var minute = 0
    package var second = 0
    package var millisecond = 0

    package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.millisecond = millisecond
    }

    /// Splits a moment; what is below a millisecond is cut off.
    package init(_ moment: Timestamp) {
        let days = Int(moment.seconds.floorDivided(by: 86400))
        let rest = Int(moment.seconds) - days * 86400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
        millisecond = Int(moment.nanoseconds) / 1_000_000
    }

    /// Days since 1970-01-01.
    var dayNumber: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// 0 for Sunday.
    var weekday: Int { ((dayNumber + 4) % 7 + 7) % 7 }

    /// The moment, when every field is one that the calendar has; a leap second counts as the next minute's first.
    package var timestamp: Timestamp? {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second), (0...999).contains(millisecond)
        else { return nil }
        let days = dayNumber
        let again = CalendarDate(Timestamp(microseconds: Int64(days) * 86_400_000_000))
        guard again.day == day, again.month == month else { return nil }
        let seconds = Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second)
        return Timestamp(seconds: seconds, nanoseconds: Int32(millisecond) * 1_000_000)
    }
}

extension Int64 {
    /// The quotient rounded towards minus infinity; the divisor is above zero.
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
