/// How nodes are audited.
package struct AuditSettings: Sendable {
    /// The pause between two looks at an empty queue.
    package var interval: Duration = .seconds(600)
    /// The pause between two looks at what is to be checked again.
    package var reverificationInterval: Duration = .seconds(600)
    /// Segments chosen for every node in a pass over all segments, at least 1.
    package var segmentsPerNode = 3
    /// Segments audited at the same time, at least 1.
    package var concurrency = 2
    /// Pieces checked again at the same time, at least 1.
    package var reverificationConcurrency = 2
    /// Segments or pieces looked at in one run, at least 1: a pause takes effect after it.
    package var batchSize = 100
    /// The share of audits that look like anybody's download, in `0...1`.
    package var disguisedShare = 0.2
    /// Pieces of one segment that may be missing at once before the satellite doubts itself.
    package var maximumFailures = 6
    /// The pause before a node is asked again for a piece it owes.
    package var retryInterval: Duration = .seconds(6 * 3600)
    /// How often a node may leave the same piece unanswered.
    package var maximumTries = 3
    /// Bytes a second that audits download at most; nil sets no limit.
    package var bytesPerSecond: Int64?
    /// Rows kept for every node.
    package var historyLength = 100
    /// A satellite that was silent for longer is taken for one restored from a backup.
    package var restoreGap: Duration = .seconds(24 * 3600)
    /// How long the loss of a piece is remembered, so that its copies do not count again.
    package var lossMemory: Duration = .seconds(30 * 86_400)
    /// How long after its start the satellite asks nodes that have not been in touch: it may have been away itself.
    package var settlingTime: Duration = .seconds(4 * 3600)
    /// How long after a restore missing pieces of older segments count against nobody.
    package var restoreGrace: Duration = .seconds(30 * 86_400)

    /// The defaults.
    package init() {}
}
