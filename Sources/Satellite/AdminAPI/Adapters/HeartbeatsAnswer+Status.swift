import Heartbeats
package import Market
import StorageModel

extension HeartbeatsAnswer {
    /// - Parameter earlier: periods, newest first.
    package init(_ status: HeartbeatStatus, earlier periods: [PeriodRecord]) {
        self.init()
        period = status.period.map(Period.init)
        counts = Counts(status.counts)
        signedCount = status.signedCount
        coveredCount = status.coveredCount
        uncoveredCount = status.uncoveredCount
        provableBytes = status.provableByteCount
        unprovableBytes = status.unprovableByteCount
        nodes = status.nodes.map(Node.init)
        earlier = periods.filter { $0.number != status.period?.number }.map(Period.init)
    }
}

extension HeartbeatsAnswer.Period {
    init(_ period: PeriodRecord) {
        self.init(
            number: period.number, state: "\(period.state)", start: period.start.date, end: period.end.date,
            sampleCount: Int(period.sampleCount), reportRoot: period.reportRoot.map { Hexadecimal.encode($0.bytes) },
            counts: .init(period.counts))
    }
}

extension HeartbeatsAnswer.Counts {
    init(_ counts: VerdictCounts) {
        self.init(
            passed: counts.passed, failed: counts.failed, unreachable: counts.unreachable, pending: counts.pending,
            void: counts.void)
    }
}

extension HeartbeatsAnswer.Node {
    package init(_ heartbeat: NodeHeartbeat) {
        self.init(
            period: heartbeat.period, node: "\(heartbeat.node)", isCovered: heartbeat.isCovered,
            hasSigned: heartbeat.signature != nil, verdict: heartbeat.verdict.name,
            provablePieces: heartbeat.holding.pieceCount, provableBytes: heartbeat.holding.byteCount,
            unprovableBytes: heartbeat.holding.unprovableByteCount, attempts: heartbeat.attempts,
            lastError: heartbeat.lastError)
    }
}
