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
            labels: starts.map { CivilTime(second: $0).shortHour },
            series: [
                ChartSeries("Reached", starts.map { Double(known[$0]?.reached ?? 0) / 60 }),
                ChartSeries("Running, not reached", starts.map { Double((known[$0]?.seconds ?? 0) - (known[$0]?.reached ?? 0)) / 60 }),
            ], unit: .other("min")
        ).markup
    }
}
