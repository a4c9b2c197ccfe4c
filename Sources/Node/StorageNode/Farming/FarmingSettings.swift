package import Contracts

/// What a farmer may choose about being paid.
package struct FarmingSettings: Sendable {
    /// What is asked until the farmer sets other prices.
    package var firstPrices = FarmerPrices.standard
    /// How long a price sheet holds before it must be renewed.
    package var sheetValidity = Duration.seconds(365 * 86400)
    /// How long before a rise holds.
    package var notice = Duration.seconds(30 * 86400)
    /// How long a binding of node, wallet and signing key holds.
    package var bindingValidity = Duration.seconds(365 * 86400)

    /// How far below its own figures the node takes a statement, in thousandths.
    package var tolerance: UInt64 = 10
    /// How far a satellite's price of STORJ may be from the node's own source, in thousandths.
    package var quoteTolerance: UInt64 = 30
    /// How much of a period's pay may be held back, in thousandths.
    package var maximumHeld: UInt64 = 750

    /// Unpaid periods after which no new pieces are taken.
    package var pauseAfter = 1
    /// Unpaid periods after which customers are not served any more, and everything is claimed.
    package var drainAfter = 3
    /// How long a statement may take after its period, in lengths of the period.
    package var statementGrace = 1
    /// How long the node works for vouchers without seeing the ledger.
    package var exposure = Duration.seconds(86400)

    /// A claim is worth it when it brings so many times its fee.
    package var claimFactor: UInt64 = 4
    /// A deposit is nearly used up when so many thousandths of it wait to be claimed.
    package var depositNearlyUsed: UInt64 = 900
    /// What is claimed at least, except when a channel closes or the node leaves.
    package var minimumClaim = TokenAmount.zero
    /// The least seconds between the start and the end of a closing that the node accepts.
    package var minimumChallenge: UInt64 = 3600

    /// The pause between two registrations with each satellite.
    package var registrationInterval = Duration.seconds(3600)
    /// The pause between two looks at the ledger.
    package var watchInterval = Duration.seconds(600)

    /// Whether the node signs agreements.
    package var takesAgreements = true
    /// What the node locks for an agreement at most.
    package var maximumCollateral = TokenAmount.zero
    /// How long before the end of its window a period without a receipt is proven on the ledger.
    package var proofMargin = Duration.seconds(6 * 3600)

    /// The defaults.
    package init() {}
}
