internal import Crypto
internal import StorageModel

extension P256.Signing.PrivateKey {
    /// Draws a key; a draw outside the group's order, of chance 2^-32, is repeated.
    init(random: RandomSource) {
        while true {
            do {
                try self.init(rawRepresentation: random.bytes(count: 32))
                return
            } catch { continue }
        }
    }

    /// Reads `PRIVATE KEY` (PKCS#8) or `EC PRIVATE KEY` (SEC1).
    init(pem: String) throws(IdentityError) {
        guard pem.utf8.count <= 4096 else { throw .malformedKey }
        do { try self.init(pemRepresentation: pem) } catch { throw .malformedKey }
    }

    /// The ECDSA signature of the SHA-256 of `bytes`, in DER.
    ///
    /// The nonce comes from the library, which draws it from the system and the key.
    func signatureBytes(for bytes: [UInt8]) -> [UInt8] {
        do {
            return Array(try signature(for: SHA256.hash(data: bytes)).derRepresentation)
        } catch {
            preconditionFailure("a valid key signs any hash")
        }
    }
}
