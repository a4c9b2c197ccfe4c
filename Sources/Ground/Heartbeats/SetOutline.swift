/// The upper part of a committed set's tree: what must be in memory to find any sample of a large set on a disk.
///
/// The sorted pieces are cut into blocks of `blockSize`; a block is a subtree, and its root is all that is kept of it:
/// 160 KiB for a million pieces. A sample is answered by reading one block again.
package struct SetOutline: Sendable {
    /// Pieces of a block, a power of two, so that a block is a whole subtree. The last one may have fewer.
    package static let blockSize = 256

    private let tree: SumTree

    /// An outline of the roots of all blocks, in order.
    ///
    /// - Throws: `tooManyChunks`.
    package init(blocks: [SumNode]) throws(HeartbeatError) {
        tree = try SumTree(blocks)
    }

    /// The root of the whole set.
    package var root: SumNode { tree.root }

    /// The block that a chunk lies in, and the chunk's number in it; nil at or beyond the root's sum.
    package func locate(chunk: UInt64) -> (block: Int, chunk: UInt64)? {
        tree.locate(chunk: chunk).map { ($0.leaf, $0.chunk) }
    }

    /// A sample in a block that was read again: the piece, its way to the root of the whole set, and the chunk in it.
    ///
    /// - Parameters:
    ///   - chunk: its number in the block.
    ///   - pieces: the block's pieces.
    ///   - index: of the block.
    /// - Returns: nil when the pieces are not the ones the outline was made of.
    package func sample(
        chunk: UInt64, in pieces: CommittedSet, block index: Int
    ) -> (piece: CommittedPiece, path: SetPath, chunk: Int64)? {
        let steps = tree.steps(leaf: index)
        guard let place = pieces.locate(chunk: chunk) else { return nil }
        let piece = pieces.pieces[place.piece]
        let path = SetPath(steps: pieces.path(piece: place.piece).steps + steps)
        guard path.root(from: piece.leaf)?.node == root else { return nil }
        return (piece, path, place.chunk)
    }
}
