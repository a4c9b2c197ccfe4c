/// How small farmers get what payout roots promise them.
package struct PayoutSettings: Sendable {
    /// The pause between two looks at what arrived at farmers, and at a run that is under way.
    package var interval: Duration = .seconds(60)
    /// The pause between two runs; zero begins one only when the operator says so.
    package var runInterval: Duration = .seconds(30 * 86400)
    /// A wallet is not paid while its share of the fee is more than so many hundredths of what is due; that is carried over.
    package var feePercent: UInt64 = 25
    /// Farmers in one operation, in `1...64`.
    package var batchSize = 64

    /// The defaults.
    package init() {}
}
