/// The way from a leaf to the root: one step for every parent that has two children.
///
/// - Source: protocol document 3 §9.4: sides and length follow from the leaf's index and the count of leaves alone.
struct TreePath: Sequence, IteratorProtocol {
    /// One parent on the way.
    struct Step {
        /// The sibling's index on its level.
        let sibling: Int64
        /// True when the way comes from the left child.
        let isLeft: Bool
        /// The level of the sibling: 0 for leaves.
        let level: Int
        /// True at the top of the tree.
        let isRoot: Bool
    }

    private var index: Int64
    private var count: Int64
    private var level = 0

    /// - Parameter leaf: in `0..<leafCount`.
    init(leaf: Int64, leafCount: Int64) {
        index = leaf
        count = leafCount
    }

    mutating func next() -> Step? {
        while count > 1 {
            let current = (index: index, count: count, level: level)
            index /= 2
            count = count / 2 + count % 2
            level += 1
            // The last of an odd count goes up alone.
            if current.index == current.count - 1, current.count % 2 == 1 { continue }
            return Step(
                sibling: current.index ^ 1, isLeft: current.index % 2 == 0, level: current.level,
                isRoot: current.count == 2)
        }
        return nil
    }
}
