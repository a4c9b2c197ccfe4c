/// The siblings between a piece's leaf and the root of the set, and on which side they stand.
package struct SetPath: Hashable, Sendable {
    /// One level.
    package struct Step: Hashable, Sendable {
        /// The neighbour.
        package let sibling: SumNode
        /// Whether the neighbour stands to the left.
        package let isLeft: Bool

        /// A step as a peer sent it.
        package init(sibling: SumNode, isLeft: Bool) {
            self.sibling = sibling
            self.isLeft = isLeft
        }
    }

    /// Levels a set of 2^64 pieces would have.
    package static let maximumLength = 64

    /// From the leaf upwards.
    package let steps: [Step]

    /// A path as a peer sent it.
    package init(steps: [Step]) {
        self.steps = steps
    }

    /// The root the path leads to, and how many chunks stand before the leaf's; nil when sums overflow or the path is
    /// longer than any.
    package func root(from leaf: SumNode) -> (node: SumNode, firstChunk: UInt64)? {
        guard steps.count <= Self.maximumLength else { return nil }
        var node = leaf
        var firstChunk: UInt64 = 0
        for step in steps {
            let parent = step.isLeft ? SumNode.parent(step.sibling, node) : SumNode.parent(node, step.sibling)
            guard let parent else { return nil }
            // Cannot overflow: it is part of the parent's sum.
            if step.isLeft { firstChunk += step.sibling.sum }
            node = parent
        }
        return (node, firstChunk)
    }
}
