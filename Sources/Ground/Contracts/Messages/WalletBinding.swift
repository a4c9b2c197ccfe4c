package import Ethereum
package import Identity
package import StorageModel

/// Ties a node to the wallet that is paid for it and to the key that signs for it from day to day.
///
/// - Source: economy design §3, §6.3.
package struct WalletBinding: Hashable, Sendable {
    /// The node's or satellite's identity on the network.
    package var node: NodeID
    /// Receives, and closes channels; may be far away from the node.
    package var wallet: Address
    /// Signs price sheets, vouchers and receipts.
    package var signer: Address
    /// Grows from binding to binding.
    package var sequence: UInt64
    /// Seconds since 1970; the binding does not count after that.
    package var validUntil: UInt64

    /// A binding.
    package init(node: NodeID, wallet: Address, signer: Address, sequence: UInt64, validUntil: UInt64) {
        self.node = node
        self.wallet = wallet
        self.signer = signer
        self.sequence = sequence
        self.validUntil = validUntil
    }

    private static let type = TypedStruct(
        "WalletBinding",
        [
            ("node", .value(.fixedBytes(32))), ("wallet", .value(.address)), ("signer", .value(.address)),
            ("sequence", .value(.uint(64))), ("validUntil", .value(.uint(64))),
        ])

    /// What all three sign, in the domain of messages without a contract.
    package var digest: Bytes32 {
        do {
            return SigningDomain.offchain.digest(
                try Self.type.hash([
                    .word(node.storage), .address(wallet), .address(signer), .uint(sequence), .uint(validUntil),
                ]))
        } catch { preconditionFailure("the values are of the type's fields") }
    }

    /// The binding with its signatures.
    ///
    /// - Parameter wallet: the wallet's key; nil when it is kept where no program reaches it.
    package func signed(by node: NodeIdentity, signer: PrivateKey, wallet: PrivateKey?) -> SignedWalletBinding {
        SignedWalletBinding(
            binding: self, nodeSignature: node.sign(digest.bytes), signerSignature: signer.sign(digest),
            walletSignature: wallet?.sign(digest))
    }
}

/// A binding with its signatures: the node's and the signing key's always; the wallet's when its key was at hand.
///
/// Without the wallet's signature a node names whom it wants paid in its place, which harms nobody else.
package struct SignedWalletBinding: Hashable, Sendable {
    package var binding: WalletBinding
    /// DER, over the digest's bytes.
    package var nodeSignature: [UInt8]
    package var signerSignature: Signature
    package var walletSignature: Signature?

    /// A binding with signatures, unchecked.
    package init(
        binding: WalletBinding, nodeSignature: [UInt8], signerSignature: Signature, walletSignature: Signature?
    ) {
        self.binding = binding
        self.nodeSignature = nodeSignature
        self.signerSignature = signerSignature
        self.walletSignature = walletSignature
    }

    /// Checks all signatures and the time.
    ///
    /// - Parameters:
    ///   - node: who shows it.
    ///   - now: seconds since 1970.
    /// - Throws: `MessageRefusal`.
    package func verify(node: PeerIdentity, now: UInt64) throws(MessageRefusal) {
        guard binding.node == node.id else { throw .otherNode }
        guard binding.wallet != .zero, binding.signer != .zero else { throw .malformed("a wallet or signer of zeros") }
        guard now <= binding.validUntil else { throw .expired }
        let digest = binding.digest
        guard node.isValidSignature(nodeSignature, for: digest.bytes) else { throw .wrongSignature("node") }
        guard signerSignature.isSigned(digest, by: binding.signer) else { throw .wrongSignature("signer") }
        guard walletSignature.map({ $0.isSigned(digest, by: binding.wallet) }) ?? true else {
            throw .wrongSignature("wallet")
        }
    }
}

extension SignedWalletBinding: RLPValue {
    /// Bytes of a node's signature at most.
    private static let maximumSignatureSize = 128

    package var rlp: RLP {
        .list([
            binding.node.rlp, binding.wallet.rlp, binding.signer.rlp, binding.sequence.rlp, binding.validUntil.rlp,
            .bytes(nodeSignature), .signature(signerSignature), .signature(walletSignature),
        ])
    }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "wallet binding", count: 8)
        let binding = WalletBinding(
            node: try fields.next(), wallet: try fields.next(), signer: try fields.next(), sequence: try fields.next(),
            validUntil: try fields.next())
        self.init(
            binding: binding, nodeSignature: try fields.bytes(atMost: Self.maximumSignatureSize),
            signerSignature: try fields.signature(), walletSignature: try fields.optionalSignature())
    }
}

extension Signature {
    /// Whether the key of that address signed the digest.
    package func isSigned(_ digest: Bytes32, by address: Address) -> Bool {
        // A signature nobody can have made is nobody's.
        (try? signer(of: digest).address) == address
    }
}
