import Crypto
package import StorageModel

/// A public key from which any number of others follow, without the private one: deposit addresses are made by a machine
/// that cannot spend.
///
/// - Source: BIP-32, child key derivation.
package struct ExtendedPublicKey: Hashable, Sendable {
    /// The key itself.
    package let key: PublicKey
    /// What its children are also made of; not secret, yet with one child's private key it gives all away.
    package let chainCode: Bytes32

    /// A key with its chain code.
    package init(key: PublicKey, chainCode: Bytes32) {
        self.key = key
        self.chainCode = chainCode
    }

    /// Child number `index`, below 2³¹; nil for one in 2¹²⁷, which is skipped.
    package func child(_ index: UInt32) -> ExtendedPublicKey? {
        precondition(index < 1 << 31, "hardened children need the private key")
        let (tweak, code) = ExtendedPrivateKey.derive(chainCode, key.compressed, index)
        return key.adding(tweak).map { ExtendedPublicKey(key: $0, chainCode: code) }
    }

    /// The text wallets exchange, `xpub…`, of a root.
    package var text: String {
        // Depth, the parent's fingerprint and the child's number are zero for a root.
        let bytes: [UInt8] = [0x88, 0xB2, 0x1E] + [UInt8](repeating: 0, count: 9) + chainCode.bytes + key.compressed
        return Base58Check.encode(version: 0x04, payload: bytes)
    }

    /// Reads the text wallets export, `xpub…`.
    ///
    /// - Throws: `EthereumError.malformed`.
    /// - Source: BIP-32, serialization format.
    package init(text: String) throws(EthereumError) {
        guard let (version, bytes) = Base58Check.decode(text), version == 0x04, bytes.count == 77,
            bytes.starts(with: [0x88, 0xB2, 0x1E]), let code = Bytes32(bytes[12..<44])
        else { throw .malformed("extended public key: xpub… is expected") }
        self.init(key: try PublicKey(encoded: Array(bytes[44...])), chainCode: code)
    }
}

/// A private key from which any number of others follow.
///
/// - Source: BIP-32.
package struct ExtendedPrivateKey: Sendable {
    /// The key itself.
    package let key: PrivateKey
    /// What its children are also made of.
    package let chainCode: Bytes32

    /// The root of a seed of 16 to 64 bytes.
    ///
    /// - Throws: `EthereumError.malformed`, `.invalidKey`.
    package init(seed: [UInt8]) throws(EthereumError) {
        guard (16...64).contains(seed.count) else { throw .malformed("seed: 16 to 64 bytes are expected") }
        let salt = SymmetricKey(data: Array("Bitcoin seed".utf8))
        let (left, right) = Self.halves(HMAC<SHA512>.authenticationCode(for: seed, using: salt))
        key = try PrivateKey(secret: left)
        chainCode = right
    }

    private init(key: PrivateKey, chainCode: Bytes32) {
        self.key = key
        self.chainCode = chainCode
    }

    /// Without the secret.
    package var extendedPublicKey: ExtendedPublicKey { ExtendedPublicKey(key: key.publicKey, chainCode: chainCode) }

    /// Child number `index`; from 2³¹ on they are hardened: no public key leads to them. Nil for one in 2¹²⁷.
    package func child(_ index: UInt32) -> ExtendedPrivateKey? {
        let material = index >= 1 << 31 ? [0] + key.secret.bytes : key.publicKey.compressed
        let (tweak, code) = Self.derive(chainCode, material, index)
        return key.adding(tweak).map { ExtendedPrivateKey(key: $0, chainCode: code) }
    }

    fileprivate static func derive(_ code: Bytes32, _ material: [UInt8], _ index: UInt32) -> (Bytes32, Bytes32) {
        let number = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: index >> $0) }
        return halves(
            HMAC<SHA512>.authenticationCode(for: material + number, using: SymmetricKey(data: code.bytes)))
    }

    private static func halves(_ code: HMAC<SHA512>.MAC) -> (Bytes32, Bytes32) {
        let bytes = Array(code)
        guard let left = Bytes32(bytes.prefix(32)), let right = Bytes32(bytes.suffix(32)) else {
            preconditionFailure("an HMAC-SHA512 has 64 bytes")
        }
        return (left, right)
    }
}
