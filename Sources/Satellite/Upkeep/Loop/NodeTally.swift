package import Accounting
package import Metabase
package import Overlay
import StorageModel
import Synchronization

/// Counts what every node is to keep: bytes for its pay, pieces for the size of its garbage filter.
///
/// - Source: protocol document 3 §6.1 and §7.1.
package final class NodeTally: SegmentObserver {
    private struct Totals {
        var start = Timestamp(microseconds: 0)
        var bytes: [NodeID: Int64] = [:]
        var counts: [NodeID: Int] = [:]
    }

    package let name = "node-tally"
    private let accounting: Accounting
    private let overlay: Overlay
    private let state = Mutex(Totals())

    /// A tally that tells the accounting the bytes and the overlay the pieces.
    package init(accounting: Accounting, overlay: Overlay) {
        self.accounting = accounting
        self.overlay = overlay
    }

    package func begin(_ pass: RangedLoopPass) async throws {
        state.withLock { $0 = Totals(start: pass.start) }
    }

    package func fork(_ nodes: NodeTable) throws -> any SegmentFork {
        NodeTallyFork(nodes: nodes, start: state.withLock { $0.start })
    }

    package func join(_ fork: any SegmentFork) throws {
        guard let fork = fork as? NodeTallyFork else { return }
        state.withLock { totals in
            for alias in 0..<fork.nodes.count {
                guard let node = fork.nodes[Int64(alias)] else { continue }
                totals.bytes[node, default: 0] &+= fork.bytes[alias]
                totals.counts[node, default: 0] += fork.counts[alias]
            }
        }
    }

    package func finish(_ pass: RangedLoopPass) async throws {
        let totals = state.withLock { $0 }
        try await accounting.bookStorage(totals.bytes, at: totals.start)
        try await overlay.setPieceCounts(totals.counts)
    }
}

/// Sums of a range, by alias.
private final class NodeTallyFork: SegmentFork {
    let nodes: NodeTable
    let start: Timestamp
    var bytes: [Int64]
    var counts: [Int]

    init(nodes: NodeTable, start: Timestamp) {
        self.nodes = nodes
        self.start = start
        bytes = [Int64](repeating: 0, count: nodes.count)
        counts = [Int](repeating: 0, count: nodes.count)
    }

    func process(_ segments: [ScannedSegment]) throws {
        for segment in segments {
            guard let pieces = segment.pieces else { continue }
            let isExpired = segment.expiresAt.map { $0 <= start } ?? false
            // Nobody is paid for what has expired, but it is in the filters until it is swept.
            let size = isExpired ? 0 : pieces.redundancy.pieceSize(encryptedSize: segment.encryptedSize)
            for entry in pieces.entries {
                guard nodes.contains(entry.alias) else { throw UpkeepError.unknownAlias(entry.alias) }
                let alias = Int(entry.alias)
                bytes[alias] &+= size
                counts[alias] += 1
            }
        }
    }
}
