package import Ethereum
package import StorageModel

/// The tree over what a satellite owes everybody; its root goes on the ledger, and every farmer shows its own path.
///
/// Leaves are hashed twice and inner nodes once with another prefix, so neither passes for the other. Siblings are
/// ordered by value: a path needs no sides.
///
/// - Source: economy design §7.4.
package struct PayoutTree: Sendable {
    /// What is owed, sorted by farmer.
    package let entries: [(farmer: Address, cumulative: TokenAmount)]
    private let levels: [[Bytes32]]

    /// A tree; a farmer named twice makes none.
    package init?(_ entries: [Address: TokenAmount]) {
        guard !entries.isEmpty else { return nil }
        self.entries = entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        var levels = [self.entries.map { Self.leaf(farmer: $0.farmer, cumulative: $0.cumulative) }]
        while let level = levels.last, level.count > 1 {
            levels.append(
                stride(from: 0, to: level.count, by: 2).map { index in
                    index + 1 < level.count ? Self.node(level[index], level[index + 1]) : level[index]
                })
        }
        self.levels = levels
    }

    /// What the ledger is told.
    package var root: Bytes32 { levels[levels.count - 1][0] }

    /// The siblings from a farmer's leaf to the root; nil for one who is not owed anything.
    package func path(of farmer: Address) -> [Bytes32]? {
        guard var index = entries.firstIndex(where: { $0.farmer == farmer }) else { return nil }
        var path: [Bytes32] = []
        for level in levels.dropLast() {
            if index ^ 1 < level.count { path.append(level[index ^ 1]) }
            index /= 2
        }
        return path
    }

    /// The root that a leaf and its path lead to.
    static func root(farmer: Address, cumulative: TokenAmount, path: [Bytes32]) -> Bytes32 {
        path.reduce(leaf(farmer: farmer, cumulative: cumulative), node)
    }

    private static func leaf(farmer: Address, cumulative: TokenAmount) -> Bytes32 {
        let inner = Keccak256.hash(ABIValue.encode([.address(farmer), .uint(cumulative.units)]))
        return Keccak256.hash([0] + inner.bytes)
    }

    private static func node(_ left: Bytes32, _ right: Bytes32) -> Bytes32 {
        Keccak256.hash([1] + min(left, right).bytes + max(left, right).bytes)
    }
}
