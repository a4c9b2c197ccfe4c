/// How long a segment lives if nobody repairs it: what is rarest and weakest is repaired first.
///
/// Nodes are lost one after the other, each as likely as any other. The expected number of losses until one piece fewer
/// than k is left is that of draws without putting back; over the losses a day it becomes days.
///
/// - Source: protocol document 3 §6.5.
package enum SegmentSurvival {
    /// Bounds of what a segment with pieces that must move counts at most.
    package static let forcingRange = 3154.0...5385.0

    /// Expected days; 0 when it is lost already, and for networks without nodes.
    ///
    /// - Parameters:
    ///   - healthyCount: h, at least 0.
    ///   - requiredCount: k, at least 1.
    ///   - nodeCount: N; at least h is assumed.
    ///   - dailyFailureRate: of a node, greater than 0.
    ///   - forcingCount: pieces that must move, for instance out of their placement: the more, the sooner.
    package static func days(
        healthyCount: Int, requiredCount: Int, nodeCount: Int, dailyFailureRate: Double, forcingCount: Int = 0
    ) -> Double {
        let survivable = max(0, healthyCount - requiredCount + 1)
        let nodes = Double(max(nodeCount, healthyCount, 1))
        let others = nodes - Double(healthyCount)
        let draws = Double(survivable) * others / (nodes - others + 1) + Double(survivable)
        let days = draws / (nodes * dailyFailureRate)
        guard forcingCount > 0 else { return days }
        let share = Double(forcingCount) / Double(forcingCount + max(0, healthyCount))
        let width = forcingRange.upperBound - forcingRange.lowerBound
        return min(days, forcingRange.upperBound - share * width)
    }
}
