/// Good and bad outcomes, the older the lighter: the two parameters of a beta distribution.
///
/// - Source: protocol document 3 §5.4.
package struct ReputationPair: Sendable, Hashable {
    /// The weight of good outcomes, at least 0.
    package private(set) var alpha: Double
    /// The weight of bad outcomes, at least 0.
    package private(set) var beta: Double

    /// A pair; what is not a number of at least 0 becomes 0.
    package init(alpha: Double, beta: Double) {
        self.alpha = alpha.isFinite ? max(0, alpha) : 0
        self.beta = beta.isFinite ? max(0, beta) : 0
    }

    /// The share of good outcomes, in `0...1`; 1 when there are none at all.
    package var score: Double {
        let sum = alpha + beta
        return sum > 0 ? alpha / sum : 1
    }

    /// Counts one outcome.
    ///
    /// - Parameters:
    ///   - lambda: how much of what was before is kept, in `0...1`.
    ///   - weight: what the outcome adds to its side.
    package mutating func count(isGood: Bool, lambda: Double, weight: Double) {
        alpha = alpha * lambda + (isGood ? weight : 0)
        beta = beta * lambda + (isGood ? 0 : weight)
    }
}
