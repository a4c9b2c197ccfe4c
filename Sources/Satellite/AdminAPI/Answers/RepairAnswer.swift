package import Foundation

/// How repair stands.
package struct RepairAnswer: Codable, Hashable, Sendable {
    /// A segment that waits.
    package struct Waiting: Codable, Hashable, Sendable {
        /// `stream/part/index`.
        package let segment: String
        /// Days it is expected to live without repair.
        package let survivalDays: Double
        package let healthy: Int
        package let retrievable: Int
        package let required: Int
        package let insertedAt: Date?
        package let attemptedAt: Date?
        package let attempts: Int
        /// What went wrong in the last attempt.
        package let problem: String?

        package init(
            segment: String, survivalDays: Double, healthy: Int, retrievable: Int, required: Int, insertedAt: Date?,
            attemptedAt: Date?, attempts: Int, problem: String?
        ) {
            self.segment = segment
            // JSON has no infinity; a segment that cannot be lost is expected to outlive everybody.
            self.survivalDays = survivalDays.isFinite ? survivalDays : 1e12
            self.healthy = healthy
            self.retrievable = retrievable
            self.required = required
            self.insertedAt = insertedAt
            self.attemptedAt = attemptedAt
            self.attempts = attempts
            self.problem = problem
        }
    }

    /// A segment under repair.
    package struct Running: Codable, Hashable, Sendable {
        package let segment: String
        package let start: Date
        /// `starting`, `downloading` or `uploading`.
        package let step: String

        package init(segment: String, start: Date, step: String) {
            self.segment = segment
            self.start = start
            self.step = step
        }
    }

    /// An attempt that did not end well.
    package struct Problem: Codable, Hashable, Sendable {
        package let segment: String
        package let time: Date
        package let text: String

        package init(segment: String, time: Date, text: String) {
            self.segment = segment
            self.time = time
            self.text = text
        }
    }

    /// Counts since the satellite started.
    package struct Totals: Codable, Hashable, Sendable {
        package var repairedSegments = 0
        package var partlyRepairedSegments = 0
        /// Segments that turned out to need nothing, or to be gone.
        package var spuriousSegments = 0
        package var failedAttempts = 0
        package var addedPieces = 0
        package var removedPieces = 0
        /// Pieces that nodes did not have, or not as they were uploaded.
        package var badPieces = 0
        package var receivedBytes: Int64 = 0
        package var sentBytes: Int64 = 0

        package init() {}
    }

    /// Segments that wait; those that may be tried now; those that cannot be restored at present.
    package var queueLength = 0
    package var dueCount = 0
    package var irreparableCount = 0
    package var running: [Running] = []
    package var totals = Totals()
    package var segmentsPerSecond = 0.0
    package var bytesPerSecond = 0.0
    /// In the order of their turn, not all of them.
    package var next: [Waiting] = []
    package var irreparable: [Waiting] = []
    /// Newest first.
    package var problems: [Problem] = []

    package init() {}
}
