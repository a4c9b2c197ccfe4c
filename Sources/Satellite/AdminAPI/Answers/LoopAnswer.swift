package import Foundation
package import Upkeep

/// The pass over all segments: how far it is, and how the last one went.
package struct LoopAnswer: Codable, Hashable, Sendable {
    /// A pass that came to its end.
    package struct Pass: Codable, Hashable, Sendable {
        package let start: Date
        package let end: Date
        package let segmentCount: Int
        /// Observers that failed, and why.
        package let failures: [String: String]

        /// How long it took.
        package var seconds: Double { max(0, end.timeIntervalSince(start)) }

        init(_ report: RangedLoopReport) {
            start = report.start.date
            end = report.end.date
            segmentCount = report.segmentCount
            failures = report.failures
        }
    }

    package let isRunning: Bool
    /// When the pass under way began, or the newest one.
    package let start: Date?
    /// Segments seen in it so far.
    package let segmentCount: Int
    /// The last complete pass.
    package let last: Pass?

    package init(_ progress: RangedLoopProgress) {
        isRunning = progress.isRunning
        start = progress.start?.date
        segmentCount = progress.segmentCount
        last = progress.last.map(Pass.init)
    }

    /// How much of the pass under way is done, going by the size of the last one: `0...1`; nil when that is not known.
    package var share: Double? {
        guard isRunning, let last, last.segmentCount > 0 else { return nil }
        return min(1, Double(segmentCount) / Double(last.segmentCount))
    }
}
