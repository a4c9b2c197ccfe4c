import Metabase
import Overlay
import StorageModel

/// The checker's part in one range: a segment that is plainly healthy costs one look-up a piece and no allocation.
final class RepairCheck: SegmentFork {
    private let classifier: PieceClassifier
    private let settings: RepairSettings
    private let now: Timestamp
    /// By alias; aliases nobody has are nodes nobody knows.
    private let nodes: [NodeID]
    private let conditions: [NodeCondition]
    /// By alias, for one placement: the number of the node's place if a piece on it is healthy by itself, else -1.
    private var places: (placement: Int32, numbers: [Int])?
    /// By place: the last segment that had a piece there.
    private var marks: [Int]
    private var segmentNumber = 0
    private var thresholds: (scheme: RedundancyScheme, placement: Int32, threshold: RepairThreshold)?
    private(set) var found: [QueuedRepair] = []
    private(set) var isCut = false

    init(nodes table: NodeTable, classifier: PieceClassifier, settings: RepairSettings, now: Timestamp) {
        self.classifier = classifier
        self.settings = settings
        self.now = now
        nodes = (0..<table.count).map { table[Int64($0)] ?? NodeID() }
        conditions = nodes.map { classifier.condition(of: $0) }
        marks = [Int](repeating: 0, count: classifier.networkCount)
    }

    func process(_ segments: [ScannedSegment]) throws {
        for segment in segments {
            guard let pieces = segment.pieces else { continue }
            if let end = segment.expiresAt, end <= now { continue }
            check(segment, pieces)
        }
        if found.count > 2 * settings.queueCapacity { cut() }
    }

    private func check(_ segment: ScannedSegment, _ pieces: ScannedPieces) {
        let threshold = threshold(pieces.redundancy, segment.placement)
        if isPlainlyHealthy(pieces, threshold, placement: segment.placement) { return }
        let states = classifier.classify(
            pieces.entries.map { ($0.number, node($0.alias)) }, placement: segment.placement)
        let entry = RepairChecker.entry(
            SegmentPlace(stream: segment.stream, position: segment.position), placement: segment.placement,
            states: states, threshold: threshold, classifier: classifier, settings: settings)
        if let entry { found.append(entry) }
    }

    /// Whether more pieces than the threshold are healthy, each in a place of its own, and none must move.
    private func isPlainlyHealthy(_ pieces: ScannedPieces, _ threshold: RepairThreshold, placement: Int32) -> Bool {
        if places?.placement != placement { places = (placement, placeNumbers(placement)) }
        guard let numbers = places?.numbers else { return false }
        segmentNumber += 1
        var count = 0
        for entry in pieces.entries {
            guard entry.alias >= 0, entry.alias < Int64(numbers.count) else { continue }
            let number = numbers[Int(entry.alias)]
            if number == Self.forcing { return false }
            guard number >= 0, marks[number] != segmentNumber else { continue }
            marks[number] = segmentNumber
            count += 1
        }
        return !threshold.isReached(healthyCount: count)
    }

    private static let unhealthy = -1
    private static let forcing = -2

    private func placeNumbers(_ placement: Int32) -> [Int] {
        conditions.indices.map { index in
            let condition = conditions[index]
            if condition.isMissing { return Self.unhealthy }
            guard classifier.isAllowed(nodes[index], placement: placement) else { return Self.forcing }
            guard !condition.isSuspended, !condition.isExiting, condition.network >= 0,
                condition.network < marks.count
            else { return Self.unhealthy }
            return condition.network
        }
    }

    private func threshold(_ scheme: RedundancyScheme, _ placement: Int32) -> RepairThreshold {
        if let thresholds, thresholds.placement == placement, thresholds.scheme == scheme {
            return thresholds.threshold
        }
        let threshold = settings.threshold(scheme, placement: placement)
        thresholds = (scheme, placement, threshold)
        return threshold
    }

    private func node(_ alias: Int64) -> NodeID {
        alias >= 0 && alias < Int64(nodes.count) ? nodes[Int(alias)] : NodeID()
    }

    private func cut() {
        if Self.cut(&found, to: settings.queueCapacity) { isCut = true }
    }

    /// Keeps the `count` segments in the greatest danger; true when others are left out.
    static func cut(_ found: inout [QueuedRepair], to count: Int) -> Bool {
        guard found.count > count else { return false }
        found.sort { ($0.survival, $0.retrievableCount) < ($1.survival, $1.retrievableCount) }
        found.removeLast(found.count - count)
        return true
    }
}
