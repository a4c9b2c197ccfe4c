package import StorageModel

/// How well nodes did in recent uploads: successes over attempts in a sliding row of generations.
///
/// - Source: protocol document 3 §5.6, the "percent" kind.
package struct SuccessTracker: Sendable {
    /// Generations kept.
    package static let generationCount = 8

    private struct History: Sendable {
        var successes = [UInt32](repeating: 0, count: generationCount)
        var attempts = [UInt32](repeating: 0, count: generationCount)
    }

    private var histories: [NodeID: History] = [:]
    private var current = 0

    /// Nothing known of any node.
    package init() {}

    /// Counts one upload of a piece to the node.
    package mutating func record(_ node: NodeID, success: Bool) {
        var history = histories[node] ?? History()
        history.attempts[current] &+= 1
        if success { history.successes[current] &+= 1 }
        histories[node] = history
    }

    /// Successes over attempts, in `0...1`; nil for a node without attempts, which the choice prefers.
    package func score(_ node: NodeID) -> Double? {
        guard let history = histories[node] else { return nil }
        let attempts = history.attempts.reduce(into: 0 as UInt64) { $0 += UInt64($1) }
        let successes = history.successes.reduce(into: 0 as UInt64) { $0 += UInt64($1) }
        return attempts == 0 ? nil : Double(successes) / Double(attempts)
    }

    /// Starts a new generation and forgets the oldest, and nodes nothing is known of any more.
    package mutating func advanceGeneration() {
        current = (current + 1) % Self.generationCount
        for (node, var history) in histories {
            history.attempts[current] = 0
            history.successes[current] = 0
            histories[node] = history.attempts.allSatisfy { $0 == 0 } ? nil : history
        }
    }
}
