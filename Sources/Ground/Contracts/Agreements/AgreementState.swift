import Ethereum
package import Heartbeats
package import StorageModel

/// What the ledger keeps of an agreement.
package struct AgreementState: Hashable, Sendable {
    /// Periods whose price the farmer got.
    package var paid = PeriodSet()
    /// Periods whose price the payer got back.
    package var missed = PeriodSet()
    /// What is still locked for periods.
    package var escrow: TokenAmount
    /// What is left of the farmer's collateral.
    package var collateral: TokenAmount
    /// Whether it is over.
    package var isFinished = false

    /// An agreement of which no period is decided.
    package init(escrow: TokenAmount, collateral: TokenAmount) {
        self.escrow = escrow
        self.collateral = collateral
    }

    /// All that is locked.
    package var locked: TokenAmount { escrow.adding(collateral) ?? .zero }

    /// Whether a period was paid or refunded.
    package func isDecided(_ period: UInt64) -> Bool { paid.contains(period) || missed.contains(period) }
}

/// The beacon of an epoch: from which block it comes, and what came.
///
/// - Source: economy design §7.3.
package struct BeaconState: Hashable, Sendable {
    /// Seconds of an epoch: a day.
    package static let epochSeconds: UInt64 = 86400
    /// Blocks between arming and the block that is drawn from.
    package static let delay: UInt64 = 5

    /// The height whose hash is drawn.
    package var target: UInt64
    /// What was drawn.
    package var seed: Bytes32?

    /// A beacon to be drawn, or drawn.
    package init(target: UInt64, seed: Bytes32? = nil) {
        self.target = target
        self.seed = seed
    }

    /// The beacon of an epoch from a block's hash.
    package static func seed(epoch: UInt64, hash: Bytes32) -> Bytes32 {
        Keccak256.hash(ABIValue.encode([.uint(epoch), .word(hash)]))
    }
}

/// The proof a contract can check: one chunk, its path in the piece and the piece's path in the set.
///
/// - Source: economy design §7.3.
package struct PossessionProof: Hashable, Sendable {
    /// The sample as heartbeats have it.
    package var sample: SampleProof

    /// A proof.
    package init(sample: SampleProof) { self.sample = sample }
}
