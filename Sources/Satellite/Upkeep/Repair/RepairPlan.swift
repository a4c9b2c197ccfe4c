package import Metabase
package import Overlay
package import StorageModel

/// What a segment's pieces are worth and what becomes of them: the rules of repair without time, network or database.
///
/// ```
///                 ┌ lost, offline ──────────────── missing: nothing to be had
///   pieces ───────┤
///                 └ retrievable ┬ suspended, exiting, clumped, out of placement ─ unhealthy: still good to read
///                               └ healthy
/// ```
/// - Source: protocol document 3 §6.5.
package struct RepairPlan: Sendable {
    package let threshold: RepairThreshold
    /// The pieces without those that are proven bad, with their states.
    package let pieces: [(piece: SegmentPiece, state: PieceState)]
    package let healthyCount: Int

    /// Looks at pieces.
    ///
    /// - Parameter bad: pieces that were asked for and are not there, or not what was uploaded.
    package init(
        _ all: [SegmentPiece], placement: Int32, without bad: Set<PieceHolding> = [], threshold: RepairThreshold,
        classifier: PieceClassifier
    ) {
        let kept = all.filter { !bad.contains(PieceHolding($0)) }
        let states = classifier.classify(kept.map { ($0.number, $0.node) }, placement: placement)
        self.init(zip(kept, states.states.map(\.state)).map { ($0, $1) }, threshold: threshold)
    }

    /// Takes pieces with states that are known.
    package init(_ pieces: [(piece: SegmentPiece, state: PieceState)], threshold: RepairThreshold) {
        self.threshold = threshold
        self.pieces = pieces
        healthyCount = pieces.reduce(0) { $0 + ($1.state == .healthy ? 1 : 0) }
    }

    /// Pieces that can be read.
    package var retrievable: [(piece: SegmentPiece, state: PieceState)] {
        pieces.filter(\.state.isRetrievable)
    }

    /// Whether too few pieces can be read to restore the segment now.
    package var isIrreparable: Bool { retrievable.count < threshold.required }

    /// Whether new pieces are made.
    package var needsPieces: Bool { threshold.isReached(healthyCount: healthyCount) }

    /// New pieces that make it whole.
    package var goal: Int { max(0, threshold.optimal - healthyCount) }

    /// New pieces to be offered to nodes: some more than the goal, as the slowest are cancelled.
    ///
    /// - Parameter excess: at least 1.
    package func offerCount(excess: Double) -> Int {
        let wanted = (Double(threshold.optimal) * excess).rounded(.up)
        return max(0, min(Int(wanted), threshold.total) - healthyCount)
    }

    /// The numbers that new pieces may have, the best first: those nobody has, then those of pieces that are gone, of
    /// pieces that may come back, and last of pieces that can be read but lie in the wrong place.
    package var freeNumbers: [Int] {
        var ranks = [Int](repeating: 0, count: threshold.total)
        for (piece, state) in pieces {
            switch state {
            case .healthy: ranks[piece.number] = Self.taken
            case .lost: ranks[piece.number] = 1
            case .offline: ranks[piece.number] = 2
            case .suspended, .exiting, .clumped, .outOfPlacement: ranks[piece.number] = 3
            }
        }
        return (0..<Self.taken).flatMap { rank in ranks.indices.filter { ranks[$0] == rank } }
    }

    private static let taken = 4

    /// Of new pieces those that fit in: at a number without a healthy piece, on a node without one.
    package func fitting(_ new: [SegmentPiece]) -> [SegmentPiece] {
        var taken = Set(pieces.lazy.filter { $0.state == .healthy }.map(\.piece.number))
        var nodes = Set(pieces.map(\.piece.node))
        return new.filter { piece in
            guard (0..<threshold.total).contains(piece.number), !taken.contains(piece.number) else { return false }
            guard nodes.insert(piece.node).inserted else { return false }
            taken.insert(piece.number)
            return true
        }
    }

    /// The segment's pieces from now on, with new ones that fit.
    ///
    /// A piece goes when its number is given to a new one; when the segment is whole without it; or, out of its placement,
    /// when the segment needs no repair without it. Else it stays: a piece in the wrong place is better than none.
    package func result(storing new: [SegmentPiece]) -> [SegmentPiece] {
        let replaced = Set(new.map(\.number))
        let count = healthyCount + new.count
        let kept = pieces.filter { piece, state in
            if state == .healthy { return true }
            if replaced.contains(piece.number) { return false }
            if !new.isEmpty, count >= threshold.optimal { return false }
            return !(state == .outOfPlacement && count > threshold.repair)
        }
        return (kept.map(\.piece) + new).sorted { $0.number < $1.number }
    }
}

/// A piece on its node.
package struct PieceHolding: Hashable, Sendable {
    package let number: Int
    package let node: NodeID

    /// Where a piece lies.
    package init(_ piece: SegmentPiece) {
        number = piece.number
        node = piece.node
    }
}
