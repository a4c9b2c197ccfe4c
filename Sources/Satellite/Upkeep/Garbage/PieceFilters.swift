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
        /// The wire form of a filter for every node asked for, those without pieces included.
        package var filters: [NodeID: [UInt8]] = [:]
        /// Pieces that are in filters.
        package var pieceCount = 0
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

    /// Takes the filters, once the pass is over: they are large, and nobody else keeps them.
    package func take() -> Result? {
        state.withLock { state in
            defer { state = nil }
            return state
        }
    }

    package func begin(_ pass: RangedLoopPass) async throws {}

    package func fork(_ nodes: NodeTable) throws -> any SegmentFork {
        PieceFiltersFork(nodes: nodes, expectedCounts: expectedCounts) { count in
            FilterTable(seed: seed, expectedCount: count, settings: settings)
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
    private var filters: [FilterTable?]
    private let absent: [NodeID: [UInt8]]
    private let names: NodeNames
    private var count = 0
    private var newest: Timestamp?

    init(nodes: NodeTable, expectedCounts: [NodeID: Int], make: (Int) -> FilterTable) {
        self.nodes = nodes
        names = NodeNames(nodes)
        filters = (0..<nodes.count).map { alias in
            nodes[Int64(alias)].flatMap { expectedCounts[$0] }.map(make)
        }
        let present = Set((0..<nodes.count).compactMap { nodes[Int64($0)] })
        absent = expectedCounts.filter { !present.contains($0.key) }.mapValues { make($0).bytes }
    }

    func process(_ segments: [ScannedSegment]) throws {
        for segment in segments {
            if newest.map({ segment.createdAt > $0 }) ?? true { newest = segment.createdAt }
            guard let pieces = segment.pieces else { continue }
            let deriver = PieceNames(pieces.rootPieceID)
            for entry in pieces.entries {
                guard nodes.contains(entry.alias) else { throw UpkeepError.unknownAlias(entry.alias) }
                let alias = Int(entry.alias)
                guard filters[alias] != nil else { continue }
                count += 1
                deriver.withDoubledID(names, entry) { filters[alias]?.insert(doubled: $0) }
            }
        }
    }

    var result: PieceFilters.Result {
        var result = PieceFilters.Result(filters: absent, pieceCount: count, newest: newest)
        for (alias, filter) in filters.enumerated() {
            if let filter, let node = nodes[Int64(alias)] { result.filters[node] = filter.bytes }
        }
        return result
    }
}
