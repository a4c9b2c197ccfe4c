package import StorageModel

/// One chunk of an input and the siblings on its way to the root: proof of the chunk against the input's hash.
///
/// - Source: protocol document 3 §9.4.
package struct ChunkProof: Hashable, Sendable {
    /// The chunk's bytes: 1024, or the rest for the last chunk.
    package let chunk: [UInt8]
    /// The siblings' chaining values from the leaf to the root; `Blake3Tree.pathLength` of them.
    package let siblings: [Bytes32]

    /// A proof as a peer sent it; `root(index:size:)` judges it.
    package init(chunk: [UInt8], siblings: [Bytes32]) {
        self.chunk = chunk
        self.siblings = siblings
    }

    /// The hash that the proof leads to, in an input of `size` bytes where the chunk has that index.
    ///
    /// - Throws: `noSuchChunk`, `wrongChunkLength`, `wrongPathLength`.
    package func root(index: Int64, size: Int64) throws(Blake3Error) -> Bytes32 {
        guard let range = Blake3Tree.chunkRange(chunk: index, size: size) else { throw .noSuchChunk }
        guard chunk.count == range.count else { throw .wrongChunkLength }
        guard siblings.count == Blake3Tree.pathLength(chunk: index, size: size) else { throw .wrongPathLength }
        let leafCount = Blake3Tree.chunkCount(size: size)
        let leaf = chunk.withUnsafeBytes {
            Subtree(level: .best).value(of: $0, firstChunk: index, isRoot: leafCount == 1)
        }
        return zip(TreePath(leaf: index, leafCount: leafCount), siblings).reduce(leaf) { value, next in
            let (step, sibling) = next
            return step.isLeft
                ? Subtree.parent(value, sibling, isRoot: step.isRoot)
                : Subtree.parent(sibling, value, isRoot: step.isRoot)
        }
    }

    /// True when the proof shows that an input of `size` bytes with hash `root` has this chunk at that index.
    package func isValid(index: Int64, size: Int64, root: Bytes32) -> Bool {
        // Whatever is wrong with a proof, it is not valid; callers that want the reason ask for the root.
        (try? self.root(index: index, size: size)) == root
    }
}
