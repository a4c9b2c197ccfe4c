internal import Crypto
package import StorageModel

/// The identity of somebody else, verified: a node id and the key that signs for it.
///
/// - Source: protocol document 1 §1.6.
package struct PeerIdentity: Sendable {
    /// The node id, from the authority's key.
    package let id: NodeID
    /// The certificates that prove it.
    package let chain: CertificateChain
    private let leafKey: P256.Signing.PublicKey
    private let authorityMayIssue: Bool

    /// Verifies a chain as every peer does: each certificate signed by the next, the last by itself, version 0.
    ///
    /// Costs one P-256 verification a certificate, about 80 µs each.
    /// - Throws: `malformedCertificate`, `unsupportedKey`, `unsupportedVersion`, `wrongSignature`.
    package init(chain: CertificateChain) throws(IdentityError) {
        var certificates: [ParsedCertificate] = []
        for (index, bytes) in chain.certificates.enumerated() {
            certificates.append(try ParsedCertificate(bytes, index: index))
        }
        for index in certificates.indices {
            let issuer = certificates[min(index + 1, certificates.count - 1)]
            guard certificates[index].isSigned(by: issuer) else { throw .wrongSignature(index: index) }
        }
        id = NodeID(authorityKey: certificates[1].publicKeyInfo)
        leafKey = certificates[0].publicKey
        authorityMayIssue = certificates[1].mayIssue
        self.chain = chain
    }

    /// Parses and verifies the form in which messages carry an identity.
    ///
    /// - Throws: everything `CertificateChain.init(concatenated:)` and `init(chain:)` throw.
    package init(concatenated bytes: [UInt8]) throws(IdentityError) {
        try self.init(chain: CertificateChain(concatenated: bytes))
    }

    /// The form in which messages carry an identity.
    package var concatenated: [UInt8] { chain.concatenated }

    /// Checks what a client that dials a node checks besides: the id, and that X.509 calls certificate 1 an authority.
    ///
    /// - Throws: `wrongNodeID`, `notAnAuthority`.
    package func verify(is id: NodeID) throws(IdentityError) {
        guard self.id == id else { throw .wrongNodeID(expected: id, actual: self.id) }
        guard authorityMayIssue else { throw .notAnAuthority }
    }

    /// Whether `signature`, ECDSA in DER made with the leaf key, covers the SHA-256 of `bytes`; about 65 µs.
    ///
    /// - Source: protocol document 1 §1.5.
    package func isValidSignature(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
        leafKey.isValid(signature, for: bytes)
    }
}

extension PeerIdentity: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.chain == right.chain }

    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
