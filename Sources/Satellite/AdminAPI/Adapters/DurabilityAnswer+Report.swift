import Foundation
package import Upkeep

extension DurabilityAnswer {
    /// What the newest pass found; nil before the first.
    package init(_ report: DurabilityReport?) {
        guard let report else {
            self = .unknown
            return
        }
        self.init(
            asOf: Date(unix: report.asOf), segmentCount: report.segmentCount, inlineCount: report.inlineCount,
            classes: report.classes.map(Class.init))
    }
}

extension DurabilityAnswer.Class {
    init(_ group: DurabilityClass) {
        self.init(
            redundancy: (group.requiredShares, group.repairShares, group.optimalShares, group.totalShares),
            placement: group.placement, segments: group.segments, bytes: group.bytes, healthy: group.healthy,
            retrievable: group.retrievable, atRisk: group.atRisk, lost: group.lost, missingPieces: group.missingPieces,
            expectedLosses: group.expectedLosses, expectedSurvival: group.expectedSurvival, histogram: group.histogram)
    }
}
