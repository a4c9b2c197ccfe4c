import Blake3
import Crypto
package import StorageModel

/// A piece a farmer answers for: its id, its size and the BLAKE3 hash its uploader signed.
package struct CommittedPiece: Hashable, Sendable {
    /// The id under which the node keeps it.
    package let id: PieceID
    /// Bytes, not negative.
    package let size: Int64
    /// BLAKE3 of the piece, the root over its chunks of 1 KiB.
    package let hash: Bytes32

    /// A piece; nil for a negative size.
    package init?(id: PieceID, size: Int64, hash: Bytes32) {
        guard size >= 0 else { return nil }
        self.id = id
        self.size = size
        self.hash = hash
    }

    /// How many chunks the piece counts for, at least 1.
    package var chunkCount: UInt64 { UInt64(Blake3Tree.chunkCount(size: size)) }

    /// The leaf: `SHA-256(id ‖ u256(size) ‖ hash)` and the piece's chunks.
    ///
    /// - Source: economy design §5.1.
    package var leaf: SumNode {
        var hasher = SHA256()
        withUnsafeTemporaryAllocation(byteCount: 96, alignment: 8) { input in
            id.storage.store(in: input, at: 0)
            SumNode.writeWord(UInt64(size), to: input, at: 32)
            hash.store(in: input, at: 64)
            hasher.update(bufferPointer: UnsafeRawBufferPointer(input))
        }
        return SumNode(hash: SumNode.digest(hasher), sum: chunkCount)
    }
}
