package import Metabase
package import Overlay
import StorageModel

/// How many pieces of a segment are worth what.
package struct HealthCounts: Hashable, Sendable {
    /// Pieces in order, at most one in every place.
    package var healthy = 0
    /// Pieces that can be fetched now, healthy or not.
    package var retrievable = 0
    /// Pieces where they may not be.
    package var forcing = 0

    /// None.
    package init() {}
}

/// What every node is worth, by alias: counts the health of segments as `PieceClassifier` judges it, without memory for
/// each. Used by one thread, as a fork of an observer is.
package struct HealthTable {
    private struct Node {
        var isKnown = false
        var isMissing = true
        /// In order but for the place it shares with others, and for where a bucket's pieces may be.
        var isSound = false
        var network = 0
    }

    private let nodes: NodeTable
    private let classifier: PieceClassifier
    private var table: [Node]
    /// The segment that last had a healthy piece in a place.
    private var lastSegment: [Int]
    private var segment = 0
    private var allowed: [Int32: [Bool]?] = [:]
    private var placement: Int32?
    private var current: [Bool]?

    /// The nodes of a scan, judged by what is known of them at one moment.
    package init(_ nodes: NodeTable, _ classifier: PieceClassifier) {
        self.nodes = nodes
        self.classifier = classifier
        table = (0..<nodes.count).map { alias in
            guard let id = nodes[Int64(alias)] else { return Node() }
            let condition = classifier.condition(of: id)
            return Node(
                isKnown: true, isMissing: condition.isMissing || condition.isGone,
                isSound: !condition.isMissing && !condition.isGone && !condition.isSuspended && !condition.isExiting,
                network: max(0, condition.network))
        }
        lastSegment = [Int](repeating: 0, count: max(1, classifier.networkCount))
    }

    /// The health of a segment.
    ///
    /// - Throws: `UpkeepError.unknownAlias`.
    package mutating func counts(_ pieces: ScannedPieces, placement: Int32) throws(UpkeepError) -> HealthCounts {
        if placement != self.placement { choose(placement) }
        segment += 1
        var counts = HealthCounts()
        for entry in pieces.entries {
            guard entry.alias >= 0, entry.alias < Int64(table.count) else { throw .unknownAlias(entry.alias) }
            let alias = Int(entry.alias)
            let node = table[alias]
            guard node.isKnown else { throw .unknownAlias(entry.alias) }
            if node.isMissing { continue }
            counts.retrievable += 1
            if let current, !current[alias] {
                counts.forcing += 1
            } else if node.isSound, lastSegment[node.network] != segment {
                lastSegment[node.network] = segment
                counts.healthy += 1
            }
        }
        return counts
    }

    /// Looks up where pieces of a placement may be; nil for everywhere.
    private mutating func choose(_ placement: Int32) {
        self.placement = placement
        if let known = allowed[placement] {
            current = known
            return
        }
        let places = (0..<nodes.count).map { alias in
            nodes[Int64(alias)].map { classifier.isAllowed($0, placement: placement) } ?? true
        }
        current = places.allSatisfy { $0 } ? nil : places
        allowed.updateValue(current, forKey: placement)
    }
}
