import Crypto
package import StorageModel

/// The Merkle tree over a report's lines: one path shows that a line is in it.
///
/// - Source: RFC 6962 §2.1, with SHA-256: leaves are hashed behind a byte 0, nodes behind a byte 1.
package enum ReportTree {
    /// The hash of one line.
    package static func leaf(_ bytes: [UInt8]) -> Bytes32 { hash([0] + bytes) }

    /// The root over leaves; for none the hash of nothing.
    package static func root(_ leaves: [Bytes32]) -> Bytes32 {
        switch leaves.count {
        case 0: hash([])
        case 1: leaves[0]
        default:
            node(
                root(Array(leaves.prefix(split(leaves.count)))), root(Array(leaves.dropFirst(split(leaves.count)))))
        }
    }

    /// The siblings between a leaf and the root, from the leaf upwards.
    package static func path(_ leaves: [Bytes32], leaf index: Int) -> [Bytes32] {
        guard leaves.count > 1 else { return [] }
        let left = split(leaves.count)
        return index < left
            ? path(Array(leaves.prefix(left)), leaf: index) + [root(Array(leaves.dropFirst(left)))]
            : path(Array(leaves.dropFirst(left)), leaf: index - left) + [root(Array(leaves.prefix(left)))]
    }

    /// The root that a leaf's path leads to; nil when the path does not fit the place.
    package static func root(leaf: Bytes32, index: Int, count: Int, path: some Collection<Bytes32>) -> Bytes32? {
        guard index >= 0, index < count else { return nil }
        guard count > 1 else { return path.isEmpty ? leaf : nil }
        guard let sibling = Array(path).last else { return nil }
        let left = split(count)
        let below = Array(path.dropLast())
        if index < left {
            return root(leaf: leaf, index: index, count: left, path: below).map { node($0, sibling) }
        }
        return root(leaf: leaf, index: index - left, count: count - left, path: below).map { node(sibling, $0) }
    }

    /// The largest power of two below a count of at least 2.
    private static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

    private static func node(_ left: Bytes32, _ right: Bytes32) -> Bytes32 { hash([1] + left.bytes + right.bytes) }

    private static func hash(_ bytes: [UInt8]) -> Bytes32 {
        var hasher = SHA256()
        hasher.update(data: bytes)
        return SumNode.digest(hasher)
    }
}
