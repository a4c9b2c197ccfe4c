package import StorageModel

/// A transaction of type 2: base fee burnt, tip to whoever includes it.
///
/// - Source: EIP-1559, EIP-2718; the access list stays empty (EIP-2930).
package struct Transaction: Hashable, Sendable {
    /// The chain it is for; a signature for one chain is none on another.
    package var chainID: UInt64
    /// How many transactions the sender has made before.
    package var nonce: UInt64
    /// Wei a unit of gas for whoever includes it, at most.
    package var maximumTip: UInt256
    /// Wei a unit of gas in all, at most.
    package var maximumFee: UInt256
    /// Units of gas it may use.
    package var gasLimit: UInt64
    /// The account or contract it goes to; nil makes a contract.
    package var to: Address?
    /// Wei sent along.
    package var value: UInt256
    /// The call, or the code of the new contract.
    package var data: [UInt8]

    /// A transaction.
    package init(
        chainID: UInt64, nonce: UInt64, maximumTip: UInt256, maximumFee: UInt256, gasLimit: UInt64, to: Address?,
        value: UInt256 = .zero, data: [UInt8] = []
    ) {
        self.chainID = chainID
        self.nonce = nonce
        self.maximumTip = maximumTip
        self.maximumFee = maximumFee
        self.gasLimit = gasLimit
        self.to = to
        self.value = value
        self.data = data
    }

    private static let type: UInt8 = 2

    private var fields: [RLP] {
        [
            .number(chainID), .number(nonce), .number(maximumTip), .number(maximumFee), .number(gasLimit),
            .bytes(to?.bytes ?? []), .number(value), .bytes(data), .list([]),
        ]
    }

    /// What the sender signs.
    package var signingDigest: Bytes32 { Keccak256.hash([Self.type] + RLP.list(fields).encoded) }

    /// The transaction with its signature, as it goes to a node.
    package func signed(by key: PrivateKey) -> SignedTransaction {
        SignedTransaction(transaction: self, signature: key.sign(signingDigest))
    }

    fileprivate func encoded(with signature: Signature) -> [UInt8] {
        let tail: [RLP] = [
            .number(signature.parity ? 1 : 0), .number(UInt256(signature.r)), .number(UInt256(signature.s)),
        ]
        return [Self.type] + RLP.list(fields + tail).encoded
    }

    fileprivate init(fields: [RLP]) throws(EthereumError) {
        func small(_ index: Int, _ name: String) throws(EthereumError) -> UInt64 {
            guard let value = try fields[index].asNumber().uint64 else { throw .outOfRange("transaction: \(name)") }
            return value
        }
        let to = try fields[5].asBytes()
        guard to.isEmpty || to.count == Address.byteCount else { throw .malformed("transaction: receiver") }
        guard try fields[8].asList().isEmpty else { throw .malformed("transaction: access lists are not used here") }
        self.init(
            chainID: try small(0, "chain"), nonce: try small(1, "nonce"), maximumTip: try fields[2].asNumber(),
            maximumFee: try fields[3].asNumber(), gasLimit: try small(4, "gas limit"), to: Address(to),
            value: try fields[6].asNumber(), data: try fields[7].asBytes())
    }
}

/// A transaction that can be sent.
package struct SignedTransaction: Hashable, Sendable {
    /// What is to happen.
    package let transaction: Transaction
    /// The sender's consent.
    package let signature: Signature

    /// A transaction with its signature, unchecked.
    package init(transaction: Transaction, signature: Signature) {
        self.transaction = transaction
        self.signature = signature
    }

    /// Reads the bytes that go to a node.
    ///
    /// - Throws: `EthereumError`.
    package init(encoded bytes: [UInt8]) throws(EthereumError) {
        guard bytes.first == 2 else { throw .malformed("transaction: only type 2 is read") }
        let fields = try RLP(encoded: bytes.dropFirst()).asList()
        guard fields.count == 12 else { throw .malformed("transaction: number of fields") }
        let parity = try fields[9].asNumber()
        guard parity <= UInt256(1) else { throw .invalidSignature }
        self.init(
            transaction: try Transaction(fields: fields),
            signature: Signature(
                r: try fields[10].asNumber().bytes32, s: try fields[11].asNumber().bytes32, parity: parity == UInt256(1)))
    }

    /// The bytes that go to a node.
    package var encoded: [UInt8] { transaction.encoded(with: signature) }

    /// The name of the transaction on its chain.
    package var hash: Bytes32 { Keccak256.hash(encoded) }

    /// Whose transaction it is.
    ///
    /// - Throws: `EthereumError.invalidSignature`.
    package func sender() throws(EthereumError) -> Address { try signature.signer(of: transaction.signingDigest).address }
}
