package import StorageModel

/// Hashes a stream with BLAKE3, and keeps the chaining value of every 16 KiB group when asked to.
///
/// A value: copying it forks the stream. Hand over 64 KiB or more at once where possible, since whole subtrees are
/// hashed many chunks wide; the result does not depend on how the input was cut.
///
/// ```swift
/// var hasher = Blake3Hasher()
/// hasher.update([1, 2, 3])
/// let hash = hasher.finalize()
/// ```
///
/// - Source: protocol document 3 §9.3; BLAKE3 paper §2.4 and §5.1.2.
package struct Blake3Hasher: Sendable {
    /// Whole subtrees that wait for their right side, left to right.
    private var subtrees: SubtreeStack
    /// The bytes behind the last whole group, fewer than a group.
    private var rest: [UInt8] = []
    /// The values of the whole groups so far, 32 bytes each; nil when nobody asked for them.
    private var groups: [UInt8]?

    /// A hasher for an input from its start.
    ///
    /// - Parameters:
    ///   - collectingGroups: keep one value per group, for `groupValues()`; 0.2 % of the input's size.
    ///   - level: the kernels to use, at most `KernelLevel.best`.
    package init(collectingGroups: Bool = false, level: KernelLevel = .best) {
        precondition(level <= .best, "the machine runs the kernels it is asked to")
        subtrees = SubtreeStack(hashing: Subtree(level: level))
        groups = collectingGroups ? [] : nil
    }

    /// The hash of `bytes`.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> Bytes32 {
        var hasher = Blake3Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The hash of `bytes`.
    package static func hash(_ bytes: some Sequence<UInt8>) -> Bytes32 {
        var hasher = Blake3Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// How many bytes were taken so far.
    package var byteCount: Int64 { subtrees.chunkCount * Blake3Tree.chunkSize + Int64(rest.count) }

    /// Takes the next bytes; they are copied only where storage is not contiguous.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
            Array(bytes).withUnsafeBytes { update($0) }
        }
    }

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let groupSize = Int(Blake3Tree.groupSize)
        var bytes = bytes[...]
        if !rest.isEmpty {
            let missing = bytes.prefix(groupSize - rest.count)
            rest.append(contentsOf: missing)
            bytes = bytes.dropFirst(missing.count)
            guard rest.count == groupSize else { return }
            rest.withUnsafeBytes { subtrees.append(groups: $0, collecting: &groups) }
            rest.removeAll(keepingCapacity: true)
        }
        let whole = bytes.prefix(bytes.count / groupSize * groupSize)
        subtrees.append(groups: UnsafeRawBufferPointer(rebasing: whole), collecting: &groups)
        rest.append(contentsOf: bytes.dropFirst(whole.count))
    }

    /// The hash of all bytes so far; more may follow.
    package func finalize() -> Bytes32 {
        rest.withUnsafeBytes { subtrees.root(rest: $0) }
    }

    /// The values to store beside the input, `Blake3Tree.groupValuesSize(size: byteCount)` bytes.
    ///
    /// Only a hasher that was made to collect groups has them.
    package func groupValues() -> [UInt8] {
        guard var values = groups else { preconditionFailure("the hasher was made to collect groups") }
        guard byteCount > Blake3Tree.groupSize else { return [] }
        if !rest.isEmpty {
            values += rest.withUnsafeBytes { subtrees.value(rest: $0) }.bytes
        }
        return values
    }
}
