package import Chores
package import DRPC
package import Logging
package import Overlay
package import StorageModel
import Synchronization

/// Tells every node which pieces to keep, from one consistent look at all segments.
///
/// The satellite never says "delete": a node puts into its trash what is in no segment and was stored long before the look.
///
/// - Source: protocol document 3 §3.6 and §6.8.
package final class GarbageCollector: Sendable {
    private let loop: RangedLoop
    private let overlay: Overlay
    private let sender: RetainSender
    private let settings: GarbageSettings
    private let random: RandomSource
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var segmentCount: Int?
        var last: GarbageReport?
    }

    /// A collector over its parts.
    package init(
        loop: RangedLoop, overlay: Overlay, dialer: any RPCDialer, settings: GarbageSettings, sleeper: Sleeper,
        random: RandomSource, logger: Logger
    ) {
        self.loop = loop
        self.overlay = overlay
        self.settings = settings
        self.random = random
        self.logger = logger
        sender = RetainSender(dialer: dialer, settings: settings, sleeper: sleeper)
    }

    /// How the last collection went.
    package var lastReport: GarbageReport? { state.withLock { $0.last } }

    /// Looks once at all segments and sends the filters.
    ///
    /// - Throws: `UpkeepError`, `DatabaseError`, `CancellationError`; nodes that take no filter are in the report.
    @discardableResult
    package func collect() async throws -> GarbageReport {
        let nodes = overlay.nodes().filter { $0.disqualifiedAt == nil && $0.exitFinishedAt == nil }
        let counts = nodes.map { ($0.id, $0.pieceCount > 0 ? Int($0.pieceCount) : settings.expectedPieceCount) }
        let filters = PieceFilters(
            expectedCounts: Dictionary(counts) { first, _ in first }, settings: settings, random: random)
        let pass = try await loop.run([filters], isSnapshot: true)
        if let failure = pass.failures[filters.name] { throw UpkeepError.observerFailed(failure) }
        guard let found = filters.result else { throw UpkeepError.observerFailed("there is no result") }
        try await overlay.setPieceCounts(found.counts)
        if let before = state.withLock({ $0.segmentCount }),
            Double(pass.segmentCount) < Double(before) * settings.suspiciousRatio
        {
            throw UpkeepError.suspiciouslyFewSegments(seen: pass.segmentCount, before: before)
        }
        state.withLock { $0.segmentCount = pass.segmentCount }
        var report = GarbageReport(segmentCount: pass.segmentCount, created: found.newest)
        if let newest = found.newest {
            // A database without segments may be one that was lost: it must not empty anybody's disk.
            let addresses = nodes.compactMap { node in found.filters[node.id].map { (node.id, node.address, $0) } }
            report.outcomes = try await sender.send(addresses, created: newest)
        }
        state.withLock { [report] in $0.last = report }
        logger.info(
            "garbage filters sent",
            metadata: ["sent": "\(report.sentCount)", "failed": "\(report.outcomes.count - report.sentCount)"])
        return report
    }
}

/// How a collection went.
package struct GarbageReport: Sendable {
    /// Segments looked at.
    package let segmentCount: Int
    /// When the newest of them was committed: nodes count their pieces' age from here.
    package let created: Timestamp?
    /// Nodes, with the reason of those that took no filter.
    package internal(set) var outcomes: [NodeID: String?] = [:]

    /// Nodes that took their filter.
    package var sentCount: Int { outcomes.values.count { $0 == nil } }

    init(segmentCount: Int, created: Timestamp?) {
        self.segmentCount = segmentCount
        self.created = created
    }
}
