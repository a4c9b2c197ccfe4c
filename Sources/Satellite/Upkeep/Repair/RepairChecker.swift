import Logging
package import Metabase
import Overlay
import StorageModel
import Synchronization

/// Finds the segments that need repair, in every pass over all of them, and keeps the queue true: what is healthy again or
/// gone leaves it.
///
/// - Source: protocol document 3 §6.5.
package final class RepairChecker: SegmentObserver {
    /// What one pass has found.
    private struct Pass {
        let classifier: PieceClassifier
        let start: Timestamp
        var found: [QueuedRepair] = []
        /// Whether some were left out because there are too many.
        var isCut = false
    }

    package let name = "repair-checker"
    private let overlay: Overlay
    private let queue: RepairQueue
    private let settings: RepairSettings
    private let logger: Logger
    private let pass: Mutex<Pass>
    /// Nodes that could be reached in the last complete pass.
    private let nodeCount = Mutex<Int?>(nil)

    init(overlay: Overlay, queue: RepairQueue, settings: RepairSettings, logger: Logger) {
        self.overlay = overlay
        self.queue = queue
        self.settings = settings
        self.logger = logger
        pass = Mutex(Pass(classifier: overlay.classifier(), start: Timestamp(microseconds: 0)))
    }

    package func begin(_ loop: RangedLoopPass) async throws {
        let classifier = overlay.classifier()
        pass.withLock { $0 = Pass(classifier: classifier, start: loop.start) }
    }

    package func fork(_ nodes: NodeTable) throws -> any SegmentFork {
        let (classifier, start) = pass.withLock { ($0.classifier, $0.start) }
        // Each fork may fill the capacity; the healthiest are dropped when they are joined.
        return RepairCheck(nodes: nodes, classifier: classifier, settings: settings, now: start)
    }

    package func join(_ fork: any SegmentFork) throws {
        guard let check = fork as? RepairCheck else { return }
        pass.withLock { pass in
            pass.found += check.found
            pass.isCut = check.isCut || RepairCheck.cut(&pass.found, to: settings.queueCapacity) || pass.isCut
        }
    }

    package func finish(_ loop: RangedLoopPass) async throws {
        let (found, isCut, usableNodeCount) = pass.withLock { pass in
            defer { pass.found = [] }
            return (pass.found, pass.isCut, pass.classifier.usableNodeCount)
        }
        try await queue.put(found, at: loop.start)
        // Rows newer than the pass are of segments that were put in meanwhile.
        let removed = isCut ? 0 : try await queue.removeUnseen(since: loop.start)
        // What had no nodes to go to is not to wait when there are new ones.
        let before = nodeCount.withLock { count in
            defer { count = usableNodeCount }
            return count
        }
        if let before, usableNodeCount > before { try await queue.forgetAttempts() }
        logger.info(
            "segments checked for repair", metadata: ["unhealthy": "\(found.count)", "no_longer": "\(removed)"])
    }

    /// A segment as the queue wants it, if it needs repair.
    static func entry(
        _ place: SegmentPlace, placement: Int32, states: PieceStates, threshold: RepairThreshold,
        classifier: PieceClassifier, settings: RepairSettings
    ) -> QueuedRepair? {
        let isReached = threshold.isReached(healthyCount: states.healthyCount)
        guard isReached || states.forcingCount > 0 else { return nil }
        return QueuedRepair(
            place: place, placement: placement,
            survival: SegmentSurvival.days(
                healthyCount: states.healthyCount, requiredCount: threshold.required,
                nodeCount: classifier.usableNodeCount, dailyFailureRate: settings.dailyFailureRate,
                forcingCount: states.forcingCount),
            healthyCount: states.healthyCount, retrievableCount: states.retrievableCount,
            requiredCount: threshold.required)
    }
}
