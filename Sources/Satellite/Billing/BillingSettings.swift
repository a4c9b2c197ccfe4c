package import Contracts

/// What the room lets an operator choose.
package struct BillingSettings: Sendable, Hashable {
    /// What customers pay.
    package var prices = CustomerPrices()
    /// Prices of placements that differ.
    package var placementPrices: [Int32: CustomerPrices] = [:]
    /// What a month with any usage costs at least.
    package var minimumMonth = USDAmount.zero
    /// After a month's end, how long orders may still come in before its invoices are issued.
    package var settlingTime: Duration = .seconds(3 * 86400)
    /// The pause between two looks for months to bill and bills to be paid.
    package var invoiceInterval: Duration = .seconds(3600)

    /// Hundredths of a deposit's value that are given on top.
    package var bonusPercent: UInt32 = 10
    /// Whether what was given is spent before what was paid in.
    package var spendsBonusFirst = false
    /// Blocks, the transfer's included, after which a deposit counts.
    package var confirmations: UInt64 = 15
    /// The pause between two looks for deposits.
    package var depositInterval: Duration = .seconds(60)
    /// The pause between two notes of what STORJ costs.
    package var quoteInterval: Duration = .seconds(60)
    /// Wallets no business is done with: what they pay in is credited, and frozen.
    package var sanctioned: [String] = []

    /// How long a bill may be open before its customer is warned.
    package var warnAfter: Duration = .seconds(7 * 86400)
    /// How long a bill may be open before its customer's account is frozen.
    package var freezeAfter: Duration = .seconds(30 * 86400)

    /// Where cards are charged, `https://api.stripe.com`; nil takes no cards.
    package var stripeURL: String?
    /// The secret key for it.
    package var stripeKey = ""
    /// What a card is charged at least and at most.
    package var cardRange = USDAmount(micro: 5_000_000)...USDAmount(micro: 10_000_000_000)

    /// Hundredths of what customers paid that are their partners'.
    package var partnerPercent: UInt32 = 10
    /// What is carried to the next month rather than paid out.
    package var partnerMinimum = USDAmount(micro: 1_000_000)

    /// The defaults.
    package init() {}
}

/// What customers pay, in millionths of a dollar.
///
/// - Source: economy design §2, customer price defaults.
package struct CustomerPrices: Sendable, Hashable {
    /// For 10¹² bytes over 720 hours.
    package var storageTBMonth: UInt64 = 4_000_000
    /// For 10¹² bytes.
    package var egressTB: UInt64 = 7_000_000
    /// For a million segments over 720 hours.
    package var millionSegmentMonth: UInt64 = 8_800_000

    /// The defaults.
    package init() {}
}
