internal import Foundation
internal import StorageModel

extension Timestamp {
    /// The moment of a date, cut to microseconds and clamped to the years the wire knows.
    init(date: Date) {
        let microseconds = (date.timeIntervalSince1970 * 1_000_000).rounded(.down)
        self.init(microseconds: Int64(exactly: microseconds) ?? (microseconds < 0 ? .min : .max))
    }

    /// The moment as a date.
    var date: Date { Date(timeIntervalSince1970: Double(seconds) + Double(nanoseconds) / 1_000_000_000) }
}
