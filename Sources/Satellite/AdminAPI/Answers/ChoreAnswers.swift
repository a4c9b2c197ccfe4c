package import Chores
package import Foundation

/// The recurring work.
package struct ChoresAnswer: Codable, Hashable, Sendable {
    package let chores: [ChoreAnswer]
}

/// One chore.
package struct ChoreAnswer: Codable, Hashable, Sendable {
    package let name: String
    /// The pause between two runs.
    package let intervalSeconds: Double
    /// Whether only a trigger makes it run.
    package let isPaused: Bool
    /// Whether it was made to run only when it is triggered: then being paused is as it should be.
    package let isOnDemand: Bool
    package let isRunning: Bool
    /// Runs finished since the satellite started, failed ones included.
    package let runCount: Int
    package let failureCount: Int
    package let lastStart: Date?
    package let lastEnd: Date?
    /// What went wrong in the newest finished run.
    package let lastError: String?

    package init(_ status: CycleStatus, isOnDemand: Bool) {
        self.isOnDemand = isOnDemand
        name = status.name
        intervalSeconds = status.interval / .seconds(1)
        isPaused = status.isPaused
        isRunning = status.isRunning
        runCount = status.runCount
        failureCount = status.failureCount
        lastStart = status.lastStart?.date
        lastEnd = status.lastEnd?.date
        lastError = status.lastError
    }
}
