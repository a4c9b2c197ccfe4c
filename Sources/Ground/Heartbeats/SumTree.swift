import StorageModel

/// The levels of a Merkle-sum tree. An odd last node of a level moves up unchanged.
///
/// - Source: economy design §5.1.
package struct SumTree: Sendable {
    /// The leaves first, the root last; no levels without leaves.
    private let levels: [[SumNode]]
    /// The number of the first chunk of every leaf.
    private let firstChunks: [UInt64]

    /// A tree over leaves.
    ///
    /// - Throws: `tooManyChunks`.
    package init(_ leaves: [SumNode]) throws(HeartbeatError) {
        var levels: [[SumNode]] = leaves.isEmpty ? [] : [leaves]
        while let level = levels.last, level.count > 1 { levels.append(try Self.above(level)) }
        self.levels = levels
        var next: UInt64 = 0
        var firstChunks: [UInt64] = []
        firstChunks.reserveCapacity(leaves.count)
        for leaf in leaves {
            firstChunks.append(next)
            // Cannot overflow: the root's sum did not.
            next += leaf.sum
        }
        self.firstChunks = firstChunks
    }

    private static func above(_ level: [SumNode]) throws(HeartbeatError) -> [SumNode] {
        var parents: [SumNode] = []
        parents.reserveCapacity(level.count / 2 + 1)
        for left in stride(from: 0, to: level.count, by: 2) {
            guard left + 1 < level.count else {
                parents.append(level[left])
                break
            }
            guard let parent = SumNode.parent(level[left], level[left + 1]) else { throw .tooManyChunks }
            parents.append(parent)
        }
        return parents
    }

    /// The root; zero without leaves.
    package var root: SumNode { levels.last?.first ?? SumNode(hash: Bytes32(), sum: 0) }

    /// The leaf that a chunk lies in, and the chunk's number in it; nil at or beyond the root's sum.
    package func locate(chunk: UInt64) -> (leaf: Int, chunk: UInt64)? {
        guard chunk < root.sum else { return nil }
        var low = 0
        var high = firstChunks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firstChunks[middle] <= chunk { low = middle } else { high = middle }
        }
        return (low, chunk - firstChunks[low])
    }

    /// The siblings between a leaf and the root, from the leaf upwards.
    package func steps(leaf index: Int) -> [SetPath.Step] {
        var steps: [SetPath.Step] = []
        var index = index
        for level in levels.dropLast() {
            let sibling = index ^ 1
            if sibling < level.count { steps.append(SetPath.Step(sibling: level[sibling], isLeft: sibling < index)) }
            index /= 2
        }
        return steps
    }

    /// The nodes at a height above the leaves; empty above the root.
    package func level(_ height: Int) -> [SumNode] { levels.indices.contains(height) ? levels[height] : [] }
}
