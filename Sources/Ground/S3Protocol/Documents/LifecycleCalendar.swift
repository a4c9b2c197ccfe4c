package import StorageModel

/// How lifecycle rules count days: whole days, then on to the next midnight of UTC.
package struct LifecycleCalendar: Sendable {
    /// A day's length; shorter ones are for trying rules out, and know no midnight.
    package let day: Duration
    private static let realDay = Duration.seconds(86_400)

    package init(day: Duration = .seconds(86_400)) {
        self.day = day
    }

    /// The moment at which something is due that many days after another.
    package func moment(days: Int64, after start: Timestamp) -> Timestamp {
        let moment = start.advanced(by: day * Int(clamping: min(days, 1_000_000)))
        guard day == Self.realDay else { return moment }
        let rest = moment.seconds % 86_400
        guard rest > 0 || moment.nanoseconds > 0 else { return moment }
        return Timestamp(seconds: moment.seconds - rest + 86_400, nanoseconds: 0) ?? moment
    }
}
