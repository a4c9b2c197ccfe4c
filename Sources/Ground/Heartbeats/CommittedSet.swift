package import StorageModel

/// All pieces a farmer answers for in a period, as a Merkle-sum tree: made by farmer and payer from their own lists.
///
/// Pieces are sorted by id. `SetOutline` is the same tree for sets that are not held in memory.
///
/// - Source: economy design §5.1.
package struct CommittedSet: Sendable {
    /// The pieces in the order of their ids.
    package let pieces: [CommittedPiece]
    private let tree: SumTree

    /// A set of distinct pieces in any order.
    ///
    /// - Throws: `duplicatePiece`, `tooManyChunks`.
    package init(_ pieces: [CommittedPiece]) throws(HeartbeatError) {
        try self.init(sorted: pieces.sorted { $0.id < $1.id })
    }

    /// A set of pieces in the order of their ids.
    ///
    /// - Throws: `duplicatePiece`, also for pieces out of order; `tooManyChunks`.
    package init(sorted pieces: [CommittedPiece]) throws(HeartbeatError) {
        self.pieces = pieces
        for (piece, next) in zip(pieces, pieces.dropFirst()) where piece.id >= next.id {
            throw .duplicatePiece(next.id)
        }
        tree = try SumTree(pieces.map(\.leaf))
    }

    /// What both sides compare and sign: zero for no pieces.
    package var root: SumNode { tree.root }

    /// The piece that a chunk lies in, and the chunk's number in the piece; nil at or beyond the root's sum.
    package func locate(chunk: UInt64) -> (piece: Int, chunk: Int64)? {
        // A piece has fewer chunks than an Int64 has numbers: its size is one.
        tree.locate(chunk: chunk).map { ($0.leaf, Int64($0.chunk)) }
    }

    /// The way from a piece to the root.
    ///
    /// - Parameter index: of the piece in `pieces`.
    package func path(piece index: Int) -> SetPath { SetPath(steps: tree.steps(leaf: index)) }

    /// The roots of the subtrees of height `height` with their first pieces: what two sides exchange to find where their lists
    /// differ.
    package func subtrees(height: Int) -> [(firstPiece: PieceID, node: SumNode)] {
        tree.level(height).enumerated().map { (pieces[$0 << height].id, $1) }
    }
}
