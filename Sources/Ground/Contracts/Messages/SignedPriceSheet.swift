package import Ethereum
package import StorageModel

/// A price sheet with the signature of the farmer's signing key.
package struct SignedPriceSheet: Hashable, Sendable {
    package var sheet: PriceSheet
    package var signature: Signature

    /// What may be asked for 10¹² bytes at most, in the denomination's units: a million tokens.
    package static let maximumPrice: UInt64 = 1_000_000 * TokenAmount.unitsPerToken

    /// A sheet with a signature, unchecked.
    package init(sheet: PriceSheet, signature: Signature) {
        self.sheet = sheet
        self.signature = signature
    }

    /// What is signed: statements name the sheet by it.
    package var digest: Bytes32 { sheet.digest }

    /// Checks the signature, the names, and that the numbers make sense.
    ///
    /// - Parameters:
    ///   - binding: of the node, verified.
    ///   - now: seconds since 1970.
    /// - Throws: `MessageRefusal`.
    package func verify(_ binding: WalletBinding, now: UInt64) throws(MessageRefusal) {
        guard sheet.node == binding.node else { throw .otherNode }
        guard sheet.farmer == binding.wallet else { throw .otherWallet }
        guard sheet.validFrom < sheet.validUntil else { throw .malformed("the sheet ends before it begins") }
        guard now < sheet.validUntil else { throw .expired }
        guard ServiceKind.allCases.allSatisfy({ sheet.price(of: $0) <= Self.maximumPrice }) else {
            throw .malformed("a price is above a million tokens")
        }
        guard signature.isSigned(digest, by: binding.signer) else { throw .wrongSignature("signer") }
    }
}

extension PriceSheet {
    /// What the farmer's key signs, in the domain of messages without a contract.
    package var digest: Bytes32 { digest(in: .offchain) }

    /// The sheet with the signing key's name under it.
    package func signed(by key: PrivateKey) -> SignedPriceSheet {
        SignedPriceSheet(sheet: self, signature: key.sign(digest))
    }

    /// What is asked for one kind of service.
    package func price(of kind: ServiceKind) -> UInt64 {
        switch kind {
        case .storage: storageTBMonth
        case .egress: egressTB
        case .repair: repairTB
        case .audit: auditTB
        case .ingress: ingressTB
        }
    }
}

extension SignedPriceSheet: RLPValue {
    package var rlp: RLP {
        .list([
            sheet.farmer.rlp, sheet.node.rlp, UInt64(sheet.denomination.rawValue).rlp, sheet.storageTBMonth.rlp,
            sheet.egressTB.rlp, sheet.repairTB.rlp, sheet.auditTB.rlp, sheet.ingressTB.rlp, sheet.validFrom.rlp,
            sheet.validUntil.rlp, sheet.sequence.rlp, .signature(signature),
        ])
    }
    package init(rlp: RLP) throws(EthereumError) {
        var fields = try RLPFields(rlp, of: "price sheet", count: 12)
        let farmer: Address = try fields.next()
        let node: NodeID = try fields.next()
        let sheet = PriceSheet(
            farmer: farmer, node: node, denomination: try fields.next(), storageTBMonth: try fields.next(),
            egressTB: try fields.next(), repairTB: try fields.next(), auditTB: try fields.next(),
            ingressTB: try fields.next(), validFrom: try fields.next(), validUntil: try fields.next(),
            sequence: try fields.next())
        self.init(sheet: sheet, signature: try fields.signature())
    }
}

extension PriceSheet.Denomination: RLPValue {
    package var rlp: RLP { UInt64(rawValue).rlp }
    package init(rlp: RLP) throws(EthereumError) {
        guard let code = UInt8(exactly: try UInt64(rlp: rlp)), let value = Self(rawValue: code) else {
            throw .outOfRange("denomination")
        }
        self = value
    }
}
