package import Ethereum
package import StorageModel

/// Between whom money can flow by vouchers, and on what conditions. It is known by the hash of all of it.
///
/// - Source: economy design §6.1, §7.2.
package struct Channel: Hashable, Sendable {
    /// Seconds a farmer has to claim after the payer began to close.
    package static let challengeRange: ClosedRange<UInt64> = 3600...90 * 86400

    /// Who locks the money and gets back what is left.
    package var payer: Address
    /// Who is paid.
    package var farmer: Address
    /// Whose signature makes a voucher.
    package var signer: Address
    /// Seconds between the beginning and the end of a closing by the payer.
    package var challenge: UInt64
    /// Tells channels of the same two apart; an id is never used twice.
    package var salt: Bytes32

    /// A channel.
    package init(payer: Address, farmer: Address, signer: Address, challenge: UInt64, salt: Bytes32) {
        self.payer = payer
        self.farmer = farmer
        self.signer = signer
        self.challenge = challenge
        self.salt = salt
    }

    /// The channel's id.
    package var id: Bytes32 { Keccak256.hash(ABIValue.encode(values)) }

    /// As a contract takes it.
    package var value: ABIValue { .tuple(values) }

    private var values: [ABIValue] {
        [.address(payer), .address(farmer), .address(signer), .uint(challenge), .word(salt)]
    }
}

/// What the ledger keeps of a channel.
package struct ChannelState: Hashable, Sendable {
    /// All that was ever locked.
    package var funded: TokenAmount
    /// All that was ever claimed.
    package var claimed = TokenAmount.zero
    /// When the payer may finish closing; nil while nobody closes.
    package var closesAt: UInt64?
    /// Whether it is over.
    package var isClosed = false

    /// A channel in which nothing was claimed.
    package init(funded: TokenAmount) { self.funded = funded }

    /// What is still locked.
    package var locked: TokenAmount { isClosed ? .zero : funded.subtracting(claimed) ?? .zero }
}
