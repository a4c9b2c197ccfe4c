package import Contracts

/// When a voucher is taken to the ledger.
///
/// - Source: economy design §3.2, the 25 % rule; §13, gas spike and dust.
package enum ClaimPolicy {
    /// Why it is time.
    package enum Reason: String, Hashable, Sendable {
        /// It brings several times its fee.
        case worthwhile = "it is worth its fee"
        /// The payer closes the channel.
        case closing = "the channel is being closed"
        /// The deposit is nearly used up by what waits.
        case depositNearlyUsed = "the deposit is nearly used up"
        /// The node leaves the payer, or serves it no more.
        case leaving = "the node leaves the payer"
        /// The farmer wants it.
        case asked = "the farmer asked for it"
    }

    /// Why a claim is due; nil when it is not.
    ///
    /// - Parameters:
    ///   - claimable: what it would bring.
    ///   - locked: what is still in the deposit, the claimable included.
    ///   - fee: what it would cost; nil for nothing.
    package static func reason(
        claimable: TokenAmount, locked: TokenAmount, isClosing: Bool, isLeaving: Bool, fee: TokenAmount?,
        settings: FarmingSettings
    ) -> Reason? {
        guard claimable > .zero else { return nil }
        // What is not claimed before the end of a closing is lost, so the fee does not matter.
        if isClosing { return .closing }
        if isLeaving { return .leaving }
        let fee = fee ?? .zero
        let (share, full) = (UInt128(claimable.units) * 1000, UInt128(locked.units) * UInt128(settings.depositNearlyUsed))
        if share >= full, claimable > fee, claimable >= settings.minimumClaim { return .depositNearlyUsed }
        let due = UInt128(fee.units) * UInt128(settings.claimFactor)
        return UInt128(claimable.units) >= due && claimable >= settings.minimumClaim ? .worthwhile : nil
    }
}
