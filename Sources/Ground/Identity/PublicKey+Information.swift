internal import Crypto

extension P256.Signing.PublicKey {
    /// The DER header of every P-256 SubjectPublicKeyInfo; 65 bytes of uncompressed point follow.
    private static let informationHeader: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]

    /// The key as SubjectPublicKeyInfo in DER, 91 bytes.
    var subjectPublicKeyInfo: [UInt8] { Self.informationHeader + Array(x963Representation) }

    /// Reads the one canonical form; nil for any other key, curve or encoding.
    ///
    /// A second encoding of one key would give it a second node id.
    init?(subjectPublicKeyInfo bytes: ArraySlice<UInt8>) {
        let header = Self.informationHeader
        guard bytes.count == header.count + 65, bytes.starts(with: header) else { return nil }
        do { try self.init(x963Representation: Array(bytes.dropFirst(header.count))) } catch { return nil }
    }

    /// Whether `signature`, ECDSA in DER, covers the SHA-256 of `bytes`.
    func isValid(_ signature: some Collection<UInt8>, for bytes: some Collection<UInt8>) -> Bool {
        do {
            let parsed = try P256.Signing.ECDSASignature(derRepresentation: Array(signature))
            return isValidSignature(parsed, for: SHA256.hash(data: Array(bytes)))
        } catch {
            // What is not a signature is not a valid one.
            return false
        }
    }
}
