/// Why a tree, a group or a proof was refused.
package enum Blake3Error: Error, Hashable, Sendable {
    /// The size is negative, or the input of that size has no chunk with that index.
    case noSuchChunk
    /// The bytes given for a group are not as many as the size and index demand.
    case wrongGroupLength
    /// The stored group values are not as many bytes as the size demands.
    case wrongGroupValuesLength
    /// The chunk of a proof is not 1024 bytes, or not the rest for the last chunk.
    case wrongChunkLength
    /// The proof has more or fewer siblings than the path from that chunk to the root.
    case wrongPathLength
    /// The group's bytes do not hash to its stored value: one of them is damaged.
    case groupMismatch
}
