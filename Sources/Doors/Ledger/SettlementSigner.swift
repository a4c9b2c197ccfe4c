package import Ethereum
package import StorageModel

/// Who acts on a ledger: somebody who can sign, wherever the key is.
package protocol SettlementSigner: Sendable {
    /// The account.
    var address: Address { get }
    /// Signs a digest with a low s.
    ///
    /// - Throws: whatever keeps the key from signing.
    func sign(_ digest: Bytes32) async throws -> Signature
}

/// A key in this process's memory.
package struct KeySigner: SettlementSigner {
    /// The key; secret.
    package let key: PrivateKey
    package let address: Address

    /// A signer with a key.
    package init(_ key: PrivateKey) {
        self.key = key
        address = key.address
    }

    package func sign(_ digest: Bytes32) async throws -> Signature { key.sign(digest) }
}
