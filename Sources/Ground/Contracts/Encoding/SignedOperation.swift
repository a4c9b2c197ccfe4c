package import Ethereum
package import StorageModel

/// An operation as our own ledger takes it: who does it, the how-manieth it is of the sender's, and the sender's
/// signature over all of it for this one ledger.
///
/// The number makes a signed operation good for one place only: it can neither be done twice nor after a later one.
package struct SignedOperation: Hashable, Sendable {
    /// Bytes of an encoding at most: 64 claims with the longest paths fit.
    package static let maximumByteCount = 128 << 10

    /// Who does it.
    package var sender: Address
    /// How many operations of the sender the ledger has before this one.
    package var number: UInt64
    /// The sender's name for it: one name is one operation.
    package var id: Bytes32
    /// What is done.
    package var operation: SettlementOperation
    /// The sender's.
    package var signature: Signature

    /// An operation with its signature, unchecked.
    package init(sender: Address, number: UInt64, id: Bytes32, operation: SettlementOperation, signature: Signature) {
        self.sender = sender
        self.number = number
        self.id = id
        self.operation = operation
        self.signature = signature
    }

    /// Where operations on a ledger of our own are signed.
    package static func domain(of domains: SettlementDomains) -> SigningDomain {
        SigningDomain(
            name: "StorjLedger", version: "1", chainID: domains.channels.chainID, contract: domains.payoutsContract)
    }

    /// What a sender signs.
    package static func digest(
        sender: Address, number: UInt64, id: Bytes32, operation: SettlementOperation, in domain: SigningDomain
    ) -> Bytes32 {
        let fields: [RLP] = [sender.rlp, number.rlp, id.rlp, operation.rlp]
        return domain.digest(Keccak256.hash(RLP.list(fields).encoded))
    }

    /// What the sender signed.
    package func digest(in domain: SigningDomain) -> Bytes32 {
        Self.digest(sender: sender, number: number, id: id, operation: operation, in: domain)
    }

    /// All signatures the operation is good by: its sender's, and those inside that the rules ask for.
    package func signatures(in domains: SettlementDomains, ledger domain: SigningDomain) -> [SignatureCheck] {
        [SignatureCheck(digest: digest(in: domain), signature: signature, signer: sender)]
            + operation.signatures(in: domains)
    }
}

extension SignedOperation: RLPValue {
    package var rlp: RLP { .list([sender.rlp, number.rlp, id.rlp, operation.rlp, .signature(signature)]) }

    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "signed operation", count: 5)
        self.init(
            sender: try fields.next(), number: try fields.next(), id: try fields.next(), operation: try fields.next(),
            signature: try fields.signature())
    }
}

/// A signature and whose it should be; checks can be made in any order and on any thread.
package struct SignatureCheck: Hashable, Sendable {
    /// What is signed.
    package let digest: Bytes32
    /// By whom, as it claims.
    package let signature: Signature
    /// By whom it must be.
    package let signer: Address

    /// A signature with whose it should be.
    package init(digest: Bytes32, signature: Signature, signer: Address) {
        self.digest = digest
        self.signature = signature
        self.signer = signer
    }

    /// Whether it is.
    package var holds: Bool { (try? signature.signer(of: digest).address) == signer }
}

extension SettlementOperation {
    /// The signatures inside the operation.
    package func signatures(in domains: SettlementDomains) -> [SignatureCheck] {
        switch self {
        case .channel(.claim(let channel, let voucher)): [voucher.check(channel, in: domains)]
        case .channel(.claimMany(let claims)): claims.map { $0.voucher.check($0.channel, in: domains) }
        case .agreement(.open(let terms, let farmer)):
            [SignatureCheck(digest: terms.digest(in: domains.agreements), signature: farmer, signer: terms.farmer)]
        case .agreement(.settle(let terms, let receipt, let signature)):
            [SignatureCheck(digest: receipt.digest(in: domains.agreements), signature: signature, signer: terms.signer)]
        case .mint, .burn, .transfer, .channel, .payout, .agreement: []
        }
    }
}

extension SignedVoucher {
    fileprivate func check(_ channel: Channel, in domains: SettlementDomains) -> SignatureCheck {
        SignatureCheck(digest: voucher.digest(in: domains.channels), signature: signature, signer: channel.signer)
    }
}
