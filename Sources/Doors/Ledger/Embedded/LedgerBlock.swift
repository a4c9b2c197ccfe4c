import Contracts
import Crypto
package import Ethereum
package import StorageModel

/// The last line of a block: the operator's name under everything up to it, and the secret of a beacon when one is
/// drawn.
package struct LedgerBlock: Hashable, Sendable {
    /// Operations in a block at most.
    package static let maximumOperationCount = 4096

    /// Blocks before this one.
    package let height: UInt64
    /// Seconds since 1970.
    package let time: UInt64
    /// The next secret of the chain, when a beacon is drawn from this block.
    package let secret: Bytes32?
    /// The end of a new chain of secrets, when the old one is used up.
    package let anchor: Bytes32?
    /// The operator's.
    package let signature: Signature

    init(height: UInt64, time: UInt64, secret: Bytes32?, anchor: Bytes32?, signature: Signature) {
        self.height = height
        self.time = time
        self.secret = secret
        self.anchor = anchor
        self.signature = signature
    }

    /// What the operator signs.
    ///
    /// - Parameters:
    ///   - line: the number of the block's line, from 0 for the genesis.
    ///   - previous: the hash of the line before.
    package static func digest(
        height: UInt64, time: UInt64, secret: Bytes32?, anchor: Bytes32?, line: UInt64, previous: Bytes32,
        in domain: SigningDomain
    ) -> Bytes32 {
        let fields: [RLP] = [
            "block".rlp, height.rlp, time.rlp, secret.rlp, anchor.rlp, line.rlp, previous.rlp,
        ]
        return domain.digest(Keccak256.hash(RLP.list(fields).encoded))
    }

    /// Whether the operator signed it there.
    package func isSigned(by address: Address, line: UInt64, previous: Bytes32, in domain: SigningDomain) -> Bool {
        let digest = Self.digest(
            height: height, time: time, secret: secret, anchor: anchor, line: line, previous: previous, in: domain)
        return SignatureCheck(digest: digest, signature: signature, signer: address).holds
    }

    /// What a beacon is drawn from: all lines before the block's and the secret, whatever else the block says.
    static func beacon(secret: Bytes32, previous: Bytes32) -> Bytes32 {
        hash("storj ledger beacon".utf8, previous.bytes, secret.bytes)
    }

    /// SHA-256 of parts after each other.
    static func hash(_ parts: any Collection<UInt8>...) -> Bytes32 {
        var hasher = SHA256()
        for part in parts { hasher.update(data: Array(part)) }
        return Bytes32(Array(hasher.finalize())) ?? Bytes32()
    }

    var fields: [RLP] { [height.rlp, time.rlp, secret.rlp, anchor.rlp, .signature(signature)] }

    init(_ fields: inout RLPFields) throws(EthereumError) {
        height = try fields.next()
        time = try fields.next()
        secret = try fields.next()
        anchor = try fields.next()
        signature = try fields.signature()
    }
}
