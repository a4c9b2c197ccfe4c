package import StorageModel

/// How the loop goes about its work.
package struct RangedLoopSettings: Sendable {
    /// The pause between two passes.
    package var interval: Duration = .seconds(2 * 3600)
    /// The least pause between two passes that begin early because nodes reported lost pieces.
    package var earlyInterval: Duration = .seconds(600)
    /// Ranges looked at side by side, at least 1.
    package var parallelism = 2
    /// Segments shown to an observer at once, at least 1.
    package var batchSize = 2500

    /// The defaults.
    package init() {}
}

/// How far the loop is.
package struct RangedLoopProgress: Sendable {
    /// Whether a pass is under way.
    package var isRunning = false
    /// When the current or last pass began.
    package var start: Timestamp?
    /// Segments seen in it.
    package var segmentCount = 0
    /// The last complete pass.
    package var last: RangedLoopReport?
}

/// How a pass went.
package struct RangedLoopReport: Sendable {
    /// When it began.
    package let start: Timestamp
    /// When it ended.
    package let end: Timestamp
    /// Segments seen.
    package let segmentCount: Int
    /// Observers that failed, and why.
    package let failures: [String: String]
}
