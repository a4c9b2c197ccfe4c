package import Ethereum
package import StorageModel

/// Something somebody does on the ledger: one case a function of the contracts.
package enum SettlementOperation: Hashable, Sendable {
    /// The operator of the embedded ledger puts money in: a payment from outside.
    case mint(to: Address, TokenAmount)
    /// An owner takes money out.
    case burn(TokenAmount)
    /// An owner gives money away.
    case transfer(to: Address, TokenAmount)
    case channel(ChannelOperation)
    case payout(PayoutOperation)
    case agreement(AgreementOperation)
}

/// What can be done with channels.
///
/// - Source: economy design §7.2.
package enum ChannelOperation: Hashable, Sendable {
    /// The payer locks money.
    case open(Channel, TokenAmount)
    /// The payer locks the same amount in each of several.
    case openMany([Channel], TokenAmount)
    /// Anyone locks more.
    case topUp(Bytes32, TokenAmount)
    /// Anyone sends a voucher; the farmer is paid.
    case claim(Channel, SignedVoucher)
    /// Several at once.
    case claimMany([Claim])
    /// The payer begins to close.
    case startClose(Channel)
    /// Anyone ends the closing; the payer gets back what is left.
    case finishClose(Channel)
    /// The farmer closes at once.
    case farmerClose(Channel)

    /// A voucher with its channel.
    package struct Claim: Hashable, Sendable {
        package var channel: Channel
        package var voucher: SignedVoucher

        /// A claim.
        package init(channel: Channel, voucher: SignedVoucher) {
            self.channel = channel
            self.voucher = voucher
        }
    }

    /// Channels or claims in one operation at most.
    package static let maximumCount = 64
}

/// What can be done with pools that pay by roots.
///
/// - Source: economy design §7.4.
package enum PayoutOperation: Hashable, Sendable {
    /// Anyone puts money into a satellite's pool.
    case fund(satellite: Address, TokenAmount)
    /// The satellite says what it owes everybody, and what it reports.
    case anchor(PayoutAnchor)
    /// Anyone has a farmer paid what the newest root says.
    case claim(PayoutClaim)
    /// Several at once.
    case claimMany([PayoutClaim])
}

/// What can be done with agreements.
///
/// - Source: economy design §7.3.
package enum AgreementOperation: Hashable, Sendable {
    /// The payer locks the pay of all periods, and the farmer its collateral; the farmer has signed the terms.
    case open(AgreementTerms, farmer: Signature)
    /// Anyone fixes from which block an epoch's beacon will be drawn.
    case arm(epoch: UInt64)
    /// Anyone draws it.
    case seal(epoch: UInt64)
    /// Anyone shows the proof of a period; the farmer is credited.
    case prove(AgreementTerms, period: UInt64, PossessionProof)
    /// Anyone shows the payer's receipt; the farmer is paid.
    case settle(AgreementTerms, Receipt, Signature)
    /// Anyone has the payer refunded for periods nobody proved.
    case reclaim(AgreementTerms)
    /// Anyone ends an agreement all of whose periods are decided.
    case finish(AgreementTerms)
    /// A farmer takes what its proofs earned.
    case withdraw
}

/// Something that happened on the ledger: one case an event of the contracts.
package enum SettlementEvent: Hashable, Sendable {
    case transferred(from: Address, to: Address, amount: TokenAmount)
    case opened(id: Bytes32, channel: Channel, amount: TokenAmount)
    case toppedUp(id: Bytes32, amount: TokenAmount, funded: TokenAmount)
    case claimed(id: Bytes32, farmer: Address, cumulative: TokenAmount, paid: TokenAmount, period: UInt32, statement: Bytes32)
    case closing(id: Bytes32, closesAt: UInt64)
    case closed(id: Bytes32, refunded: TokenAmount)
    case funded(satellite: Address, amount: TokenAmount, pool: TokenAmount)
    case anchored(satellite: Address, PayoutAnchor)
    case paid(satellite: Address, farmer: Address, cumulative: TokenAmount, amount: TokenAmount)
    case agreementOpened(id: Bytes32, payer: Address, farmer: Address)
    case beaconArmed(epoch: UInt64, target: UInt64)
    case beaconSealed(epoch: UInt64, seed: Bytes32)
    case proven(id: Bytes32, farmer: Address, period: UInt64, target: UInt64, pieceID: Bytes32)
    case settled(id: Bytes32, periods: PeriodSet, amount: TokenAmount)
    case missed(id: Bytes32, periods: PeriodSet, refund: TokenAmount, slashed: TokenAmount)
    case finished(id: Bytes32)
}
