import StorageModel

/// The whole groups of a stream, kept as the values of the largest subtrees that are complete.
///
/// The counts of chunks in the subtrees are the binary digits of `chunkCount`, except that the last two are kept apart
/// until more comes: their parent may turn out to be the root (BLAKE3 paper §5.1.2).
struct SubtreeStack: Sendable {
    private let hashing: Subtree
    /// 32 bytes a subtree, left to right.
    private var values: [UInt8] = []
    /// Chunks in all subtrees, a multiple of 16.
    private(set) var chunkCount: Int64 = 0

    /// Chunks hashed in one go: 256 KiB keep all kernels wide and 8 KiB of values in the first cache.
    private static let batchChunks: Int64 = 256

    init(hashing: Subtree) {
        self.hashing = hashing
    }

    /// Takes whole groups, in the largest subtrees their position allows.
    mutating func append(groups bytes: UnsafeRawBufferPointer, collecting groups: inout [UInt8]?) {
        precondition(bytes.count % Int(Blake3Tree.groupSize) == 0, "only whole groups are subtrees")
        var bytes = bytes
        while !bytes.isEmpty {
            let chunks = subtreeChunks(available: Int64(bytes.count) / Blake3Tree.chunkSize)
            let size = Int(chunks * Blake3Tree.chunkSize)
            append(subtree: UnsafeRawBufferPointer(rebasing: bytes.prefix(size)), collecting: &groups)
            bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(size))
        }
    }

    /// The largest power of two that fits what is there and divides what went before.
    private func subtreeChunks(available: Int64) -> Int64 {
        let fitting = Int64(1) << Int64(63 - available.leadingZeroBitCount)
        let aligned = chunkCount == 0 ? fitting : 1 << Int64(chunkCount.trailingZeroBitCount)
        return min(Self.batchChunks, fitting, aligned)
    }

    private mutating func append(subtree bytes: UnsafeRawBufferPointer, collecting groups: inout [UInt8]?) {
        let chunks = Int64(bytes.count) / Blake3Tree.chunkSize
        withUnsafeTemporaryAllocation(byteCount: Int(chunks) * Blake3Tree.valueSize, alignment: 64) { buffer in
            var count = hashing.hashChunks(bytes, firstChunk: chunkCount, isRoot: false, into: buffer)
            let groupCount = count / Int(Blake3Tree.groupChunks)
            while count > 2 {
                if count == groupCount { groups?.append(contentsOf: buffer.prefix(count * Blake3Tree.valueSize)) }
                count = hashing.hashParents(buffer, count: count)
            }
            let half = buffer.prefix(Blake3Tree.valueSize)
            let otherHalf = buffer[Blake3Tree.valueSize..<2 * Blake3Tree.valueSize]
            push(half, chunks: chunks / 2)
            push(otherHalf, chunks: chunks / 2)
            guard groups != nil, groupCount <= 2 else { return }
            if groupCount == 1 { hashing.hashTop(buffer, count: 2, isRoot: false) }
            groups?.append(contentsOf: buffer.prefix(groupCount * Blake3Tree.valueSize))
        }
    }

    private mutating func push(_ value: Slice<UnsafeMutableRawBufferPointer>, chunks: Int64) {
        merge()
        values.append(contentsOf: value)
        chunkCount += chunks
    }

    /// Joins neighbours until there is one subtree for each binary digit of `chunkCount`.
    private mutating func merge() {
        while values.count / Blake3Tree.valueSize > chunkCount.nonzeroBitCount {
            joinLastTwo(isRoot: false)
        }
    }

    private mutating func joinLastTwo(isRoot: Bool) {
        let start = values.count - 2 * Blake3Tree.valueSize
        values.withUnsafeMutableBytes { values in
            hashing.hashTop(UnsafeMutableRawBufferPointer(rebasing: values[start...]), count: 2, isRoot: isRoot)
        }
        values.removeLast(Blake3Tree.valueSize)
    }

    /// The value of the last group, which `rest` fills only in part.
    func value(rest: UnsafeRawBufferPointer) -> Bytes32 {
        hashing.value(of: rest, firstChunk: chunkCount, isRoot: false)
    }

    /// The hash of the whole groups and `rest`, which is fewer than a group.
    func root(rest: UnsafeRawBufferPointer) -> Bytes32 {
        if chunkCount == 0 { return hashing.value(of: rest, firstChunk: 0, isRoot: true) }
        var stack = self
        if !rest.isEmpty {
            stack.merge()
            stack.values += value(rest: rest).bytes
        }
        while stack.values.count > Blake3Tree.valueSize {
            stack.joinLastTwo(isRoot: stack.values.count == 2 * Blake3Tree.valueSize)
        }
        return stack.values.withUnsafeBytes { Bytes32(loading: $0) }
    }
}
