package import StorageModel

/// How a customer deals with farmers.
package struct DirectSettings: Sendable, Hashable {
    /// How segments are spread; nil: as fits the number of farmers.
    package var scheme: RedundancyScheme?
    /// Seconds a farmer has to claim after the customer began to close a channel.
    package var challenge: UInt64 = 7 * 86400
    /// Samples of a heartbeat.
    package var sampleCount = 80
    /// How long a node may take for an answer.
    package var timeout = Duration.seconds(30)
    /// The highest price of 10¹² bytes for 720 hours, in base units of STORJ; nil takes any.
    package var priceLimit: UInt64?
    /// How long the binding of customer and wallet is valid.
    package var bindingLifetime = Duration.seconds(366 * 86400)
    /// Bytes that may be in memory on their way to farmers.
    package var memoryBudget = 96 << 20
    /// Whether receipts are signed for passed heartbeats. False is a payer who refuses: for tests and demonstrations.
    package var signsReceipts = true

    /// The defaults.
    package init() {}

    /// The scheme for a number of farmers, at least 1: a fifth of the pieces may be late, and two fifths restore.
    package static func scheme(farmers: Int) -> RedundancyScheme {
        let total = min(farmers, RedundancyScheme.release.totalShares)
        if total == RedundancyScheme.release.totalShares { return .release }
        let required = max(1, total * 2 / 5)
        let optimal = max(required, total - total / 5)
        guard let scheme = RedundancyScheme(
            required: required, repair: (required + optimal) / 2, optimal: optimal, total: max(1, total))
        else { preconditionFailure("the parts grow with the number of farmers") }
        return scheme
    }
}

/// What is agreed with farmers about the pieces of one deal.
package struct DealTerms: Sendable, Hashable {
    /// Seconds of a period.
    package var period: UInt64 = 86400
    /// Periods, 1…256.
    package var periodCount: UInt64 = 30
    /// Seconds to prove after the day of a period's beacon.
    package var window: UInt64 = 86400
    /// Further seconds before missed periods are refunded.
    package var grace: UInt64 = 86400
    /// What a farmer locks: so many periods' prices. It loses one with each missed period.
    package var collateralPeriods: UInt64 = 0

    /// The defaults: thirty days.
    package init() {}
}
