package import StorageModel

/// What audits have shown of one node.
///
/// | Outcome | audit pair | unknown pair | online history |
/// |---|---|---|---|
/// | success | good | good | online |
/// | failure | bad | – | online |
/// | unknown | – | bad | online |
/// | offline | – | – | offline |
/// - Source: protocol document 3 §5.4.
package struct Reputation: Sendable, Hashable {
    /// Whether the node holds what it was given.
    package private(set) var audit: ReputationPair
    /// Whether the node answers sensibly.
    package private(set) var unknown: ReputationPair
    /// Whether the node can be reached.
    package private(set) var history: OnlineHistory
    /// Audits with any outcome.
    package private(set) var totalAudits: Int64
    /// Audits passed.
    package private(set) var successes: Int64

    /// The standing of a node that was never audited.
    package init(_ settings: ReputationSettings = ReputationSettings()) {
        self.init(
            audit: ReputationPair(alpha: settings.initialAlpha, beta: settings.initialBeta),
            unknown: ReputationPair(alpha: settings.initialUnknownAlpha, beta: settings.initialUnknownBeta),
            history: OnlineHistory(), totalAudits: 0, successes: 0)
    }

    /// A standing as it was stored.
    init(
        audit: ReputationPair, unknown: ReputationPair, history: OnlineHistory, totalAudits: Int64, successes: Int64
    ) {
        self.audit = audit
        self.unknown = unknown
        self.history = history
        self.totalAudits = totalAudits
        self.successes = successes
    }

    /// Counts one audit.
    package mutating func apply(_ outcome: AuditOutcome, at now: Timestamp, settings: ReputationSettings) {
        switch outcome {
        case .success:
            audit.count(isGood: true, lambda: settings.lambda, weight: settings.weight)
            unknown.count(isGood: true, lambda: settings.unknownLambda, weight: settings.unknownWeight)
            successes &+= 1
        case .failure:
            audit.count(isGood: false, lambda: settings.lambda, weight: settings.weight)
        case .unknown:
            unknown.count(isGood: false, lambda: settings.unknownLambda, weight: settings.unknownWeight)
        case .offline: break
        }
        history.record(isOnline: outcome != .offline, at: now, settings: settings)
        totalAudits &+= 1
    }
}
