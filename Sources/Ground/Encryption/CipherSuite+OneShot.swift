package import Foundation

extension CipherSuite {
    /// Encrypts data in one piece; empty data stays empty.
    ///
    /// - Parameter data: at most 2 GiB.
    /// - Returns: `data.count` bytes, and 16 more unless the data is empty or the cipher null.
    /// - Throws: `.unsupportedCipher`; `.badBlockSize` for too much data.
    /// - Source: protocol document 1 §6.1.
    package func encrypt(
        _ data: some DataProtocol, key: EncryptionKey, nonce: EncryptionNonce
    ) throws(EncryptionError) -> [UInt8] {
        let keyed = try KeyedCipher(suite: self, key: key)
        if data.isEmpty { return [] }
        return try Self.transform(data, growth: keyed.overhead) { (plain, output) throws(EncryptionError) in
            try keyed.seal(plain, nonce: nonce, into: output)
        }
    }

    /// Decrypts data in one piece; empty data stays empty.
    ///
    /// - Throws: `.unsupportedCipher`, or `.notAuthentic` when a bit differs from what was encrypted.
    package func decrypt(
        _ data: some DataProtocol, key: EncryptionKey, nonce: EncryptionNonce
    ) throws(EncryptionError) -> [UInt8] {
        let keyed = try KeyedCipher(suite: self, key: key)
        if data.isEmpty { return [] }
        guard data.count >= keyed.overhead else { throw .notAuthentic }
        return try Self.transform(data, growth: -keyed.overhead) { (sealed, output) throws(EncryptionError) in
            try keyed.open(sealed, nonce: nonce, into: output)
        }
    }

    /// The bytes that `work` writes, `growth` more than those it reads.
    private static func transform(
        _ data: some DataProtocol, growth: Int,
        work: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) throws(EncryptionError) -> Void
    ) throws(EncryptionError) -> [UInt8] {
        let input = Array(data)
        var output = [UInt8](repeating: 0, count: input.count + growth)
        // The standard library's own functions forget which error it is.
        let result = input.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in
                Result { () throws(EncryptionError) in try work(input, output) }
            }
        }
        try result.get()
        return output
    }
}
