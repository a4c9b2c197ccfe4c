package import Ethereum
package import StorageModel

/// What a satellite says at the end of a period: what it owes everybody in all, and the root of its reports.
///
/// - Source: economy design §5.4, §7.4.
package struct PayoutAnchor: Hashable, Sendable {
    /// Grows from anchor to anchor.
    package var period: UInt64
    /// Root of the `PayoutTree`.
    package var payoutRoot: Bytes32
    /// Root of what heartbeats gave.
    package var reportRoot: Bytes32
    /// The sum of all cumulative amounts.
    package var total: TokenAmount
    /// Farmers in the tree.
    package var farmerCount: UInt64

    /// An anchor.
    package init(period: UInt64, payoutRoot: Bytes32, reportRoot: Bytes32, total: TokenAmount, farmerCount: UInt64) {
        self.period = period
        self.payoutRoot = payoutRoot
        self.reportRoot = reportRoot
        self.total = total
        self.farmerCount = farmerCount
    }
}

/// A farmer's share of the newest root, with its path.
package struct PayoutClaim: Hashable, Sendable {
    package var satellite: Address
    package var farmer: Address
    /// All that is owed since the beginning.
    package var cumulative: TokenAmount
    /// From the leaf to the root.
    package var path: [Bytes32]

    /// Siblings in a path at most: 2³² farmers.
    package static let maximumPathLength = 32

    /// A claim.
    package init(satellite: Address, farmer: Address, cumulative: TokenAmount, path: [Bytes32]) {
        self.satellite = satellite
        self.farmer = farmer
        self.cumulative = cumulative
        self.path = path
    }
}

/// What the ledger keeps of a satellite that pays by roots.
package struct PayoutState: Hashable, Sendable {
    /// Money that waits.
    package var pool = TokenAmount.zero
    /// The newest anchor.
    package var anchor: PayoutAnchor?

    /// Nothing.
    package init() {}
}

/// Whom a satellite has paid.
package struct PayoutKey: Hashable, Sendable {
    package let satellite: Address
    package let farmer: Address

    /// A pair.
    package init(satellite: Address, farmer: Address) {
        self.satellite = satellite
        self.farmer = farmer
    }
}
