import CSecp256k1
package import StorageModel

/// A secret key of secp256k1: signs digests and has an address. Never printed.
///
/// - Source: SEC 2 version 2, section 2.4.1; RFC 6979 for the nonce.
package struct PrivateKey: Sendable {
    /// Thirty-two big-endian bytes between 1 and the group's order; secret.
    package let secret: Bytes32

    /// A key from its number.
    ///
    /// - Throws: `EthereumError.invalidKey`.
    package init(secret: Bytes32) throws(EthereumError) {
        guard secp256k1_ec_seckey_verify(Secp256k1.shared.context, secret.bytes) == 1 else { throw .invalidKey }
        self.secret = secret
    }

    /// A new key.
    package static func generate(random: RandomSource) -> PrivateKey {
        while true {
            // One of 2¹²⁸ draws is refused.
            if let secret = Bytes32(random.bytes(count: Bytes32.byteCount)), let key = try? PrivateKey(secret: secret) {
                return key
            }
        }
    }

    /// The key others know.
    package var publicKey: PublicKey {
        var point = secp256k1_pubkey()
        guard secp256k1_ec_pubkey_create(Secp256k1.shared.context, &point, secret.bytes) == 1 else {
            preconditionFailure("the key was checked when it was made")
        }
        return PublicKey(point)
    }

    /// The account of this key.
    package var address: Address { publicKey.address }

    /// Signs a digest, always alike, with a low s.
    package func sign(_ digest: Bytes32) -> Signature {
        var signature = secp256k1_ecdsa_recoverable_signature()
        guard
            secp256k1_ecdsa_sign_recoverable(
                Secp256k1.shared.context, &signature, digest.bytes, secret.bytes, nil, nil) == 1
        else { preconditionFailure("the key was checked when it was made") }
        var compact = [UInt8](repeating: 0, count: 64)
        var parity: Int32 = 0
        secp256k1_ecdsa_recoverable_signature_serialize_compact(
            Secp256k1.shared.context, &compact, &parity, &signature)
        guard let r = Bytes32(compact.prefix(32)), let s = Bytes32(compact.suffix(32)) else {
            preconditionFailure("a compact signature has 64 bytes")
        }
        return Signature(r: r, s: s, parity: parity & 1 == 1)
    }

    /// The key whose number is this one's plus `tweak`, modulo the group's order; nil for one in 2¹²⁷ tweaks.
    ///
    /// - Source: BIP-32, private parent key to private child key.
    package func adding(_ tweak: Bytes32) -> PrivateKey? {
        var bytes = secret.bytes
        guard secp256k1_ec_seckey_tweak_add(Secp256k1.shared.context, &bytes, tweak.bytes) == 1,
            let sum = Bytes32(bytes)
        else { return nil }
        return try? PrivateKey(secret: sum)
    }
}
