import Kernels
import StorageModel

extension Subtree {
    /// The value of a subtree of at most one group, or the hash when it is the whole input.
    func value(of bytes: UnsafeRawBufferPointer, firstChunk: Int64, isRoot: Bool) -> Bytes32 {
        precondition(bytes.count <= Int(Blake3Tree.groupSize), "larger inputs go through the hasher")
        return withUnsafeTemporaryAllocation(
            byteCount: Int(Blake3Tree.groupChunks) * Blake3Tree.valueSize, alignment: 64
        ) { values in
            let count = hashChunks(bytes, firstChunk: firstChunk, isRoot: isRoot, into: values)
            hashTop(values, count: count, isRoot: isRoot)
            return Bytes32(loading: UnsafeRawBufferPointer(values))
        }
    }

    /// The hash of an input whose tree has these values, at least 2, side by side on one level.
    func root(of values: [UInt8]) -> Bytes32 {
        var values = values
        return values.withUnsafeMutableBytes { values in
            hashTop(values, count: values.count / Blake3Tree.valueSize, isRoot: true)
            return Bytes32(loading: UnsafeRawBufferPointer(values))
        }
    }

    /// The value of the parent of two values, or the hash at the top of the tree.
    static func parent(_ left: Bytes32, _ right: Bytes32, isRoot: Bool) -> Bytes32 {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * Blake3Tree.valueSize) { children in
            _ = children.initialize(fromContentsOf: left.bytes + right.bytes)
            storj_blake3_parent(children.baseAddress, isRoot, children.baseAddress)
            return Bytes32(loading: UnsafeRawBufferPointer(children))
        }
    }
}

extension Bytes32 {
    /// Reads the first 32 bytes of a buffer that has them.
    init(loading bytes: UnsafeRawBufferPointer) {
        self.init(
            words: (0..<4).map { index in
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            })
    }
}
