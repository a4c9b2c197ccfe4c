import ConsoleKit
import StorageModel
import StorageNode

/// The hours of the last two days in which the node ran and could be reached: silence is seen here.
enum UptimeChart {
    private static let hours: Int64 = 48

    static func markup(_ snapshot: NodeSnapshot) -> Markup {
        let now = HistorySpan.hour.start(of: snapshot.takenAt)
        let known = Dictionary(snapshot.hours.map { ($0.start, $0) }) { first, _ in first }
        let starts = (0..<hours).map { now - (hours - 1 - $0) * 3600 }
        return BarChart(
            title: "Uptime by the hour", description: "Minutes of every hour in which the node ran, and was reached by every satellite.",
            labels: starts.map { HourLabel.text($0) },
            series: [
                ChartSeries("Reached", starts.map { Double(known[$0]?.reached ?? 0) / 60 }),
                ChartSeries("Running, not reached", starts.map { Double((known[$0]?.seconds ?? 0) - (known[$0]?.reached ?? 0)) / 60 }),
            ], unit: .other("min")
        ).markup
    }
}

/// Days and hours in words for charts, in UTC.
enum HourLabel {
    /// "Nov 23 09:00".
    static func text(_ second: Int64) -> String {
        let hour = (second % 86400 + 86400) % 86400 / 3600
        return "\(DayLabel.text(second)) \(hour < 10 ? "0" : "")\(hour):00"
    }
}
