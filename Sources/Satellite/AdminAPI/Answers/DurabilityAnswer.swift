package import Foundation

/// How durable what is stored is, as of the last complete pass over all segments.
package struct DurabilityAnswer: Codable, Hashable, Sendable {
    /// Segments of one redundancy class and placement. The four counts are disjoint and add up to `segments`.
    package struct Class: Codable, Hashable, Sendable {
        /// `required/repair/optimal/total`.
        package let redundancy: String
        package let requiredShares: Int
        package let repairShares: Int
        package let optimalShares: Int
        package let totalShares: Int
        /// The number of the placement rule.
        package let placement: Int32
        package let segments: Int
        /// Encrypted bytes of the segments, without redundancy.
        package let bytes: Int64
        /// More healthy pieces than the repair threshold.
        package let healthy: Int
        /// Fewer healthy pieces than that, but retrievable with a margin: waiting for repair.
        package let retrievable: Int
        /// Retrievable with hardly a piece to spare.
        package let atRisk: Int
        /// Fewer retrievable pieces than required: gone unless nodes come back.
        package let lost: Int
        /// Pieces that repair would make anew.
        package let missingPieces: Int
        /// Segments expected to be lost within a year at the assumed rate of failures.
        package let expectedLosses: Double
        /// Chance of a segment to survive that year, `0...1`.
        package let expectedSurvival: Double
        /// Segments by their count of healthy pieces, the index.
        package let histogram: [Int]

        package init(
            redundancy: (required: Int, repair: Int, optimal: Int, total: Int), placement: Int32, segments: Int,
            bytes: Int64, healthy: Int, retrievable: Int, atRisk: Int, lost: Int, missingPieces: Int,
            expectedLosses: Double, expectedSurvival: Double, histogram: [Int]
        ) {
            self.redundancy =
                "\(redundancy.required)/\(redundancy.repair)/\(redundancy.optimal)/\(redundancy.total)"
            requiredShares = redundancy.required
            repairShares = redundancy.repair
            optimalShares = redundancy.optimal
            totalShares = redundancy.total
            self.placement = placement
            self.segments = segments
            self.bytes = bytes
            self.healthy = healthy
            self.retrievable = retrievable
            self.atRisk = atRisk
            self.lost = lost
            self.missingPieces = missingPieces
            self.expectedLosses = expectedLosses
            self.expectedSurvival = expectedSurvival
            self.histogram = histogram
        }
    }

    /// When the pass began; nil when there was none since the satellite started.
    package let asOf: Date?
    /// All segments, those in the satellite's own database included.
    package let segmentCount: Int
    /// Segments in the satellite's own database: as durable as its backups.
    package let inlineCount: Int
    package let classes: [Class]

    package init(asOf: Date?, segmentCount: Int, inlineCount: Int, classes: [Class]) {
        self.asOf = asOf
        self.segmentCount = segmentCount
        self.inlineCount = inlineCount
        self.classes = classes
    }

    /// Before the first pass.
    static let unknown = DurabilityAnswer(asOf: nil, segmentCount: 0, inlineCount: 0, classes: [])
}
