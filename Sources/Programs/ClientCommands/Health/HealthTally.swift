import Uplink

/// The health of an object, summed up segment by segment.
struct HealthTally: Sendable {
    private(set) var segmentCount = 0
    private(set) var encryptedSize: Int64 = 0
    /// Segments by condition.
    private(set) var conditions: [SegmentHealth.Condition: Int] = [:]
    private(set) var queuedCount = 0
    /// Pieces by state.
    private(set) var states: [SegmentHealth.State: Int] = [:]
    /// Pieces by country and by network.
    private(set) var countries: [String: Int] = [:]
    private(set) var networks: [String: Int] = [:]
    private(set) var nodes: Set<String> = []
    /// The segment with the fewest retrievable pieces to spare.
    private(set) var weakest: SegmentHealth?

    /// Adds a segment.
    mutating func add(_ segment: SegmentHealth) {
        segmentCount += 1
        let (sum, isTooLarge) = encryptedSize.addingReportingOverflow(segment.encryptedSize)
        encryptedSize = isTooLarge ? .max : sum
        conditions[segment.condition, default: 0] += 1
        if segment.isQueuedForRepair { queuedCount += 1 }
        for piece in segment.pieces {
            states[piece.state, default: 0] += 1
            countries[piece.country.isEmpty ? "?" : piece.country, default: 0] += 1
            networks[piece.network.isEmpty ? "?" : piece.network, default: 0] += 1
            nodes.insert(piece.node)
        }
        guard !segment.isInline else { return }
        if let weakest, weakest.spare <= segment.spare { return }
        weakest = segment
    }

    /// The worst condition of a segment; nil without segments.
    var worst: SegmentHealth.Condition? { conditions.keys.max() }

    /// Pieces of all segments.
    var pieceCount: Int { states.values.reduce(0, +) }
}

extension SegmentHealth {
    /// Pieces that can be lost before a download fails; negative when it fails already.
    var spare: Int { retrievable - required }
    /// `part/index`, or the index alone outside multipart uploads.
    var position: String { partNumber == 0 ? "\(index)" : "\(partNumber)/\(index)" }
}

extension SegmentHealth.Condition {
    /// For people.
    var text: String {
        switch self {
        case .inline: "kept by the satellite"
        case .healthy: "healthy"
        case .degraded: "degraded"
        case .atRisk: "at risk"
        case .lost: "lost"
        }
    }
}

extension SegmentHealth.State {
    /// For people.
    var text: String {
        switch self {
        case .outOfPlacement: "out of placement"
        case .healthy, .offline, .suspended, .exiting, .clumped, .lost, .unknown: rawValue
        }
    }
}
