package import StorageModel

/// A calendar month in UTC: what invoices and partners' statements are about.
package struct BillingMonth: Hashable, Sendable, Comparable {
    /// Months since year 0: twelve times the year, plus the month from 0.
    package let number: UInt32

    /// The month with a number; nil before 1970 and after 9998.
    package init?(number: UInt32) {
        guard (1970 * 12..<9999 * 12).contains(number) else { return nil }
        self.number = number
    }

    /// The month a moment lies in; moments before 1970 lie in its first one.
    ///
    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    package init(_ time: Timestamp) {
        let shifted = max(0, time.seconds) / 86400 + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 2 : shiftedMonth - 10
        let year = era * 400 + yearOfEra + (month < 2 ? 1 : 0)
        number = UInt32(clamping: min(year * 12 + month, 9999 * 12 - 1))
    }

    /// Reads `2026-11`.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2, let year = UInt32(parts[0]),
            let month = UInt32(parts[1]), (1...12).contains(month)
        else { return nil }
        self.init(number: year * 12 + month - 1)
    }

    /// Four digits.
    package var year: Int { Int(number / 12) }
    /// 1 to 12.
    package var month: Int { Int(number % 12) + 1 }
    /// The seconds since 1970 at which it begins.
    package var start: Int64 {
        // Years that begin in March have their leap day at the end.
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let shiftedMonth = Int64(month <= 2 ? month + 9 : month - 3)
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + (153 * shiftedMonth + 2) / 5
        return (days - 719_468) * 86400
    }
    /// The seconds since 1970 at which the next one begins.
    package var end: Int64 { next.start }
    /// The month after.
    package var next: BillingMonth { BillingMonth(number: number + 1) ?? self }
    /// The month before.
    package var previous: BillingMonth { BillingMonth(number: number - 1) ?? self }

    package static func < (left: BillingMonth, right: BillingMonth) -> Bool { left.number < right.number }
}

extension BillingMonth: CustomStringConvertible {
    /// `2026-11`.
    package var description: String { "\(year)-\(month < 10 ? "0" : "")\(month)" }
}
