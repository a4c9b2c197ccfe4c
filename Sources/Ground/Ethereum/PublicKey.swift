import CSecp256k1
package import StorageModel

/// A point of secp256k1 that others know somebody by.
package struct PublicKey: Hashable, Sendable {
    /// Sixty-four bytes, x and y.
    package let coordinates: [UInt8]

    init(_ point: secp256k1_pubkey) {
        coordinates = Array(Self.serialize(point, UInt32(SECP256K1_EC_UNCOMPRESSED), 65).dropFirst())
    }

    /// Reads a point in compressed or uncompressed form.
    ///
    /// - Throws: `EthereumError.malformed` when it is none of the curve.
    package init(encoded bytes: [UInt8]) throws(EthereumError) {
        var point = secp256k1_pubkey()
        guard secp256k1_ec_pubkey_parse(Secp256k1.shared.context, &point, bytes, bytes.count) == 1 else {
            throw .malformed("public key")
        }
        self.init(point)
    }

    /// Thirty-three bytes.
    package var compressed: [UInt8] { Self.serialize(point, UInt32(SECP256K1_EC_COMPRESSED), 33) }

    /// The account: the last twenty bytes of the coordinates' hash.
    ///
    /// - Source: Ethereum Yellow Paper, appendix F.
    package var address: Address { Address(padded: Keccak256.hash(coordinates)) }

    /// The point moved by `tweak` times the generator; nil for one in 2¹²⁷ tweaks.
    ///
    /// - Source: BIP-32, public parent key to public child key.
    package func adding(_ tweak: Bytes32) -> PublicKey? {
        var point = point
        guard secp256k1_ec_pubkey_tweak_add(Secp256k1.shared.context, &point, tweak.bytes) == 1 else { return nil }
        return PublicKey(point)
    }

    private var point: secp256k1_pubkey {
        var point = secp256k1_pubkey()
        let bytes = [4] + coordinates
        guard secp256k1_ec_pubkey_parse(Secp256k1.shared.context, &point, bytes, bytes.count) == 1 else {
            preconditionFailure("the coordinates came from a point")
        }
        return point
    }

    private static func serialize(_ point: secp256k1_pubkey, _ form: UInt32, _ size: Int) -> [UInt8] {
        var point = point
        var bytes = [UInt8](repeating: 0, count: size)
        var count = size
        secp256k1_ec_pubkey_serialize(Secp256k1.shared.context, &bytes, &count, &point, form)
        return bytes
    }
}
