package import Ethereum
package import StorageModel

/// A signed promise: so much in all is due to the farmer of a channel. A newer one contains the older ones.
///
/// - Source: economy design §6.1; EIP-712.
package struct Voucher: Hashable, Sendable {
    /// The channel.
    package var channel: Bytes32
    /// All that is due since the channel was opened.
    package var cumulative: TokenAmount
    /// The period it was made for.
    package var period: UInt32
    /// The hash of the statement that explains it.
    package var statement: Bytes32

    /// A voucher.
    package init(channel: Bytes32, cumulative: TokenAmount, period: UInt32, statement: Bytes32) {
        self.channel = channel
        self.cumulative = cumulative
        self.period = period
        self.statement = statement
    }

    static let type = TypedStruct(
        "Voucher",
        [
            ("channel", .value(.fixedBytes(32))), ("cumulative", .value(.uint(64))), ("period", .value(.uint(32))),
            ("statement", .value(.fixedBytes(32))),
        ])

    /// What the channel's signer signs.
    package func digest(in domain: SigningDomain) -> Bytes32 {
        // The one message of the hot path: four words after the type, without building values.
        var bytes = Self.type.typeHash.bytes + channel.bytes
        bytes += UInt256(cumulative.units).bytes32.bytes + UInt256(UInt64(period)).bytes32.bytes + statement.bytes
        return domain.digest(Keccak256.hash(bytes))
    }

    /// The voucher with the signer's name under it.
    package func signed(by key: PrivateKey, in domain: SigningDomain) -> SignedVoucher {
        SignedVoucher(voucher: self, signature: key.sign(digest(in: domain)))
    }
}

/// A voucher somebody can claim.
package struct SignedVoucher: Hashable, Sendable {
    /// What is promised.
    package var voucher: Voucher
    /// By whom.
    package var signature: Signature

    /// A voucher with its signature, unchecked.
    package init(voucher: Voucher, signature: Signature) {
        self.voucher = voucher
        self.signature = signature
    }

    /// Who signed it.
    ///
    /// - Throws: `EthereumError.invalidSignature`.
    package func signer(in domain: SigningDomain) throws(EthereumError) -> Address {
        try signature.signer(of: voucher.digest(in: domain)).address
    }
}
