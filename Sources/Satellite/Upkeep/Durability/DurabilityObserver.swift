package import Metabase
package import Overlay
import StorageModel
import Synchronization

/// Counts how healthy all segments are, by redundancy and placement.
package final class DurabilityObserver: SegmentObserver {
    private struct State {
        var classifier: PieceClassifier?
        var sums = DurabilitySums()
        var report: DurabilityReport?
    }

    package let name = "durability"
    private let overlay: Overlay
    private let settings: DurabilitySettings
    private let state = Mutex(State())

    /// An observer that judges pieces as the overlay sees their nodes when a pass begins.
    package init(overlay: Overlay, settings: DurabilitySettings = DurabilitySettings()) {
        self.overlay = overlay
        self.settings = settings
    }

    /// What the last complete pass found; nil before the first one.
    package var report: DurabilityReport? { state.withLock { $0.report } }

    package func begin(_ pass: RangedLoopPass) async throws {
        let classifier = overlay.classifier()
        state.withLock { state in
            state.classifier = classifier
            state.sums = DurabilitySums()
        }
    }

    package func fork(_ nodes: NodeTable) throws -> any SegmentFork {
        let classifier = state.withLock { $0.classifier } ?? overlay.classifier()
        return DurabilityFork(HealthTable(nodes, classifier), settings)
    }

    package func join(_ fork: any SegmentFork) throws {
        guard let fork = fork as? DurabilityFork else { return }
        state.withLock { $0.sums.add(fork.sums) }
    }

    package func finish(_ pass: RangedLoopPass) async throws {
        state.withLock { state in
            state.report = DurabilityReport(
                asOf: pass.start.seconds, segmentCount: pass.segmentCount, inlineCount: state.sums.inlineCount,
                classes: state.sums.classes.values.sorted { $0.order.lexicographicallyPrecedes($1.order) })
        }
    }
}

/// What is summed up by class.
private struct DurabilitySums {
    struct Key: Hashable {
        let scheme: RedundancyScheme
        let placement: Int32
    }

    var inlineCount = 0
    var classes: [Key: DurabilityClass] = [:]

    mutating func add(_ other: DurabilitySums) {
        inlineCount += other.inlineCount
        for (key, found) in other.classes {
            classes[key, default: DurabilityClass(key.scheme, placement: key.placement)].add(found)
        }
    }
}

extension DurabilityClass {
    /// By redundancy, then placement.
    fileprivate var order: [Int] { [totalShares, requiredShares, repairShares, optimalShares, Int(placement)] }
}

private final class DurabilityFork: SegmentFork {
    private var table: HealthTable
    private let settings: DurabilitySettings
    private(set) var sums = DurabilitySums()
    private var survival: [RedundancyScheme: SurvivalTable] = [:]
    // The class of the segment before is nearly always that of the next one.
    private var key: DurabilitySums.Key?
    private var current = DurabilityClass()
    private var losses: [Double] = []

    init(_ table: HealthTable, _ settings: DurabilitySettings) {
        self.table = table
        self.settings = settings
    }

    func process(_ segments: [ScannedSegment]) throws {
        for segment in segments {
            guard let pieces = segment.pieces else {
                sums.inlineCount += 1
                continue
            }
            let key = DurabilitySums.Key(scheme: pieces.redundancy, placement: segment.placement)
            if key != self.key { change(to: key) }
            add(try table.counts(pieces, placement: segment.placement), segment.encryptedSize)
        }
        save()
    }

    private func add(_ counts: HealthCounts, _ size: Int64) {
        current.segments += 1
        current.bytes &+= size
        current.histogram[min(counts.healthy, current.totalShares)] += 1
        current.missingPieces += max(0, current.optimalShares - counts.healthy)
        current.expectedLosses += losses[min(counts.retrievable, current.totalShares)]
        if counts.retrievable < current.requiredShares {
            current.lost += 1
        } else if counts.retrievable <= current.requiredShares + riskMargin {
            current.atRisk += 1
        } else if counts.healthy <= current.repairShares {
            current.retrievable += 1
        } else {
            current.healthy += 1
        }
    }

    /// The margin of the current class, at most half of what lies between reading and repair.
    private var riskMargin: Int {
        min(settings.riskMargin, (current.repairShares - current.requiredShares) / 2)
    }

    private func change(to key: DurabilitySums.Key) {
        save()
        self.key = key
        current = sums.classes[key] ?? DurabilityClass(key.scheme, placement: key.placement)
        let scheme = key.scheme
        let table = survival[scheme] ?? SurvivalTable(
            required: scheme.requiredShares, repair: scheme.repairShares, optimal: scheme.optimalShares,
            total: scheme.totalShares, settings)
        survival[scheme] = table
        losses = table.lossByPieces
    }

    private func save() {
        if let key { sums.classes[key] = current }
    }
}
