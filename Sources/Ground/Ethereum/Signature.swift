import CSecp256k1
package import StorageModel

/// A signature over a digest from which the signer's key can be found again.
///
/// - Source: EIP-2 for the low s; Ethereum Yellow Paper, appendix F for v.
package struct Signature: Hashable, Sendable {
    /// The x coordinate of the nonce's point.
    package let r: Bytes32
    /// The proof of the key, at most half the group's order.
    package let s: Bytes32
    /// Whether the nonce's point has an odd y.
    package let parity: Bool

    /// Half of the group's order: a larger s is the same signature written differently, which is refused.
    private static let halfOrder = UInt256(
        Bytes32(words: [0x7FFF_FFFF_FFFF_FFFF, .max, 0x5D57_6E73_57A4_501D, 0xDFE9_2F46_681B_20A0]))

    /// A signature from its parts; unchecked until somebody recovers its signer.
    package init(r: Bytes32, s: Bytes32, parity: Bool) {
        self.r = r
        self.s = s
        self.parity = parity
    }

    /// Sixty-five bytes r, s, v with v 27 or 28.
    ///
    /// - Throws: `EthereumError.invalidSignature`.
    package init(encoded bytes: some Collection<UInt8>) throws(EthereumError) {
        let bytes = Array(bytes)
        guard bytes.count == 65, let r = Bytes32(bytes[0..<32]), let s = Bytes32(bytes[32..<64]),
            bytes[64] == 27 || bytes[64] == 28
        else { throw .invalidSignature }
        self.init(r: r, s: s, parity: bytes[64] == 28)
    }

    /// Sixty-five bytes r, s, v.
    package var encoded: [UInt8] { r.bytes + s.bytes + [v] }

    /// 27 or 28.
    package var v: UInt8 { parity ? 28 : 27 }

    /// The key that signed the digest.
    ///
    /// - Throws: `EthereumError.invalidSignature` for a high s, a zero, or when no key fits.
    package func signer(of digest: Bytes32) throws(EthereumError) -> PublicKey {
        guard UInt256(s) <= Self.halfOrder else { throw .invalidSignature }
        var signature = secp256k1_ecdsa_recoverable_signature()
        var point = secp256k1_pubkey()
        let context = Secp256k1.shared.context
        guard
            secp256k1_ecdsa_recoverable_signature_parse_compact(
                context, &signature, r.bytes + s.bytes, parity ? 1 : 0) == 1,
            secp256k1_ecdsa_recover(context, &point, &signature, digest.bytes) == 1
        else { throw .invalidSignature }
        return PublicKey(point)
    }
}
