package import Blake3

/// The answer to one sample: a chunk, its way to the piece's hash, and the piece's way to the root of the set.
package struct SampleProof: Hashable, Sendable {
    /// The piece the chunk lies in.
    package let piece: CommittedPiece
    /// The piece's way to the root of the set.
    package let path: SetPath
    /// The chunk and its way to the piece's hash.
    package let chunk: ChunkProof

    /// A proof made by the farmer or sent by a peer.
    package init(piece: CommittedPiece, path: SetPath, chunk: ChunkProof) {
        self.piece = piece
        self.path = path
        self.chunk = chunk
    }

    /// Why the proof does not show that chunk `number` of the set with this root is there; nil when it does.
    package func objection(chunk number: UInt64, root: SumNode) -> Objection? {
        guard let (node, firstChunk) = path.root(from: piece.leaf), node == root else { return .otherSet }
        // The sum of the root bounds both, so this cannot overflow.
        guard number >= firstChunk, number - firstChunk < piece.chunkCount else { return .otherPiece }
        guard chunk.isValid(index: Int64(number - firstChunk), size: piece.size, root: piece.hash) else {
            return .otherContent
        }
        return nil
    }

    /// What is wrong with a proof.
    package enum Objection: String, Hashable, Sendable {
        /// The piece is not in the committed set.
        case otherSet
        /// The sampled chunk lies in another piece.
        case otherPiece
        /// The bytes are not those the uploader signed.
        case otherContent
    }
}
