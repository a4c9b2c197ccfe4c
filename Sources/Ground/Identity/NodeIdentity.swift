internal import Crypto
package import StorageModel

/// Our own identity: a chain and the private key of its leaf, which speaks TLS and signs.
///
/// - Source: protocol document 1 §1.1, §1.4 and §1.5.
package struct NodeIdentity: Sendable {
    /// What others see of it.
    package let peer: PeerIdentity
    private let key: P256.Signing.PrivateKey

    /// Reads the texts of `identity.cert` and `identity.key` (PKCS#8 or SEC1) and verifies the chain.
    ///
    /// - Throws: `malformedPEM`, `malformedKey`, `keyMismatch` and what verification throws.
    package init(certificatePEM: String, keyPEM: String) throws(IdentityError) {
        let key = try P256.Signing.PrivateKey(pem: keyPEM)
        try self.init(chain: CertificateChain(pem: certificatePEM), key: key)
    }

    init(chain: CertificateChain, key: P256.Signing.PrivateKey) throws(IdentityError) {
        let peer = try PeerIdentity(chain: chain)
        let leaf = try ParsedCertificate(chain.certificates[0], index: 0)
        guard leaf.publicKey.x963Representation == key.publicKey.x963Representation else { throw .keyMismatch }
        self.peer = peer
        self.key = key
    }

    /// Makes an identity of any difficulty, for tests and for clients, whose ids nobody checks; about 1 ms.
    package static func generate(random: RandomSource) -> NodeIdentity {
        CertificateAuthority(key: P256.Signing.PrivateKey(random: random), random: random)
            .issueIdentity(random: random)
    }

    /// The node id.
    package var id: NodeID { peer.id }

    /// The certificates, leaf first.
    package var chain: CertificateChain { peer.chain }

    /// The text of `identity.cert`.
    package var certificatePEM: String { chain.pem }

    /// The text of `identity.key`, PKCS#8. A secret: keep it in a file only its owner reads.
    package var keyPEM: String { key.pemRepresentation + "\n" }

    /// The private key as PKCS#8 in DER, for the TLS library. A secret.
    package var keyDER: [UInt8] { Array(key.derRepresentation) }

    /// Signs the SHA-256 of `bytes` with the leaf key: ECDSA in DER, at most 72 bytes, never twice the same.
    package func sign(_ bytes: [UInt8]) -> [UInt8] {
        key.signatureBytes(for: bytes)
    }
}

/// The names of the files that hold an identity.
///
/// - Source: protocol document 1 §1.4.
package enum IdentityFileName: String, CaseIterable, Sendable {
    case identityCertificate = "identity.cert"
    case identityKey = "identity.key"
    case authorityCertificate = "ca.cert"
    case authorityKey = "ca.key"
}
