import Foundation
package import Upkeep

extension AuditsAnswer {
    package init(_ status: AuditStatus) {
        self.init()
        queueLength = status.queueLength
        reverificationCount = status.reverificationCount
        containedNodeCount = status.containedNodeCount
        lastChoice = status.lastChoice.map {
            Choice(passStart: Date(unix: $0.passStart), nodeCount: $0.nodeCount, segmentCount: $0.segmentCount)
        }
        outcomes = status.outcomes
        conclusions = status.conclusions
        reverifications = status.reverifications
        recent = status.recent.map {
            Audit(
                time: Date(unix: $0.at), segment: $0.segment, conclusion: $0.conclusion, isDisguised: $0.isDisguised,
                outcomes: $0.outcomes)
        }
        forgivesUntil = status.forgivesUntil.map(Date.init(unix:))
    }
}

extension NodeAuditsAnswer {
    package init(_ history: NodeAuditHistory) {
        self.init(
            successes: history.successes, failures: history.failures, unknowns: history.unknowns,
            offlines: history.offlines, lastAudit: history.lastAudit.map(Date.init(unix:)),
            lastSuccess: history.lastSuccess.map(Date.init(unix:)),
            owed: history.owed.map {
                Row(
                    time: Date(unix: $0.since), kind: "owed", result: $0.reason, segment: $0.segment,
                    pieceNumber: $0.pieceNumber, detail: "\($0.tries) tries")
            },
            rows: history.rows.map {
                Row(
                    time: Date(unix: $0.at), kind: $0.kind, result: $0.result, segment: $0.segment,
                    pieceNumber: $0.pieceNumber, detail: $0.detail)
            })
    }
}

extension Date {
    /// A moment from seconds since 1970.
    init(unix seconds: Int64) { self.init(timeIntervalSince1970: Double(seconds)) }
}
