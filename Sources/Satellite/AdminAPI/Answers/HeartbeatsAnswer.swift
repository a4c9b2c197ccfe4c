package import Foundation

/// How the heartbeats stand.
package struct HeartbeatsAnswer: Codable, Hashable, Sendable {
    /// A period and what came of it.
    package struct Period: Codable, Hashable, Sendable {
        package let number: UInt64
        /// `preparing`, `committing`, `challenging` or `published`.
        package let state: String
        package let start: Date
        package let end: Date
        package let sampleCount: Int
        /// Root of the published report, hexadecimal.
        package let reportRoot: String?
        package let counts: Counts

        package init(
            number: UInt64, state: String, start: Date, end: Date, sampleCount: Int, reportRoot: String?, counts: Counts
        ) {
            self.number = number
            self.state = state
            self.start = start
            self.end = end
            self.sampleCount = sampleCount
            self.reportRoot = reportRoot
            self.counts = counts
        }
    }

    /// Nodes by verdict.
    package struct Counts: Codable, Hashable, Sendable {
        package let passed: Int
        package let failed: Int
        package let unreachable: Int
        package let pending: Int
        package let void: Int

        package init(passed: Int, failed: Int, unreachable: Int, pending: Int, void: Int) {
            self.passed = passed
            self.failed = failed
            self.unreachable = unreachable
            self.pending = pending
            self.void = void
        }
    }

    /// One node in one period.
    package struct Node: Codable, Hashable, Sendable {
        package let period: UInt64
        package let node: String
        /// Whether it is asked; stripe audits cover the others.
        package let isCovered: Bool
        package let hasSigned: Bool
        package let verdict: String
        package let provablePieces: UInt64
        package let provableBytes: UInt64
        package let unprovableBytes: UInt64
        /// How often it was asked in vain, and why the last time.
        package let attempts: Int
        package let lastError: String?

        package init(
            period: UInt64, node: String, isCovered: Bool, hasSigned: Bool, verdict: String, provablePieces: UInt64,
            provableBytes: UInt64, unprovableBytes: UInt64, attempts: Int, lastError: String?
        ) {
            self.period = period
            self.node = node
            self.isCovered = isCovered
            self.hasSigned = hasSigned
            self.verdict = verdict
            self.provablePieces = provablePieces
            self.provableBytes = provableBytes
            self.unprovableBytes = unprovableBytes
            self.attempts = attempts
            self.lastError = lastError
        }
    }

    /// The newest period; nil before the first.
    package var period: Period?
    /// Nodes of the newest period by verdict so far.
    package var counts = Counts(passed: 0, failed: 0, unreachable: 0, pending: 0, void: 0)
    package var signedCount = 0
    package var coveredCount = 0
    package var uncoveredCount = 0
    package var provableBytes: UInt64 = 0
    package var unprovableBytes: UInt64 = 0
    package var nodes: [Node] = []
    /// Newest first.
    package var earlier: [Period] = []

    package init() {}
}
