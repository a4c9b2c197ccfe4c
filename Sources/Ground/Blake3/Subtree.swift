import Kernels

/// Chaining values of whole subtrees, computed level by level in the caller's buffers.
///
/// Values are 32 bytes each and stand side by side. A level with an odd count hands its last value up unchanged,
/// which is the same tree as "the left side takes the largest power of two" (BLAKE3 paper §2.4).
struct Subtree {
    /// The kernels to use, at most `KernelLevel.best`.
    let level: KernelLevel

    /// Writes the values of all chunks of `bytes` and returns their count, at least 1.
    ///
    /// - Parameters:
    ///   - firstChunk: the index of the first chunk in the whole input.
    ///   - values: room for 32 bytes a chunk.
    ///   - isRoot: true when `bytes` is the whole input; it matters to an input of one chunk only.
    func hashChunks(
        _ bytes: UnsafeRawBufferPointer, firstChunk: Int64, isRoot: Bool, into values: UnsafeMutableRawBufferPointer
    ) -> Int {
        let chunkSize = Int(Blake3Tree.chunkSize)
        let count = max(1, (bytes.count + chunkSize - 1) / chunkSize)
        precondition(values.count >= count * Blake3Tree.valueSize, "every chunk has room for its value")
        guard let input = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            storj_blake3_chunk(nil, 0, UInt64(firstChunk), isRoot, values.bytePointer)
            return 1
        }
        // A single chunk may be the root, and a short one is not for the wide kernels.
        let whole = count == 1 ? 0 : bytes.count / chunkSize
        storj_blake3_chunks(level.rawValue, input, whole, UInt64(firstChunk), values.bytePointer)
        if whole < count {
            storj_blake3_chunk(
                input + whole * chunkSize, bytes.count - whole * chunkSize, UInt64(firstChunk) + UInt64(whole),
                isRoot && count == 1, values.bytePointer + whole * Blake3Tree.valueSize)
        }
        return count
    }

    /// Replaces `count` values by those of their parents and returns how many these are.
    ///
    /// - Parameter count: at least 2, and more than 2 when the parent of two would be the root.
    func hashParents(_ values: UnsafeMutableRawBufferPointer, count: Int) -> Int {
        precondition(values.count >= count * Blake3Tree.valueSize, "the values are in the buffer")
        let pairs = count / 2
        storj_blake3_parents(level.rawValue, values.bytePointer, pairs, values.bytePointer)
        guard count % 2 == 1 else { return pairs }
        let size = Blake3Tree.valueSize
        let odd = UnsafeRawBufferPointer(rebasing: values[(count - 1) * size..<count * size])
        UnsafeMutableRawBufferPointer(rebasing: values[pairs * size..<(pairs + 1) * size]).copyMemory(from: odd)
        return pairs + 1
    }

    /// Reduces `count` values to the one at the top, at the buffer's start.
    ///
    /// - Parameter isRoot: true when the top is the root; a single value is left as it is.
    func hashTop(_ values: UnsafeMutableRawBufferPointer, count: Int, isRoot: Bool) {
        var count = count
        while count > 2 { count = hashParents(values, count: count) }
        if count == 2 { storj_blake3_parent(values.bytePointer, isRoot, values.bytePointer) }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// The start, as the kernels take it; only buffers that are not empty come here.
    fileprivate var bytePointer: UnsafeMutablePointer<UInt8> {
        guard let baseAddress else { preconditionFailure("values have room") }
        return baseAddress.assumingMemoryBound(to: UInt8.self)
    }
}
