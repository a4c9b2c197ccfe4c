package import StorageModel

/// One choice of nodes for the pieces of a segment.
///
/// Places are drawn first, then a node in each, so that an operator with many nodes in one place gets no more than
/// others. More candidates than needed are drawn, and of random pairs the one with the better record stays. Where
/// there is a market, places and nodes are drawn by their weight, and by their record.
/// - Source: protocol document 3 §5.6.
package struct NodeSelection {
    private let candidates: UploadCandidates
    private let settings: OverlaySettings
    let score: (NodeID) -> Double?
    var random: RandomSource
    var usedPlaces: Set<String>
    let excluded: Set<NodeID>
    let pieceSize: Int64

    /// A choice among candidates.
    ///
    /// - Parameters:
    ///   - score: the node's record in `0...1`, nil for none.
    ///   - excluded: nodes that must not be chosen.
    ///   - usedPlaces: places of nodes that have a piece already.
    ///   - pieceSize: bytes a node must have free.
    package init(
        candidates: UploadCandidates, settings: OverlaySettings, excluded: Set<NodeID>, usedPlaces: Set<String>,
        pieceSize: Int64 = 0, random: RandomSource, score: @escaping (NodeID) -> Double?
    ) {
        self.candidates = candidates
        self.settings = settings
        self.excluded = excluded
        self.pieceSize = pieceSize
        self.usedPlaces = usedPlaces
        self.random = random
        self.score = score
    }

    /// Chooses `count` different nodes in random order.
    ///
    /// Where one kind of nodes, vetted or not, is short, the other fills in: a young network has no vetted nodes. Nodes
    /// that did not answer lately come last: an upload succeeds without some of its pieces, but not without places.
    /// - Throws: `OverlayError.notEnoughNodes`.
    package mutating func select(_ count: Int) throws(OverlayError) -> [SelectedNode] {
        var chosen = draw(unvettedCount(count), from: candidates.unvetted)
        chosen += draw(count - chosen.count, from: candidates.vetted)
        if chosen.count < count { chosen += draw(count - chosen.count, from: candidates.unvetted) }
        if chosen.count < count { chosen += draw(count - chosen.count, from: candidates.doubtful) }
        guard chosen.count == count else { throw .notEnoughNodes(wanted: count, found: chosen.count) }
        chosen.shuffle(using: &random)
        return chosen
    }

    /// How many nodes without a record to take: a share of `count`, its fractional part decided by a coin.
    private mutating func unvettedCount(_ count: Int) -> Int {
        let total = candidates.vetted.count + candidates.unvetted.count
        guard total > 0 else { return 0 }
        let share = min(settings.unvettedShare, Double(candidates.unvetted.count) / Double(total))
        let expected = Double(count) * max(0, share)
        let whole = expected.rounded(.down)
        let coin = Double.random(in: 0..<1, using: &random) < expected - whole ? 1 : 0
        return min(count, Int(whole) + coin)
    }

    /// At most `count` nodes of a pool, each in a place not used before.
    private mutating func draw(_ count: Int, from pool: UploadCandidates.Pool) -> [SelectedNode] {
        guard count > 0 else { return [] }
        guard pool.weights.isEmpty else {
            let drawn = drawByWeight(count, from: pool)
            usedPlaces.formUnion(drawn.map(\.lastNet))
            return drawn
        }
        let wanted = count.multipliedReportingOverflow(by: max(1, settings.choiceOf)).partialValue
        var drawn: [SelectedNode] = []
        var order = SparseShuffle(count: pool.places.count)
        while drawn.count < wanted, let index = order.next(using: &random) {
            let place = pool.places[index]
            guard let first = place.first, !usedPlaces.contains(first.lastNet) else { continue }
            let free = place.filter { $0.freeDisk >= pieceSize && !excluded.contains($0.id) }
            if let node = free.randomElement(using: &random) { drawn.append(node) }
        }
        let kept = keepBest(count, of: drawn)
        usedPlaces.formUnion(kept.map(\.lastNet))
        return kept
    }

    /// Lets random pairs compete until `count` are left; a node without a record wins, so that it gets one.
    private mutating func keepBest(_ count: Int, of drawn: [SelectedNode]) -> [SelectedNode] {
        var left = drawn
        while left.count > count {
            left.shuffle(using: &random)
            let losers = min(left.count / 2, left.count - count)
            var winners = Array(left[(2 * losers)...])
            for pair in 0..<losers {
                let (first, second) = (left[2 * pair], left[2 * pair + 1])
                winners.append((score(first.id) ?? 2) >= (score(second.id) ?? 2) ? first : second)
            }
            left = winners
        }
        return left
    }
}

/// The numbers `0..<count` in random order, made one at a time and without a list of all.
struct SparseShuffle {
    private let count: Int
    private var given = 0
    private var moved: [Int: Int] = [:]

    init(count: Int) { self.count = count }

    /// The next number; nil when all were given.
    mutating func next(using random: inout RandomSource) -> Int? {
        guard given < count else { return nil }
        let place = Int.random(in: given..<count, using: &random)
        let number = moved[place] ?? place
        moved[place] = moved[given] ?? given
        given += 1
        return number
    }
}
