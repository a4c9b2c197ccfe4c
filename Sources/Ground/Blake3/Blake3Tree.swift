package import StorageModel

/// The shape of BLAKE3's tree over an input of known size: pure arithmetic.
///
/// A chunk is 1024 bytes, the last one 1 to 1024 (0 for the empty input). Sixteen chunks from a multiple of 16 on are a
/// group; every whole group is a subtree, so its chaining value is known before the input's size is.
///
/// - Source: protocol document 3 §9.3; BLAKE3 paper §2.4 and §6.4.
package enum Blake3Tree {
    /// Bytes of a chunk.
    package static let chunkSize: Int64 = 1024
    /// Chunks of a group.
    package static let groupChunks: Int64 = 16
    /// Bytes of a group.
    package static let groupSize: Int64 = chunkSize * groupChunks
    /// Bytes of a chaining value.
    package static let valueSize = 32

    /// The number of chunks, at least 1.
    ///
    /// - Parameter size: bytes of the input, not negative.
    package static func chunkCount(size: Int64) -> Int64 {
        max(1, quotientRoundedUp(size, chunkSize))
    }

    /// Bytes of the stored group values: 32 a group, or 0 for an input of one group, which is the root itself.
    ///
    /// - Parameter size: bytes of the input, not negative.
    package static func groupValuesSize(size: Int64) -> Int {
        size <= groupSize ? 0 : Int(quotientRoundedUp(size, groupSize)) * valueSize
    }

    /// The bytes of the input in the chunk with that index; nil when there is none.
    package static func chunkRange(chunk index: Int64, size: Int64) -> Range<Int64>? {
        guard size >= 0, index >= 0, index < chunkCount(size: size) else { return nil }
        let start = index * chunkSize
        return start..<start + min(chunkSize, size - start)
    }

    /// The bytes of the input in the group that holds the chunk with that index; nil when there is no such chunk.
    package static func groupRange(chunk index: Int64, size: Int64) -> Range<Int64>? {
        guard size >= 0, index >= 0, index < chunkCount(size: size) else { return nil }
        let start = index / groupChunks * groupSize
        return start..<start + min(groupSize, size - start)
    }

    /// The hash of an input from its stored group values.
    ///
    /// - Parameters:
    ///   - groupValues: `groupValuesSize(size:)` bytes.
    ///   - size: bytes of the input, more than one group.
    /// - Throws: `wrongGroupValuesLength` when the bytes do not fit the size, or the size needs no values.
    package static func root(groupValues: [UInt8], size: Int64) throws(Blake3Error) -> Bytes32 {
        guard size > groupSize, groupValues.count == groupValuesSize(size: size) else {
            throw .wrongGroupValuesLength
        }
        return Subtree(level: .best).root(of: groupValues)
    }

    /// The number of siblings between the chunk with that index and the root; nil when there is no such chunk.
    package static func pathLength(chunk index: Int64, size: Int64) -> Int? {
        guard chunkRange(chunk: index, size: size) != nil else { return nil }
        return TreePath(leaf: index, leafCount: chunkCount(size: size)).reduce(0) { count, _ in count + 1 }
    }

    private static func quotientRoundedUp(_ number: Int64, _ divisor: Int64) -> Int64 {
        number / divisor + (number % divisor == 0 ? 0 : 1)
    }
}
