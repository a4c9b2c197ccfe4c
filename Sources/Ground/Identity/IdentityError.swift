package import StorageModel

/// Why an identity, a chain or a key is refused.
package enum IdentityError: Error, Hashable, Sendable {
    /// A chain has this many certificates, outside `CertificateChain.countRange`.
    case wrongCertificateCount(Int)
    /// Bytes that are longer than `CertificateChain.maximumByteCount` allows.
    case chainTooLong(Int)
    /// Certificate `index` of a chain is not a certificate in DER.
    case malformedCertificate(index: Int)
    /// Certificate `index` carries a key that is not ECDSA P-256.
    case unsupportedKey(index: Int)
    /// Certificate `index` is not signed by its successor (the last one: by itself).
    case wrongSignature(index: Int)
    /// Certificate `index` names an identity version other than 0.
    case unsupportedVersion(index: Int)
    /// The chain is sound and belongs to another node than the one wanted.
    case wrongNodeID(expected: NodeID, actual: NodeID)
    /// The certificate that signs the leaf is not a certificate authority.
    case notAnAuthority
    /// A text that is not PEM, or holds no block of the kind asked for.
    case malformedPEM
    /// A private key that cannot be read, or is not P-256.
    case malformedKey
    /// A private key that does not belong to the first certificate beside it.
    case keyMismatch
    /// The task that searched was cancelled.
    case cancelled
}

extension IdentityError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongCertificateCount(let count): "certificate chain has \(count) certificates"
        case .chainTooLong(let count): "certificate chain has \(count) bytes"
        case .malformedCertificate(let index): "certificate \(index) is malformed"
        case .unsupportedKey(let index): "certificate \(index) has a key that is not P-256"
        case .wrongSignature(let index): "certificate \(index) is not signed by its successor"
        case .unsupportedVersion(let index): "certificate \(index) has an unknown identity version"
        case .wrongNodeID(let expected, let actual): "peer is node \(actual), expected \(expected)"
        case .notAnAuthority: "certificate 1 is not a certificate authority"
        case .malformedPEM: "text is not the PEM expected"
        case .malformedKey: "private key is not a readable P-256 key"
        case .keyMismatch: "private key does not belong to the certificate"
        case .cancelled: "search for an identity was cancelled"
        }
    }
}
