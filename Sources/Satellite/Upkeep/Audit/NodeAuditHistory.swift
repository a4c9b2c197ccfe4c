import StorageModel

/// How one node did in audits. Times are Unix seconds.
package struct NodeAuditHistory: Hashable, Sendable, Codable {
    /// Something other than a plain success.
    package struct Row: Hashable, Sendable, Codable {
        /// When it was written.
        package let at: Int64
        /// `stripe`, `disguised` or `reverification`.
        package let kind: String
        /// `success`, `failure`, `unknown`, `offline`, `no answer`, `asked again`, `counted before`, `forgiven` or `reported`.
        package let result: String
        /// The segment, `stream/part/index`.
        package let segment: String
        /// The piece of it.
        package let pieceNumber: Int
        /// Why; part of it may be the node's own words.
        package let detail: String
    }

    /// A whole piece that the node still has to show.
    package struct OwedPiece: Hashable, Sendable, Codable {
        /// Since when.
        package let since: Int64
        /// `timeout`, `error`, `contradiction` or `unproven`.
        package let reason: String
        /// The segment, `stream/part/index`.
        package let segment: String
        /// The piece of it.
        package let pieceNumber: Int
        /// How often the node left it unanswered.
        package let tries: Int

        init(_ pending: PendingReverification) {
            since = pending.insertedAt.seconds
            reason = pending.reason.description
            segment = pending.place.description
            pieceNumber = pending.pieceNumber
            tries = pending.tries
        }
    }

    /// Audits passed.
    package var successes = 0
    /// Pieces that were lost.
    package var failures = 0
    /// Errors that say nothing about the piece.
    package var unknowns = 0
    /// Audits that found the node offline.
    package var offlines = 0
    /// The last audit of any outcome; nil before the first.
    package var lastAudit: Int64?
    /// The last audit that was passed.
    package var lastSuccess: Int64?
    /// What the node owes, oldest first.
    package var owed: [OwedPiece] = []
    /// Newest first.
    package var rows: [Row] = []

    /// A node that was never audited.
    package init() {}
}
