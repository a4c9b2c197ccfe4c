import Crypto
package import StorageModel

/// A node of the Merkle-sum tree over a farmer's pieces: a hash, and how many chunks lie below it.
///
/// The sums are hashed with the children, so the root commits to which pieces and to how many bytes: a random number
/// below the root's sum hits every kilobyte with the same probability.
///
/// - Source: economy design §5.1.
package struct SumNode: Hashable, Sendable {
    /// What stands for everything below.
    package let hash: Bytes32
    /// Chunks below.
    package let sum: UInt64

    /// A node as a peer sent it.
    package init(hash: Bytes32, sum: UInt64) {
        self.hash = hash
        self.sum = sum
    }

    /// The node above two neighbours; nil when their sums overflow, which only a liar's do.
    package static func parent(_ left: SumNode, _ right: SumNode) -> SumNode? {
        let (sum, overflow) = left.sum.addingReportingOverflow(right.sum)
        guard !overflow else { return nil }
        var hasher = SHA256()
        withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { input in
            write(left, to: input, at: 0)
            write(right, to: input, at: 64)
            hasher.update(bufferPointer: UnsafeRawBufferPointer(input))
        }
        return SumNode(hash: digest(hasher), sum: sum)
    }

    /// A hash and a sum as two words of 32 bytes.
    private static func write(_ node: SumNode, to buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
        node.hash.store(in: buffer, at: offset)
        writeWord(node.sum, to: buffer, at: offset + Bytes32.byteCount)
    }

    /// A number as 32 bytes, the highest first.
    static func writeWord(_ number: UInt64, to buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
        for start in stride(from: 0, to: 24, by: 8) {
            buffer.storeBytes(of: 0, toByteOffset: offset + start, as: UInt64.self)
        }
        buffer.storeBytes(of: number.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
    }

    static func digest(_ hasher: SHA256) -> Bytes32 {
        hasher.finalize().withUnsafeBytes { Bytes32(loading: $0) }
    }
}
