package import Contracts
package import Ethereum
import StorageModel

/// Why a channel is none the farmer works for.
package enum ChannelRefusal: Error, Hashable, CustomStringConvertible {
    /// It pays somebody else.
    case otherFarmer
    /// It is another payer's.
    case otherPayer
    /// Vouchers would be signed by somebody else than the payer says.
    case otherSigner
    /// It could be closed too fast to claim.
    case tooShort(challenge: UInt64)
    /// The ledger does not know it.
    case notOpen
    /// It is over.
    case closed

    package var description: String {
        switch self {
        case .otherFarmer: "it pays another wallet"
        case .otherPayer: "it is another payer's"
        case .otherSigner: "its signer is not the one the payer names"
        case .tooShort(let challenge): "its closing may take \(challenge) seconds, which is too short"
        case .notOpen: "the ledger does not know it"
        case .closed: "it is closed"
        }
    }

    /// Checks a channel before anybody works for it.
    ///
    /// - Throws: `ChannelRefusal`.
    package static func check(
        _ channel: Channel, farmer: Address, payer: Address, signer: Address?, minimumChallenge: UInt64
    ) throws(ChannelRefusal) {
        guard channel.farmer == farmer else { throw .otherFarmer }
        guard channel.payer == payer else { throw .otherPayer }
        guard signer.map({ $0 == channel.signer }) ?? true, channel.signer != .zero else { throw .otherSigner }
        guard Channel.challengeRange.contains(channel.challenge), channel.challenge >= minimumChallenge else {
            throw .tooShort(challenge: channel.challenge)
        }
    }
}

/// Why a voucher is not taken.
package enum VoucherRefusal: Error, Hashable, CustomStringConvertible {
    /// It is for another channel.
    case otherChannel
    /// Its channel was never seen on the ledger, or is over.
    case channel(ChannelRefusal)
    /// It is not signed by the channel's signer for this ledger: forged, made for another chain or contract, or with a
    /// signature of the high form.
    case badSignature
    /// It promises less than one the node has.
    case lower(known: TokenAmount)
    /// It is not about the statement it came with.
    case otherStatement
    /// It promises another sum than the statement.
    case otherSum(due: TokenAmount)
    /// More than there can be.
    case tooLarge

    package var description: String {
        switch self {
        case .otherChannel: "the voucher is for another channel"
        case .channel(let refusal): "the voucher's channel is refused: \(refusal)"
        case .badSignature: "the voucher is not signed by the channel's signer for this ledger"
        case .lower(let known): "the voucher promises less than the \(known) STORJ of an earlier one"
        case .otherStatement: "the voucher is not about this statement"
        case .otherSum(let due): "the voucher promises another sum than the statement's \(due) STORJ"
        case .tooLarge: "the voucher promises more than there can be"
        }
    }
}

/// Checks vouchers: by the channel, the signature, and what was promised before.
///
/// - Source: economy design §6.1, §6 rules.
package enum VoucherCheck {
    /// Checks a voucher by its channel.
    ///
    /// - Parameters:
    ///   - statement: what it must be about; nil for one that comes alone.
    ///   - domains: of the node's own ledger.
    /// - Throws: `VoucherRefusal`.
    package static func check(
        _ signed: SignedVoucher, channel known: KnownChannel, statement: Statement?, domains: SettlementDomains
    ) throws(VoucherRefusal) {
        let voucher = signed.voucher
        guard voucher.channel == known.channel.id else { throw .otherChannel }
        guard known.seenAt != nil else { throw .channel(.notOpen) }
        guard !known.state.isClosed else { throw .channel(.closed) }
        guard voucher.cumulative.units <= UInt64(Int64.max) else { throw .tooLarge }
        // Only a low s has a signer, and only in the domain it was signed for is it the channel's.
        guard (try? signed.signer(in: domains.channels)) == known.channel.signer else { throw .badSignature }
        guard voucher.cumulative >= known.vouchered else { throw .lower(known: known.vouchered) }
        guard let statement else { return }
        guard voucher.statement == statement.digest, voucher.period == statement.period else { throw .otherStatement }
        guard voucher.cumulative == statement.cumulative else { throw .otherSum(due: statement.cumulative) }
    }
}
