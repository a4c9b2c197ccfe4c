/// How fast bytes move, over the last seconds.
package struct RateMeter: Sendable {
    private struct Sample {
        let time: Duration
        let bytes: Int64
    }

    /// Over how long the rate is measured: short enough to follow changes, long enough not to jump with each segment.
    private static let window: Duration = .seconds(8)

    private var samples: [Sample] = []

    /// A meter that has seen nothing.
    package init() {}

    /// Takes note of a total.
    ///
    /// - Parameters:
    ///   - bytes: moved since the beginning; never falls.
    ///   - time: since the beginning.
    package mutating func record(bytes: Int64, at time: Duration) {
        samples.append(Sample(time: time, bytes: bytes))
        // One sample older than the window stays, so that the window is always covered.
        if let kept = samples.lastIndex(where: { time - $0.time >= Self.window }) { samples.removeSubrange(..<kept) }
    }

    /// Bytes a second; nil before there are two moments to compare.
    package var rate: Double? {
        guard let first = samples.first, let last = samples.last, last.time > first.time else { return nil }
        return Double(last.bytes - first.bytes) / ((last.time - first.time) / .seconds(1))
    }

    /// How long the rest takes at this rate; nil when that is not known or longer than a hundred hours.
    package func remaining(_ bytes: Int64) -> Duration? {
        guard let rate, rate > 0 else { return nil }
        let seconds = Double(max(0, bytes)) / rate
        return seconds < 360_000 ? .seconds(seconds) : nil
    }
}
