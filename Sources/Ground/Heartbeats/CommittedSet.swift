package import StorageModel

/// All pieces a farmer answers for in a period, as a Merkle-sum tree: made by farmer and payer from their own lists.
///
/// Pieces are sorted by id. An odd last node moves up unchanged.
///
/// - Source: economy design §5.1.
package struct CommittedSet: Sendable {
    /// The pieces in the order of their ids.
    package let pieces: [CommittedPiece]
    /// The leaves first, the root last; no levels for an empty set.
    private let levels: [[SumNode]]
    /// The number of the first chunk of every piece.
    private let firstChunks: [UInt64]

    /// A set of distinct pieces in any order.
    ///
    /// - Throws: `duplicatePiece`, `tooManyChunks`.
    package init(_ pieces: [CommittedPiece]) throws(HeartbeatError) {
        self.pieces = pieces.sorted { $0.id < $1.id }
        for (piece, next) in zip(self.pieces, self.pieces.dropFirst()) where piece.id == next.id {
            throw .duplicatePiece(piece.id)
        }
        var levels: [[SumNode]] = self.pieces.isEmpty ? [] : [self.pieces.map(\.leaf)]
        while let level = levels.last, level.count > 1 { levels.append(try Self.above(level)) }
        self.levels = levels
        var next: UInt64 = 0
        // Cannot overflow: the root's sum did not.
        firstChunks = self.pieces.map { piece in
            defer { next += piece.chunkCount }
            return next
        }
    }

    private static func above(_ level: [SumNode]) throws(HeartbeatError) -> [SumNode] {
        var parents: [SumNode] = []
        parents.reserveCapacity(level.count / 2 + 1)
        for left in stride(from: 0, to: level.count, by: 2) {
            guard left + 1 < level.count else {
                parents.append(level[left])
                break
            }
            guard let parent = SumNode.parent(level[left], level[left + 1]) else { throw .tooManyChunks }
            parents.append(parent)
        }
        return parents
    }

    /// What both sides compare and sign: zero for no pieces.
    package var root: SumNode { levels.last?.first ?? SumNode(hash: Bytes32(), sum: 0) }

    /// The piece that a chunk lies in, and the chunk's number in the piece; nil at or beyond the root's sum.
    package func locate(chunk: UInt64) -> (piece: Int, chunk: Int64)? {
        guard chunk < root.sum else { return nil }
        var low = 0
        var high = firstChunks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firstChunks[middle] <= chunk { low = middle } else { high = middle }
        }
        return (low, Int64(chunk - firstChunks[low]))
    }

    /// The way from a piece to the root.
    ///
    /// - Parameter index: of the piece in `pieces`.
    package func path(piece index: Int) -> SetPath {
        var steps: [SetPath.Step] = []
        var index = index
        for level in levels.dropLast() {
            let sibling = index ^ 1
            if sibling < level.count { steps.append(SetPath.Step(sibling: level[sibling], isLeft: sibling < index)) }
            index /= 2
        }
        return SetPath(steps: steps)
    }

    /// The roots of the subtrees of height `height` with their first pieces: what two sides exchange to find where their lists
    /// differ.
    package func subtrees(height: Int) -> [(firstPiece: PieceID, node: SumNode)] {
        guard levels.indices.contains(height) else { return [] }
        return levels[height].enumerated().map { (pieces[$0 << height].id, $1) }
    }
}
