import Ethereum

/// What transactions may cost.
package struct FeeSettings: Hashable, Sendable {
    /// Wei in a gwei.
    package static let gwei: UInt64 = 1_000_000_000

    /// Wei a unit of gas at most, whatever happens: above it everything waits.
    package var maximumFee = 200 * gwei
    /// Wei a unit of gas at most for what can wait, such as claims; a channel that closes is not waited for.
    package var patientFee = 30 * gwei
    /// Wei a unit of gas for the includer at most.
    package var maximumTip = 3 * gwei
    /// Blocks until a transaction in none is replaced by a dearer one.
    package var replaceAfter: UInt64 = 6
    /// Gas of one transaction at most: what a block of any chain holds.
    package var maximumGas: UInt64 = 16_000_000
    /// Base units of STORJ for one ether, to compare fees with amounts; nothing is exchanged at it.
    package var unitsPerEther: UInt64 = 12_000 * 100_000_000

    /// What programs begin with.
    package init() {}
}

/// The fee of a transaction, in wei a unit of gas.
struct Fee: Hashable, Sendable {
    /// In all, at most.
    let maximum: UInt64
    /// For the includer, at most.
    let tip: UInt64

    /// What a transaction needs now: twice the base fee, so that it stays good for some blocks of growing demand.
    ///
    /// - Returns: nil when even now it would cost more than allowed.
    /// - Source: economy design §11, nonces.
    init?(base: UInt64, tip: UInt64, _ settings: FeeSettings) {
        let tip = min(tip, settings.maximumTip)
        let (needed, isTooMuch) = base.addingReportingOverflow(tip)
        guard !isTooMuch, needed <= settings.maximumFee else { return nil }
        let (double, first) = base.multipliedReportingOverflow(by: 2)
        let (sum, second) = double.addingReportingOverflow(tip)
        maximum = first || second ? settings.maximumFee : min(sum, settings.maximumFee)
        self.tip = tip
    }

    private init(maximum: UInt64, tip: UInt64) {
        self.maximum = maximum
        self.tip = tip
    }

    /// What replaces a transaction: an eighth more of both, or what is needed now when that is more.
    ///
    /// - Returns: nil when that is above the limit.
    func replacing(_ before: Attempt, _ settings: FeeSettings) -> Fee? {
        let fee = Fee(maximum: max(maximum, Self.raised(before.fee)), tip: max(tip, Self.raised(before.tip)))
        return fee.maximum <= settings.maximumFee ? fee : nil
    }

    /// An eighth more, rounded up.
    static func raised(_ amount: UInt64) -> UInt64 {
        let (eighth, rest) = amount.quotientAndRemainder(dividingBy: 8)
        let (sum, overflow) = amount.addingReportingOverflow(eighth + (rest == 0 ? 0 : 1))
        return overflow ? .max : sum
    }
}
