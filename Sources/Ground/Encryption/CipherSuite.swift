/// How data or paths are encrypted; raw values are the protocol's numbers.
///
/// - Source: protocol document 1 §5.1, §6.1.
package enum CipherSuite: Int, CaseIterable, Sendable {
    /// Not said; cannot encrypt.
    case unspecified = 0
    /// In the clear.
    case null = 1
    /// AES-256-GCM.
    case aesGCM = 2
    /// XSalsa20-Poly1305 as NaCl's secretbox.
    case secretBox = 3
    /// Never on a wire: shows encrypted path components as base64url, for tools that must work without the keys.
    case nullBase64URL = 4

    /// Bytes a cipher adds to data that is not empty.
    var overhead: Int {
        switch self {
        case .aesGCM, .secretBox: 16
        case .unspecified, .null, .nullBase64URL: 0
        }
    }

    /// Bytes of a nonce that the cipher uses: the first ones of the 24.
    var nonceSize: Int {
        switch self {
        case .aesGCM: 12
        case .secretBox: 24
        case .unspecified, .null, .nullBase64URL: 0
        }
    }
}
