package import StorageModel

extension Timestamp {
    /// The Unix seconds at which this moment's UTC day starts.
    package var startOfDaySeconds: Int64 {
        let rest = seconds % 86400
        return seconds - (rest < 0 ? rest + 86400 : rest)
    }

    /// The Unix seconds at which this moment's UTC month starts.
    ///
    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    package var startOfMonthSeconds: Int64 {
        let day = startOfDaySeconds / 86400
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5
        return (day - dayOfMonth) * 86400
    }
}
