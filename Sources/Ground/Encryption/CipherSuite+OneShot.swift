import CSodium
import Crypto
package import Foundation

extension CipherSuite {
    /// Encrypts data in one piece; empty data stays empty.
    ///
    /// - Returns: `data.count` bytes, and 16 more unless the data is empty or the cipher null.
    /// - Throws: `.unsupportedCipher`.
    /// - Source: protocol document 1 §6.1.
    package func encrypt(
        _ data: some DataProtocol, key: EncryptionKey, nonce: EncryptionNonce
    ) throws(EncryptionError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(data.count + overhead)
        try encrypt(data, key: key, nonce: nonce, appendingTo: &output)
        return output
    }

    /// Decrypts data in one piece; empty data stays empty.
    ///
    /// - Throws: `.unsupportedCipher`, or `.notAuthentic` when a bit differs from what was encrypted.
    package func decrypt(
        _ data: some DataProtocol, key: EncryptionKey, nonce: EncryptionNonce
    ) throws(EncryptionError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(data.count)
        try decrypt(data, key: key, nonce: nonce, appendingTo: &output)
        return output
    }

    /// Encrypts data in one piece to the end of a buffer.
    package func encrypt(
        _ data: some DataProtocol, key: EncryptionKey, nonce: EncryptionNonce, appendingTo output: inout [UInt8]
    ) throws(EncryptionError) {
        switch self {
        case .unspecified, .nullBase64URL: throw .unsupportedCipher
        case .null: output += data
        case .aesGCM:
            if data.isEmpty { return }
            do {
                let box = try AES.GCM.seal(
                    data, using: SymmetricKey(data: key.bytes), nonce: AES.GCM.Nonce(data: nonce.bytes.prefix(12)))
                output += box.ciphertext
                output += box.tag
            } catch {
                preconditionFailure("a key of 32 bytes and a nonce of 12 always encrypt")
            }
        case .secretBox:
            if data.isEmpty { return }
            let plain = Array(data)
            var sealed = [UInt8](repeating: 0, count: plain.count + overhead)
            crypto_secretbox_easy(&sealed, plain, UInt64(plain.count), nonce.bytes, key.bytes)
            output += sealed
        }
    }

    /// Decrypts data in one piece to the end of a buffer; appends nothing when it throws.
    package func decrypt(
        _ data: some DataProtocol, key: EncryptionKey, nonce: EncryptionNonce, appendingTo output: inout [UInt8]
    ) throws(EncryptionError) {
        switch self {
        case .unspecified, .nullBase64URL: throw .unsupportedCipher
        case .null: output += data
        case .aesGCM:
            if data.isEmpty { return }
            guard data.count >= overhead else { throw .notAuthentic }
            do {
                let box = try AES.GCM.SealedBox(
                    nonce: AES.GCM.Nonce(data: nonce.bytes.prefix(12)),
                    ciphertext: data.dropLast(overhead), tag: data.suffix(overhead))
                output += try AES.GCM.open(box, using: SymmetricKey(data: key.bytes))
            } catch {
                throw .notAuthentic
            }
        case .secretBox:
            if data.isEmpty { return }
            guard data.count >= overhead else { throw .notAuthentic }
            let sealed = Array(data)
            var plain = [UInt8](repeating: 0, count: sealed.count - overhead)
            guard crypto_secretbox_open_easy(&plain, sealed, UInt64(sealed.count), nonce.bytes, key.bytes) == 0
            else { throw .notAuthentic }
            output += plain
        }
    }
}
