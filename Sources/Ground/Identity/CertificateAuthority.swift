internal import Crypto
package import StorageModel

/// The key that names a node, kept apart from the leaf it signs.
///
/// A node id is a hash of this key, and the number of zero bits at its end is the work that went into it.
/// - Source: protocol document 1 §1.1 and §1.2.
package struct CertificateAuthority: Sendable {
    /// The node id of every identity it issues.
    package let id: NodeID
    /// Its own certificate, then its parents.
    private let certificates: [[UInt8]]
    private let key: P256.Signing.PrivateKey

    /// Searches for a key whose node id has `difficulty`.
    ///
    /// One attempt takes about 20 µs, and `2^(difficulty - 8)` are expected. Search in batches of some thousand
    /// attempts, in as many tasks as there are cores; every batch is independent of the others.
    /// - Parameter difficulty: the least `NodeID.difficulty`, in `0...64`; up to 8 every key will do.
    /// - Returns: nil when no attempt of the batch was lucky.
    /// - Throws: `cancelled` when the current task is cancelled meanwhile.
    package static func generate(
        difficulty: Int, maximumAttempts: Int, random: RandomSource
    ) throws(IdentityError) -> CertificateAuthority? {
        precondition((0...64).contains(difficulty), "a difficulty lies between 0 and 64")
        for _ in 0..<maximumAttempts {
            if Task.isCancelled { throw .cancelled }
            let key = P256.Signing.PrivateKey(random: random)
            if NodeID(authorityKey: key.publicKey.subjectPublicKeyInfo).difficulty >= difficulty {
                return CertificateAuthority(key: key, random: random)
            }
        }
        return nil
    }

    /// Reads the texts of `ca.cert` and `ca.key`.
    ///
    /// - Throws: `malformedPEM`, `malformedKey`, `malformedCertificate`, `keyMismatch`.
    package init(certificatePEM: String, keyPEM: String) throws(IdentityError) {
        let key = try P256.Signing.PrivateKey(pem: keyPEM)
        let certificates = try CertificateChain.blocks(certificatePEM)
        guard certificates.count < CertificateChain.countRange.upperBound else {
            throw .wrongCertificateCount(certificates.count)
        }
        let parsed = try ParsedCertificate(certificates[0], index: 0)
        guard parsed.publicKey.x963Representation == key.publicKey.x963Representation else { throw .keyMismatch }
        id = NodeID(authorityKey: parsed.publicKeyInfo)
        self.certificates = certificates
        self.key = key
    }

    init(key: P256.Signing.PrivateKey, random: RandomSource) {
        let template = CertificateTemplate(role: .authority, serial: random.bytes(count: 16), key: key.publicKey)
        certificates = [template.signed(by: key)]
        id = NodeID(authorityKey: key.publicKey.subjectPublicKeyInfo)
        self.key = key
    }

    /// The text of `ca.cert`.
    package var certificatePEM: String { CertificateChain.pem(certificates) }

    /// The text of `ca.key`, PKCS#8. A secret: whoever has it can be this node.
    package var keyPEM: String { key.pemRepresentation + "\n" }

    /// Makes a new leaf key and signs it.
    package func issueIdentity(random: RandomSource) -> NodeIdentity {
        let leafKey = P256.Signing.PrivateKey(random: random)
        let template = CertificateTemplate(role: .leaf, serial: random.bytes(count: 16), key: leafKey.publicKey)
        do {
            let chain = try CertificateChain(certificates: [template.signed(by: key)] + certificates)
            return try NodeIdentity(chain: chain, key: leafKey)
        } catch {
            preconditionFailure("a certificate just issued verifies: \(error)")
        }
    }
}
