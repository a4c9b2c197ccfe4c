package import Metabase
package import StorageModel
import Synchronization

/// Fills a Bloom filter for every node with the pieces it must keep: an observer for one consistent snapshot.
///
/// Every segment counts, whether pending, expired or copied: what is not in the filter is thrown away. A filter that
/// turns out too small for its node lets more garbage stand, it never names a living piece garbage.
///
/// - Source: protocol document 3 §6.8.
package final class PieceFilters: SegmentObserver {
    /// What came out of a pass.
    package struct Result: Sendable {
        /// A filter for every node that has pieces, and every node asked for that has none.
        package var filters: [NodeID: BloomFilter] = [:]
        /// Pieces in every filter.
        package var counts: [NodeID: Int] = [:]
        /// When the newest segment was committed; nil when there is none.
        package var newest: Timestamp?
    }

    package let name = "garbage-filters"
    private let expectedCounts: [NodeID: Int]
    private let settings: GarbageSettings
    private let seed: UInt8
    private let state = Mutex<Result?>(nil)

    /// Filters for nodes.
    ///
    /// - Parameters:
    ///   - expectedCounts: the pieces every node is likely to have; a node that is not named gets no filter.
    ///   - random: draws the seed, one for all filters of a pass.
    package init(expectedCounts: [NodeID: Int], settings: GarbageSettings, random: RandomSource) {
        self.expectedCounts = expectedCounts
        self.settings = settings
        seed = UInt8(random.next() % 255)
    }

    /// The filters, once the pass is over.
    package var result: Result? { state.withLock { $0 } }

    package func begin(_ pass: RangedLoopPass) async throws {}

    package func fork(_ nodes: NodeTable) throws -> any SegmentFork {
        PieceFiltersFork(nodes: nodes, expectedCounts: expectedCounts) { count in
            BloomFilter(
                seed: seed, expectedCount: count, falsePositiveRate: settings.falsePositiveRate,
                maximumSize: settings.maximumFilterSize)
        }
    }

    package func join(_ fork: any SegmentFork) throws {
        guard let fork = fork as? PieceFiltersFork else { return }
        try state.withLock { state in
            // Filters of several ranges could not be told apart from those of several moments.
            guard state == nil else { throw UpkeepError.notASnapshot }
            state = fork.result
        }
    }

    package func finish(_ pass: RangedLoopPass) async throws {}
}

/// The filters of a range, by alias: no hashing of node ids for every piece.
private final class PieceFiltersFork: SegmentFork {
    private let nodes: NodeTable
    private var filters: [BloomFilter?]
    private var counts: [Int]
    private var newest: Timestamp?
    private var absent: [NodeID: BloomFilter]

    init(nodes: NodeTable, expectedCounts: [NodeID: Int], make: (Int) -> BloomFilter) {
        self.nodes = nodes
        filters = [BloomFilter?](repeating: nil, count: nodes.count)
        counts = [Int](repeating: 0, count: nodes.count)
        absent = expectedCounts.mapValues(make)
        for alias in 0..<nodes.count {
            guard let node = nodes[Int64(alias)], let filter = absent.removeValue(forKey: node) else { continue }
            filters[alias] = filter
        }
    }

    func process(_ segments: [ScannedSegment]) throws {
        for segment in segments {
            newest = newest.map { max($0, segment.createdAt) } ?? segment.createdAt
            guard let pieces = segment.pieces else { continue }
            let deriver = pieces.rootPieceID.deriver()
            for entry in pieces.entries {
                guard let node = nodes[entry.alias] else { throw UpkeepError.unknownAlias(entry.alias) }
                let alias = Int(entry.alias)
                counts[alias] += 1
                guard filters[alias] != nil else { continue }
                filters[alias]?.insert(deriver.derive(node: node, pieceNumber: Int32(clamping: entry.number)))
            }
        }
    }

    var result: PieceFilters.Result {
        var result = PieceFilters.Result(filters: absent, newest: newest)
        for (alias, filter) in filters.enumerated() {
            guard let node = nodes[Int64(alias)] else { continue }
            result.counts[node] = counts[alias]
            if let filter { result.filters[node] = filter }
        }
        return result
    }
}
