package import PieceTransfer
package import StorageModel

/// When segments are repaired, and how much that may cost.
///
/// - Source: protocol document 3 §6.5.
package struct RepairSettings: Sendable {
    /// The pause after the queue was found empty; zero repairs only when told.
    package var interval: Duration = .seconds(60)
    /// Segments repaired at the same time, at least 1.
    package var concurrency = 4
    /// Bytes that all repairs together may hold in memory: a segment of 64 MiB takes twice its size while it is decoded.
    /// One segment is always repaired, however large.
    package var memory = 512 << 20
    /// Bytes that all repairs together move in a second, both ways; nil for no limit.
    package var bytesPerSecond: Int64?
    /// How long a segment that could not be repaired waits for the next attempt.
    package var retryInterval: Duration = .seconds(6 * 3600)
    /// How long one segment may take in all.
    package var jobTime: Duration = .seconds(45 * 60)
    /// How long storing new pieces may take: what is stored by then counts.
    package var pushTime: Duration = .seconds(300)
    /// How long nothing may arrive before one more piece is asked for than needed.
    package var patience: Duration = .seconds(10)
    /// What is offered to new nodes, as a multiple of the optimal count, at least 1: the slowest are cancelled.
    package var excess = 1.05
    /// Chances that a node is lost on a day.
    package var dailyFailureRate = 0.00005435
    /// Whether what nodes do in repairs counts like an audit.
    package var countsAsAudit = false
    /// Repair thresholds in the place of the schemes', by required count k.
    package var repairThresholds: [Int: Int] = [:]
    /// Optimal counts in the place of the schemes', by required count k.
    package var optimalThresholds: [Int: Int] = [:]
    /// Repair thresholds by placement; they go before those by k.
    package var placementRepairThresholds: [Int32: Int] = [:]
    /// Segments remembered as unhealthy in one pass: the worst ones. Some 100 bytes each.
    package var queueCapacity = 1_000_000
    /// How long nodes may take for their pieces.
    package var fetch = PieceFetchSettings()

    /// The defaults.
    package init() {}

    /// Parses repair thresholds by required count, `29-65,4-7`; nil when it is not that. Nothing is no thresholds.
    package static func thresholds(text: String) -> [Int: Int]? {
        var thresholds: [Int: Int] = [:]
        if text.isEmpty { return thresholds }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let k = numbers[0], let m = numbers[1], 1 <= k, k <= m, m <= 256,
                thresholds.updateValue(m, forKey: k) == nil
            else { return nil }
        }
        return thresholds
    }

    /// The thresholds for segments of a scheme.
    package func threshold(_ scheme: RedundancyScheme, placement: Int32) -> RepairThreshold {
        RepairThreshold(
            scheme,
            repair: placementRepairThresholds[placement] ?? repairThresholds[scheme.requiredShares]
                ?? scheme.repairShares,
            optimal: optimalThresholds[scheme.requiredShares] ?? scheme.optimalShares)
    }
}

/// When a segment is repaired, and up to where: `k ≤ repair`, `k ≤ optimal ≤ n`.
package struct RepairThreshold: Hashable, Sendable {
    package let required: Int
    /// With so many healthy pieces or fewer it is repaired.
    package let repair: Int
    /// With so many it is whole.
    package let optimal: Int
    package let total: Int

    /// A scheme's thresholds, or others, brought into their bounds.
    package init(_ scheme: RedundancyScheme, repair: Int, optimal: Int) {
        required = scheme.requiredShares
        total = scheme.totalShares
        self.repair = min(max(repair, required), total)
        self.optimal = min(max(optimal, required), total)
    }

    /// Whether a segment with so many healthy pieces gets new ones.
    package func isReached(healthyCount: Int) -> Bool { healthyCount <= repair && healthyCount < optimal }
}
