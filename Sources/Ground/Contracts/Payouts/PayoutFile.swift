package import Ethereum
package import StorageModel

/// What a satellite publishes of a payout root: every farmer's amount, so that anyone can make the tree again.
package struct PayoutFile: Hashable, Sendable {
    /// One farmer's amount since the beginning.
    package struct Entry: Hashable, Sendable {
        package var farmer: Address
        package var cumulative: TokenAmount

        /// An entry.
        package init(farmer: Address, cumulative: TokenAmount) {
            self.farmer = farmer
            self.cumulative = cumulative
        }
    }

    /// Who owes.
    package var satellite: Address
    /// What was put on the ledger.
    package var anchor: PayoutAnchor
    /// By farmer, ascending.
    package var entries: [Entry]

    /// The file of amounts. Without any the root is zero, and nobody can claim by it.
    ///
    /// - Returns: nil when the sum is more than there can be.
    package init?(satellite: Address, period: UInt64, reportRoot: Bytes32, amounts: [Address: TokenAmount]) {
        let tree = PayoutTree(amounts)
        var total = TokenAmount.zero
        for amount in amounts.values {
            guard let sum = total.adding(amount) else { return nil }
            total = sum
        }
        self.satellite = satellite
        entries = tree?.entries.map { Entry(farmer: $0.farmer, cumulative: $0.cumulative) } ?? []
        anchor = PayoutAnchor(
            period: period, payoutRoot: tree?.root ?? Bytes32(), reportRoot: reportRoot, total: total,
            farmerCount: UInt64(amounts.count))
    }

    /// Whether entries and anchor fit together.
    package var isSound: Bool {
        entries.isEmpty
            ? anchor.payoutRoot.isZero && anchor.total == .zero && anchor.farmerCount == 0 : tree != nil
    }

    /// The tree, made again; nil without farmers, and when entries and anchor do not fit together.
    package var tree: PayoutTree? {
        guard zip(entries, entries.dropFirst()).allSatisfy({ $0.farmer < $1.farmer }),
            let tree = PayoutTree(Dictionary(entries.map { ($0.farmer, $0.cumulative) }) { first, _ in first }),
            tree.root == anchor.payoutRoot, UInt64(entries.count) == anchor.farmerCount,
            entries.reduce(TokenAmount.zero as TokenAmount?, { $0?.adding($1.cumulative) }) == anchor.total
        else { return nil }
        return tree
    }

    /// A farmer's claim; nil for one who is not in it, or when the file does not fit its anchor.
    package func claim(of farmer: Address) -> PayoutClaim? {
        guard let tree, let path = tree.path(of: farmer), let entry = entries.first(where: { $0.farmer == farmer }) else {
            return nil
        }
        return PayoutClaim(satellite: satellite, farmer: farmer, cumulative: entry.cumulative, path: path)
    }
}

extension PayoutFile: RLPValue {
    package var rlp: RLP {
        .list([satellite.rlp, anchor.rlp, .list(entries.map { .list([$0.farmer.rlp, $0.cumulative.rlp]) })])
    }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "payout file", count: 3)
        satellite = try fields.next()
        anchor = try fields.next()
        entries = []
        for item in try fields.item().asList() {
            var entry = try RLPFields(item, of: "payout", count: 2)
            entries.append(Entry(farmer: try entry.next(), cumulative: try entry.next()))
        }
    }
}
