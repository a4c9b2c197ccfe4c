package import StorageModel

/// What operators see of a `Cycle`.
package struct CycleStatus: Sendable, Hashable {
    /// The chore's name, unique in a program, for instance `storage-tally`.
    package let name: String
    /// The pause between two runs.
    package let interval: Duration
    /// Whether only a trigger makes it run.
    package let isPaused: Bool
    /// Whether it is working now.
    package let isRunning: Bool
    /// Runs finished since the start, failed ones included.
    package let runCount: Int
    /// Runs that failed since the start.
    package let failureCount: Int
    /// When the newest run began; nil before the first.
    package let lastStart: Timestamp?
    /// When the newest finished run ended; nil before the first.
    package let lastEnd: Timestamp?
    /// What went wrong in the newest finished run; nil when it succeeded.
    package let lastError: String?
}
