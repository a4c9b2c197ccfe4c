/// Why an operation on the ledger is refused. The texts are short and stable: contracts revert with the same ones.
package enum SettlementError: String, Error, Hashable, Sendable, CaseIterable {
    case notAllowed = "not allowed"
    case amountZero = "amount is zero"
    case amountTooLarge = "amount too large"
    case balanceTooLow = "balance too low"
    case badSignature = "bad signature"
    case tooMany = "too many"
    case badTerms = "bad terms"

    case channelExists = "channel exists"
    case channelUnknown = "channel unknown"
    case channelClosed = "channel closed"
    case channelClosing = "channel closing"
    case notClosing = "channel not closing"
    case closingTooEarly = "closing too early"
    case nothingToClaim = "nothing to claim"

    case periodNotNew = "period not new"
    case rootUnknown = "root unknown"
    case badPath = "bad path"
    case poolEmpty = "pool empty"

    case agreementExists = "agreement exists"
    case agreementUnknown = "agreement unknown"
    case agreementFinished = "agreement finished"
    case startTooEarly = "start too early"
    case epochTooEarly = "epoch too early"
    case beaconArmed = "beacon armed"
    case beaconNotArmed = "beacon not armed"
    case beaconTooEarly = "beacon too early"
    case beaconExpired = "beacon expired"
    case beaconSealed = "beacon sealed"
    case beaconMissing = "beacon missing"
    case periodUnknown = "period unknown"
    case periodDecided = "period decided"
    case proofTooLate = "proof too late"
    case wrongProof = "wrong proof"
    case nothingToSettle = "nothing to settle"
    case nothingToReclaim = "nothing to reclaim"
    case notDecided = "periods not decided"
    case nothingToWithdraw = "nothing to withdraw"
}

extension SettlementError: CustomStringConvertible {
    package var description: String { rawValue }
}
