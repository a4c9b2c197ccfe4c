package import Heartbeats

/// One sample of a challenge: the piece it lies in, the piece's way to the root, and the chunk.
package struct AskedSample: Sendable {
    /// The piece.
    package let piece: CommittedPiece
    /// Its way to the root of the set.
    package let path: SetPath
    /// The chunk's number in the piece.
    package let chunk: Int64

    /// Finds the samples of a challenge in a set's file.
    ///
    /// - Parameter root: what the node committed to.
    /// - Throws: `MarketError` for a file that is not there, or not the one of the root.
    package static func find(_ challenge: Challenge, in file: String, root: SumNode) throws -> [AskedSample] {
        let set = try SetFile(path: file)
        guard set.outline.root == root else { throw MarketError.damagedFile(file) }
        return try challenge.chunks.map { try set.sample(chunk: $0) }
    }
}
