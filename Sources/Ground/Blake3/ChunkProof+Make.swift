import StorageModel

extension ChunkProof {
    /// Makes the proof of one chunk from the bytes of its group and the stored group values.
    ///
    /// The proof is right only if the group values are; check it against the hash to find a damaged value.
    ///
    /// - Parameters:
    ///   - index: of the chunk, in `0..<Blake3Tree.chunkCount(size:)`.
    ///   - size: bytes of the whole input.
    ///   - group: the bytes in `Blake3Tree.groupRange(chunk:size:)`.
    ///   - groupValues: `Blake3Tree.groupValuesSize(size:)` bytes.
    /// - Throws: `noSuchChunk`, `wrongGroupLength`, `wrongGroupValuesLength`; `groupMismatch` when the group's bytes or
    ///   its stored value are damaged.
    package static func make(
        chunk index: Int64, size: Int64, group: [UInt8], groupValues: [UInt8]
    ) throws(Blake3Error) -> ChunkProof {
        guard let groupRange = Blake3Tree.groupRange(chunk: index, size: size),
            let chunkRange = Blake3Tree.chunkRange(chunk: index, size: size)
        else { throw .noSuchChunk }
        guard group.count == groupRange.count else { throw .wrongGroupLength }
        guard groupValues.count == Blake3Tree.groupValuesSize(size: size) else { throw .wrongGroupValuesLength }

        let start = Int(chunkRange.lowerBound - groupRange.lowerBound)
        let chunk = Array(group[start..<start + chunkRange.count])
        let firstChunk = index / Blake3Tree.groupChunks * Blake3Tree.groupChunks
        let leaves = chunkValues(group, firstChunk: firstChunk)
        let lower = siblings(of: index - firstChunk, among: leaves)
        if groupValues.isEmpty { return ChunkProof(chunk: chunk, siblings: lower) }

        let groups = split(groupValues)
        let groupIndex = index / Blake3Tree.groupChunks
        let value = group.withUnsafeBytes {
            Subtree(level: .best).value(of: $0, firstChunk: firstChunk, isRoot: false)
        }
        guard groups[Int(groupIndex)] == value else { throw .groupMismatch }
        return ChunkProof(chunk: chunk, siblings: lower + siblings(of: groupIndex, among: groups))
    }

    /// The values of a group's chunks.
    private static func chunkValues(_ group: [UInt8], firstChunk: Int64) -> [Bytes32] {
        let capacity = Int(Blake3Tree.groupChunks) * Blake3Tree.valueSize
        let values = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let chunks = group.withUnsafeBytes {
                Subtree(level: .best).hashChunks(
                    $0, firstChunk: firstChunk, isRoot: false, into: UnsafeMutableRawBufferPointer(buffer))
            }
            count = chunks * Blake3Tree.valueSize
        }
        return split(values)
    }

    private static func split(_ values: [UInt8]) -> [Bytes32] {
        values.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: Blake3Tree.valueSize).map { start in
                Bytes32(loading: UnsafeRawBufferPointer(rebasing: bytes[start..<start + Blake3Tree.valueSize]))
            }
        }
    }

    /// The siblings on the way from a leaf to the top of the tree over `leaves`.
    private static func siblings(of leaf: Int64, among leaves: [Bytes32]) -> [Bytes32] {
        var level = 0
        var values = leaves
        return TreePath(leaf: leaf, leafCount: Int64(leaves.count)).map { step in
            while level < step.level {
                values = parents(of: values)
                level += 1
            }
            return values[Int(step.sibling)]
        }
    }

    /// The next level; a sibling is never the root, nor are the values that lead to it.
    private static func parents(of values: [Bytes32]) -> [Bytes32] {
        stride(from: 0, to: values.count, by: 2).map { index in
            index + 1 < values.count
                ? Subtree.parent(values[index], values[index + 1], isRoot: false)
                : values[index]
        }
    }
}
