import Crypto
import Ethereum
import StorageModel

/// Secrets of which each is the hash of the next: whoever knows one can check the following, and nobody can choose them
/// later.
struct SecretChain: Sendable {
    /// From the anchor to the last secret.
    private let values: [Bytes32]

    /// The chain of a generation; the same every time.
    init(key: PrivateKey, salt: Bytes32, generation: UInt64, count: UInt32) {
        let seed = HMAC<SHA256>.authenticationCode(
            for: Array("storj ledger secrets".utf8) + salt.bytes + UInt256(generation).bytes32.bytes,
            using: SymmetricKey(data: key.secret.bytes))
        var values = [Bytes32(Array(seed)) ?? Bytes32()]
        for _ in 0..<count { values.append(Self.hash(values[values.count - 1])) }
        self.values = values.reversed()
    }

    /// What is told before any secret is.
    var anchor: Bytes32 { values[0] }

    /// The secret after so many others; nil when all are told.
    func secret(after told: UInt32) -> Bytes32? { Int(told) + 1 < values.count ? values[Int(told) + 1] : nil }

    /// What has to be known before a secret.
    static func hash(_ secret: Bytes32) -> Bytes32 { LedgerBlock.hash(secret.bytes) }
}
