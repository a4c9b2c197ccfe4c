package import Contracts

/// How farmers are paid.
package struct PaymentSettings: Sendable {
    /// The pause between two looks at what is to be stated, sent, opened and anchored.
    package var interval: Duration = .seconds(60)
    /// Seconds between a sheet that asks more and the moment from which it counts.
    package var noticeSeconds: UInt64 = 30 * 86400
    /// What a second of storage counts for; above 1 only where a network plays with time.
    package var timeScale: UInt64 = 1
    /// What farmers without a price sheet are paid.
    package var nodePrices = NodePrices()
    /// What is kept back of new nodes' pay.
    package var withholding = Withholding.none
    /// What customers pay: for the manifest.
    package var customerPrices = Manifest.CustomerPrices(
        storageTBMonth: 4_000_000, egressTB: 7_000_000, millionSegmentMonth: 8_800_000, minimumMonth: 0)
    /// The satellite's share of what customers pay, in thousandths of a percent: for the manifest.
    package var fee: UInt32 = 0
    /// Traffic that a price is compared with, in hundredths of what is stored, each month.
    package var trafficPercent: UInt64 = 10
    /// Farmers that earn at least so much in a month are paid by channels; nil: twenty times the fee of a claim.
    package var channelThreshold: TokenAmount?
    /// What a channel is opened with at least.
    package var leastDeposit = TokenAmount(TokenAmount.unitsPerToken)
    /// Seconds whose pay a channel is opened with and topped up by.
    package var depositSeconds: UInt64 = 30 * 86400
    /// A channel is topped up when less than so many hundredths of its deposit are left.
    package var topUpPercent: UInt64 = 30
    /// Seconds a farmer has to claim when the satellite closes its channel.
    package var challengeSeconds: UInt64 = 7 * 86400
    /// How often a channel is looked up on the ledger.
    package var channelCheckInterval: Duration = .seconds(3600)
    /// The pause before a statement that could not be delivered is sent again.
    package var deliveryRetry: Duration = .seconds(600)
    /// How long a node may take for a statement.
    package var deliveryTimeout: Duration = .seconds(30)
    /// Nodes spoken to at the same time.
    package var concurrency = 50
    /// Days of settled orders that are looked at for pay.
    package var orderDays = 90
    /// Heartbeats that a node's standing is made of.
    package var standingPeriods = 30
    /// Seconds for which a manifest counts; it is made again after half of them.
    package var manifestSeconds: UInt64 = 30 * 86400
    /// Pieces of a segment, and those needed: for the market's figures.
    package var totalShares: UInt32 = 110
    package var requiredShares: UInt32 = 29

    /// The defaults.
    package init() {}
}
