import COpenSSL
import CSodium
package import Foundation
package import StorageModel

/// A private key under a password, as wallets exchange it.
///
/// - Source: Web3 Secret Storage Definition, version 3: scrypt, AES-128-CTR, Keccak-256 over key half and ciphertext.
package struct KeyFile: Codable, Sendable {
    /// How hard guessing is made.
    package struct Cost: Sendable {
        let n: UInt64
        let r: UInt64
        let p: UInt64

        /// About a second and 256 MiB: for keys with money behind them.
        package static let standard = Cost(n: 1 << 18, r: 8, p: 1)
        /// About 4 MiB: for tests and development.
        package static let light = Cost(n: 1 << 12, r: 8, p: 1)
    }

    private struct Contents: Codable {
        struct Parameters: Codable { var iv: String }
        struct Derivation: Codable {
            var dklen: Int
            var n: UInt64
            var p: UInt64
            var r: UInt64
            var salt: String
        }
        var cipher: String
        var cipherparams: Parameters
        var ciphertext: String
        var kdf: String
        var kdfparams: Derivation
        var mac: String
    }

    private var version: Int
    private var id: String
    private var address: String?
    private var crypto: Contents

    /// Memory a key file may ask for, in bytes: 1 GiB.
    private static let maximumMemory: UInt64 = 1 << 30

    /// Seals a key.
    package init(_ key: PrivateKey, password: String, cost: Cost = .standard, random: RandomSource) throws(EthereumError) {
        let salt = random.bytes(count: 32)
        let iv = random.bytes(count: 16)
        let derived = try Self.derive(password, salt: salt, cost: cost)
        let sealed = try Self.cipher(key.secret.bytes, key: Array(derived[0..<16]), iv: iv)
        let mac = Keccak256.hash(derived[16..<32] + sealed)
        var uuid = random.bytes(count: 16)
        uuid[6] = uuid[6] & 0x0F | 0x40
        uuid[8] = uuid[8] & 0x3F | 0x80
        let digits = Array(Hexadecimal.encode(uuid))
        id = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
        version = 3
        address = Hexadecimal.encode(key.address.bytes)
        crypto = Contents(
            cipher: "aes-128-ctr", cipherparams: .init(iv: Hexadecimal.encode(iv)),
            ciphertext: Hexadecimal.encode(sealed), kdf: "scrypt",
            kdfparams: .init(dklen: 32, n: cost.n, p: cost.p, r: cost.r, salt: Hexadecimal.encode(salt)),
            mac: Hexadecimal.encode(mac.bytes))
    }

    /// Reads a key file.
    ///
    /// - Throws: `EthereumError.malformed`.
    package init(json: Data) throws(EthereumError) {
        do { self = try JSONDecoder().decode(KeyFile.self, from: json) } catch {
            throw .malformed("key file: not of version 3 of the Web3 secret storage")
        }
        guard version == 3 else { throw .malformed("key file: version \(version), 3 is expected") }
    }

    /// The file's text.
    package var json: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        // Strings and whole numbers always encode.
        guard let data = try? encoder.encode(self) else { preconditionFailure("a key file is plain JSON") }
        return data
    }

    /// Opens the key.
    ///
    /// - Throws: `EthereumError.wrongPassword`, `.malformed`.
    package func open(password: String) throws(EthereumError) -> PrivateKey {
        guard crypto.cipher == "aes-128-ctr", crypto.kdf == "scrypt", crypto.kdfparams.dklen == 32,
            let salt = Hexadecimal.decode(crypto.kdfparams.salt), let iv = Hexadecimal.decode(crypto.cipherparams.iv),
            iv.count == 16, let sealed = Hexadecimal.decode(crypto.ciphertext), sealed.count == 32,
            let mac = Hexadecimal.decode(crypto.mac)
        else { throw .malformed("key file: scrypt and aes-128-ctr with a key of 32 bytes are expected") }
        let cost = Cost(n: crypto.kdfparams.n, r: crypto.kdfparams.r, p: crypto.kdfparams.p)
        let derived = try Self.derive(password, salt: salt, cost: cost)
        guard Keccak256.hash(derived[16..<32] + sealed).bytes == mac else { throw .wrongPassword }
        guard let secret = Bytes32(try Self.cipher(sealed, key: Array(derived[0..<16]), iv: iv)) else {
            throw .malformed("key file: key")
        }
        return try PrivateKey(secret: secret)
    }

    /// - Source: RFC 7914.
    private static func derive(_ password: String, salt: [UInt8], cost: Cost) throws(EthereumError) -> [UInt8] {
        // 128 · n · r bytes are needed, p times after each other: a stranger's file must not ask for more than we have.
        let (block, first) = cost.n.multipliedReportingOverflow(by: 128)
        let (memory, second) = block.multipliedReportingOverflow(by: cost.r)
        var derived = [UInt8](repeating: 0, count: 32)
        let text = Array(password.utf8)
        guard !first, !second, memory <= maximumMemory, cost.r >= 1, (1...16).contains(cost.p),
            // OpenSSL refuses the parameters of published files (n ≥ 2^(16 r)), libsodium takes them.
            crypto_pwhash_scryptsalsa208sha256_ll(
                text, text.count, salt, salt.count, cost.n, UInt32(cost.r), UInt32(cost.p), &derived, derived.count) == 0
        else { throw .malformed("key file: scrypt parameters") }
        return derived
    }

    private static func cipher(_ bytes: [UInt8], key: [UInt8], iv: [UInt8]) throws(EthereumError) -> [UInt8] {
        guard let context = EVP_CIPHER_CTX_new() else { throw .malformed("key file: no cipher") }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: bytes.count)
        var count: Int32 = 0
        guard EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nil, key, iv) == 1,
            EVP_EncryptUpdate(context, &output, &count, bytes, Int32(bytes.count)) == 1, Int(count) == bytes.count
        else { throw .malformed("key file: cipher") }
        return output
    }
}
