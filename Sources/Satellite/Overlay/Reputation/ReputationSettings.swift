/// How audits become a standing: every number of the rules.
///
/// - Source: protocol document 3 §5.4.
package struct ReputationSettings: Sendable, Hashable {
    /// The good side of the audit pair at the beginning: as if the node had passed that many audits.
    package var initialAlpha = 1000.0
    /// The bad side of the audit pair at the beginning.
    package var initialBeta = 0.0
    /// How much of the audit pair is left after one more audit, in `0...1`.
    package var lambda = 0.999
    /// What one audit adds to its side.
    package var weight = 1.0
    /// A node whose audit score is not above this is disqualified, in `0...1`.
    package var disqualifyingScore = 0.96

    /// The good side of the pair for unknown errors at the beginning.
    package var initialUnknownAlpha = 1.0
    /// The bad side of the pair for unknown errors at the beginning.
    package var initialUnknownBeta = 0.0
    /// How much of the pair for unknown errors is left after one more audit, in `0...1`.
    package var unknownLambda = 0.95
    /// What one audit adds to its side of the pair for unknown errors.
    package var unknownWeight = 1.0
    /// A node whose score for unknown errors is not above this is suspended, in `0...1`.
    package var suspendingScore = 0.6
    /// Whether a node that stays suspended for unknown errors is disqualified in the end.
    package var disqualifiesSuspended = false
    /// How long it may stay suspended in that case.
    package var suspensionGrace: Duration = .seconds(7 * 86400)

    /// Audits, with whatever outcome, that a node has behind it before it counts as proven.
    package var vettingAudits: Int64 = 100
    /// The age of a node before it counts as proven.
    package var vettingAge: Duration = .seconds(504 * 3600)

    /// The length of one window of the online history; whole seconds, at least 1.
    package var onlineWindowLength: Duration = .seconds(12 * 3600)
    /// How long windows are kept: a multiple of their length.
    package var onlineTrackingPeriod: Duration = .seconds(30 * 86400)
    /// A node whose online score is below this, over a full history, comes under review, in `0...1`.
    package var reviewingScore = 0.6
    /// What a review takes beyond one tracking period: time to mend things.
    package var reviewGrace: Duration = .seconds(7 * 86400)
    /// Whether a node that is still offline too often when its review ends is disqualified.
    package var disqualifiesOffline = false

    /// The defaults.
    package init() {}

    /// Windows in a full history, at least 1.
    var windowsKept: Int {
        max(1, Int(clamping: onlineTrackingPeriod.components.seconds / windowSeconds))
    }

    /// The length of a window in seconds, at least 1.
    var windowSeconds: Int64 { max(1, onlineWindowLength.components.seconds) }
}
