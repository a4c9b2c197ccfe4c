import CArgon2
import Crypto

extension EncryptionKey {
    /// Memory of the derivation, in KiB.
    private static let rootMemory: UInt32 = 65536

    /// The key of a whole project, from a passphrase.
    ///
    /// Takes 64 MiB and about a tenth of a second, and blocks for that long.
    /// - Parameters:
    ///   - passphrase: any bytes, also none.
    ///   - salt: the project's salt as the satellite tells it.
    ///   - path: empty for a project's root key.
    ///   - parallelism: lanes, in `1...16`; each value gives another key. 8 is what clients use for passphrases, 1 for
    ///     keys of single users.
    /// - Throws: `.keyDerivationFailed` when memory or threads are short.
    /// - Source: protocol document 1 §5.2; Argon2id version 0x13 with one pass, RFC 9106.
    package static func root(
        passphrase: [UInt8], salt: [UInt8], path: [UInt8] = [], parallelism: Int = 8
    ) throws(EncryptionError) -> EncryptionKey {
        precondition((1...16).contains(parallelism), "the number of lanes is chosen by us")
        let mixed = HMAC<SHA256>.authenticationCode(for: salt, using: SymmetricKey(data: passphrase))
        let pathSalt = Array(HMAC<SHA256>.authenticationCode(for: path, using: SymmetricKey(data: Array(mixed))))
        var hash = [UInt8](repeating: 0, count: 32)
        let code = argon2id_hash_raw(
            1, rootMemory, UInt32(parallelism), passphrase, passphrase.count, pathSalt, pathSalt.count,
            &hash, hash.count)
        guard code == ARGON2_OK.rawValue, let key = EncryptionKey(hash) else {
            throw .keyDerivationFailed(code: Int(code))
        }
        return key
    }
}
