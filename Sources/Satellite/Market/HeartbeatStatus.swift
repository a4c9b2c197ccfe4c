import Heartbeats

/// How the heartbeats stand, for operators.
package struct HeartbeatStatus: Sendable {
    /// The newest period; nil before the first.
    package let period: PeriodRecord?
    /// Nodes by verdict so far.
    package let counts: VerdictCounts
    /// Nodes that have signed.
    package let signedCount: Int
    /// Nodes that are asked.
    package let coveredCount: Int
    /// Nodes that stripe audits cover.
    package let uncoveredCount: Int
    /// Bytes that are proven this way.
    package let provableByteCount: UInt64
    /// Bytes that stripe audits cover.
    package let unprovableByteCount: UInt64
    /// All nodes of the period, in the order of their ids.
    package let nodes: [NodeHeartbeat]

    init(period: PeriodRecord?, nodes: [NodeHeartbeat]) {
        self.period = period
        self.nodes = nodes
        let covered = nodes.filter(\.isCovered)
        counts = VerdictCounts(covered.map(\.verdict))
        signedCount = covered.count { $0.signature != nil }
        coveredCount = covered.count
        uncoveredCount = nodes.count - covered.count
        provableByteCount = nodes.reduce(0) { $0 + $1.holding.byteCount }
        unprovableByteCount = nodes.reduce(0) { $0 + $1.holding.unprovableByteCount }
    }
}
