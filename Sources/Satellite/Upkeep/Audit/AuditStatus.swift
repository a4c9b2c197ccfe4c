import StorageModel

/// What operators see of audits. Times are Unix seconds.
package struct AuditStatus: Hashable, Sendable, Codable {
    /// Segments that wait to be audited.
    package internal(set) var queueLength = 0
    /// Pieces that nodes owe.
    package internal(set) var reverificationCount = 0
    /// Nodes that are not audited until they show a piece.
    package internal(set) var containedNodeCount = 0
    /// The last choice of segments; nil before the first.
    package internal(set) var lastChoice: AuditChoiceSummary?
    /// Audits and reverifications of nodes since the start, by outcome.
    package internal(set) var outcomes: [String: Int] = [:]
    /// Segments audited since the start, by conclusion.
    package internal(set) var conclusions: [String: Int] = [:]
    /// Pieces that were downloaded whole since the start.
    package internal(set) var reverifications = 0
    /// The newest audits, newest first.
    package internal(set) var recent: [AuditSummary] = []
    /// Until when missing pieces of segments from before a restore count against nobody; nil when nothing is forgiven.
    package internal(set) var forgivesUntil: Int64?
}

/// What a pass over all segments chose.
package struct AuditChoiceSummary: Hashable, Sendable, Codable {
    /// When the pass began.
    package let passStart: Int64
    /// Nodes that have segments.
    package let nodeCount: Int
    /// Segments chosen, each once.
    package let segmentCount: Int
}

/// What one audit of a segment came to.
package struct AuditSummary: Hashable, Sendable, Codable {
    /// When it was written down.
    package let at: Int64
    /// The segment, `stream/part/index`.
    package let segment: String
    /// `judged`, `too few shares`, `alone`, `contradictory`, `malfunction`, `gone`, `changed` or `failed`.
    package let conclusion: String
    /// Whether it looked like anybody's download.
    package let isDisguised: Bool
    /// Nodes by outcome.
    package let outcomes: [String: Int]
}

/// Counts since the start of the process.
struct AuditCounters: Sendable {
    /// Summaries kept.
    static let recentCount = 50

    private(set) var outcomes: [String: Int] = [:]
    private(set) var conclusions: [String: Int] = [:]
    private(set) var reverifications = 0
    private(set) var recent: [AuditSummary] = []

    /// Counts an audit of a segment.
    mutating func count(_ record: AuditRecord, conclusion: String) {
        let outcomes = count(record)
        conclusions[conclusion, default: 0] += 1
        let summary = AuditSummary(
            at: record.at.seconds, segment: record.place.description, conclusion: conclusion,
            isDisguised: record.kind == .disguised, outcomes: outcomes)
        recent.insert(summary, at: 0)
        if recent.count > Self.recentCount { recent.removeLast() }
    }

    /// Counts a reverification.
    mutating func countReverification(_ record: AuditRecord) {
        count(record)
        reverifications += 1
    }

    @discardableResult
    private mutating func count(_ record: AuditRecord) -> [String: Int] {
        var counts: [String: Int] = [:]
        for (_, outcome) in record.outcomes { counts[outcome.word, default: 0] += 1 }
        outcomes.merge(counts, uniquingKeysWith: +)
        return counts
    }
}
