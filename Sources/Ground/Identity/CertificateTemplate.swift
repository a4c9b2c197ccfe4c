internal import Crypto

/// The two certificates of an identity, byte for byte in the shape upstream gives them.
///
/// Names are `O=Storj`, both dates are year 1 (nobody checks them, and a Go peer's are the same).
/// - Source: protocol document 1 §1.1.
struct CertificateTemplate {
    /// Which of the two.
    enum Role {
        case authority, leaf
    }

    let role: Role
    /// Sixteen random bytes.
    let serial: [UInt8]
    /// The subject's key.
    let key: P256.Signing.PublicKey

    /// The certificate in DER, signed by `issuer`.
    func signed(by issuer: P256.Signing.PrivateKey) -> [UInt8] {
        let body = signedBytes
        let signature = issuer.signatureBytes(for: body)
        return node(0x30, body + Self.ecdsaWithSHA256 + node(0x03, [0] + signature))
    }

    private static let ecdsaWithSHA256: [UInt8] = [
        0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
    ]

    /// TBSCertificate.
    private var signedBytes: [UInt8] {
        let version3: [UInt8] = [0xa0, 0x03, 0x02, 0x01, 0x02]
        let organization = node(0x30, [0x06, 0x03, 0x55, 0x04, 0x0a] + node(0x13, Array("Storj".utf8)))
        let name = node(0x30, node(0x31, organization))
        let year1 = node(0x18, Array("00010101000000Z".utf8))
        let extensions = node(0xa3, node(0x30, role == .authority ? authorityExtensions : leafExtensions))
        let issuerToSubject = name + node(0x30, year1 + year1) + name
        let head = version3 + integer(serial) + Self.ecdsaWithSHA256
        return node(0x30, head + issuerToSubject + key.subjectPublicKeyInfo + extensions)
    }

    private var authorityExtensions: [UInt8] {
        let keyCertSign: [UInt8] = [0x03, 0x02, 0x02, 0x04]
        let isAuthority: [UInt8] = [0x30, 0x03, 0x01, 0x01, 0xff]
        // RFC 7093 §2, method 1: the leftmost 160 bits of the SHA-256 of the key.
        let keyID = Array(SHA256.hash(data: Array(key.x963Representation)).prefix(20))
        return entry([0x55, 0x1d, 0x0f], critical: true, keyCertSign)
            + entry([0x55, 0x1d, 0x13], critical: true, isAuthority)
            + entry([0x55, 0x1d, 0x0e], critical: false, node(0x04, keyID))
            + entry([0x88, 0x37, 0x02, 0x01], critical: false, [0])
    }

    private var leafExtensions: [UInt8] {
        let signatureAndEncipherment: [UInt8] = [0x03, 0x02, 0x05, 0xa0]
        let serverAuth: [UInt8] = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]
        let clientAuth: [UInt8] = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02]
        let notAnAuthority: [UInt8] = [0x30, 0x00]
        return entry([0x55, 0x1d, 0x0f], critical: true, signatureAndEncipherment)
            + entry([0x55, 0x1d, 0x25], critical: false, node(0x30, serverAuth + clientAuth))
            + entry([0x55, 0x1d, 0x13], critical: true, notAnAuthority)
    }

    private func entry(_ identifier: [UInt8], critical: Bool, _ value: [UInt8]) -> [UInt8] {
        let flag: [UInt8] = critical ? [0x01, 0x01, 0xff] : []
        return node(0x30, node(0x06, identifier) + flag + node(0x04, value))
    }

    /// A positive INTEGER in its shortest form.
    private func integer(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = Array(bytes.drop { $0 == 0 })
        if bytes.isEmpty { bytes = [1] }
        return node(0x02, bytes[0] < 0x80 ? bytes : [0] + bytes)
    }

    /// Tag, length and content; the content has less than 64 KiB.
    private func node(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        precondition(count < 1 << 16, "a certificate of ours is short")
        let length: [UInt8] =
            count < 0x80
            ? [UInt8(count)]
            : count < 0x100 ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 0xff)]
        return [tag] + length + content
    }
}
