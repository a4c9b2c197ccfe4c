package import Foundation

/// How audits stand.
package struct AuditsAnswer: Codable, Hashable, Sendable {
    /// What a pass over all segments chose to audit.
    package struct Choice: Codable, Hashable, Sendable {
        package let passStart: Date
        package let nodeCount: Int
        package let segmentCount: Int

        package init(passStart: Date, nodeCount: Int, segmentCount: Int) {
            self.passStart = passStart
            self.nodeCount = nodeCount
            self.segmentCount = segmentCount
        }
    }

    /// One audit of a segment.
    package struct Audit: Codable, Hashable, Sendable {
        package let time: Date
        /// `stream/part/index`.
        package let segment: String
        package let conclusion: String
        /// Whether it looked like anybody's download.
        package let isDisguised: Bool
        /// Nodes by outcome.
        package let outcomes: [String: Int]

        package init(
            time: Date, segment: String, conclusion: String, isDisguised: Bool, outcomes: [String: Int]
        ) {
            self.time = time
            self.segment = segment
            self.conclusion = conclusion
            self.isDisguised = isDisguised
            self.outcomes = outcomes
        }
    }

    /// Segments that wait to be audited.
    package var queueLength = 0
    /// Whole pieces that nodes owe.
    package var reverificationCount = 0
    package var containedNodeCount = 0
    package var lastChoice: Choice?
    /// Nodes audited since the satellite started, by outcome.
    package var outcomes: [String: Int] = [:]
    /// Segments audited since the satellite started, by conclusion.
    package var conclusions: [String: Int] = [:]
    package var reverifications = 0
    /// Newest first.
    package var recent: [Audit] = []
    /// Until when pieces missing after a restore of the satellite count against nobody.
    package var forgivesUntil: Date?

    package init() {}
}

/// Forgives nodes that miss pieces of segments from before a moment.
package struct ForgiveRequest: Codable, Sendable {
    package let before: Date

    package init(before: Date) { self.before = before }
}
