import StorageModel

/// How far all segments are from being lost, as one pass found them.
package struct DurabilityReport: Hashable, Sendable, Codable {
    /// When the pass began, in seconds since 1970.
    package var asOf: Int64
    /// Segments, those that the satellite keeps itself included.
    package var segmentCount: Int
    /// Segments that the satellite keeps itself.
    package var inlineCount: Int
    /// One for every redundancy and placement in use, ascending.
    package var classes: [DurabilityClass]

    /// All classes as one; its redundancy means nothing and its histogram is empty.
    package var total: DurabilityClass {
        classes.reduce(into: DurabilityClass()) { $0.add($1, withHistogram: false) }
    }
}

/// The health of all segments of one redundancy and placement.
package struct DurabilityClass: Hashable, Sendable, Codable {
    package var requiredShares = 0
    package var repairShares = 0
    package var optimalShares = 0
    package var totalShares = 0
    package var placement: Int32 = 0
    /// Segments on nodes.
    package var segments = 0
    /// Their encrypted bytes.
    package var bytes: Int64 = 0
    /// Segments with more healthy pieces than the repair threshold: nothing to do.
    package var healthy = 0
    /// Segments that can be read and wait for repair, with a margin.
    package var retrievable = 0
    /// Segments that can be read, but would not be if a few more nodes went.
    package var atRisk = 0
    /// Segments that cannot be read now: offline nodes may bring them back.
    package var lost = 0
    /// Healthy pieces that are missing up to the success threshold.
    package var missingPieces = 0
    /// How many segments are expected to be lost within a year if every node is as likely to go as is assumed and repair
    /// takes as long as is assumed.
    package var expectedLosses = 0.0
    /// Segments by their count of healthy pieces: index 0 up to the total of shares.
    package var histogram: [Int] = []

    /// The redundancy as `29/35/80/110`.
    package var name: String { "\(requiredShares)/\(repairShares)/\(optimalShares)/\(totalShares)" }

    /// The likelihood that a segment is still there in a year; 1 when there is none.
    package var expectedSurvival: Double {
        segments == 0 ? 1 : max(0, 1 - expectedLosses / Double(segments))
    }

    /// No segments.
    package init() {}

    /// No segments of a redundancy.
    init(_ scheme: RedundancyScheme, placement: Int32) {
        requiredShares = scheme.requiredShares
        repairShares = scheme.repairShares
        optimalShares = scheme.optimalShares
        totalShares = scheme.totalShares
        self.placement = placement
        histogram = [Int](repeating: 0, count: scheme.totalShares + 1)
    }

    mutating func add(_ other: DurabilityClass, withHistogram: Bool = true) {
        segments += other.segments
        bytes &+= other.bytes
        healthy += other.healthy
        retrievable += other.retrievable
        atRisk += other.atRisk
        lost += other.lost
        missingPieces += other.missingPieces
        expectedLosses += other.expectedLosses
        guard withHistogram else { return }
        for (index, count) in other.histogram.enumerated() where index < histogram.count { histogram[index] += count }
    }
}
