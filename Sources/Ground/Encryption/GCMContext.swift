import COpenSSL

/// AES-256-GCM under one key: the key schedule is computed once and every message sets only its nonce.
///
/// Not for use from several tasks at once.
/// - Source: NIST SP 800-38D; protocol document 1 §6.1.
final class GCMContext {
    /// Bytes of a tag.
    static let tagSize = 16

    /// The algorithm, looked up once: each look-up costs as much as encrypting a kilobyte. Never changed afterwards.
    private nonisolated(unsafe) static let algorithm = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

    private let context: OpaquePointer

    /// - Throws: `.unsupportedCipher` when the library was built or set up without the algorithm, or has no memory.
    init(key: EncryptionKey) throws(EncryptionError) {
        guard let algorithm = Self.algorithm, let context = EVP_CIPHER_CTX_new() else { throw .unsupportedCipher }
        guard EVP_EncryptInit_ex(context, algorithm, nil, key.bytes, nil) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw .unsupportedCipher
        }
        self.context = context
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Writes ciphertext and tag.
    ///
    /// - Parameters:
    ///   - plain: `0...Int32.max` bytes.
    ///   - nonce: its first 12 bytes count.
    ///   - output: 16 bytes more than `plain`; may start at the same address as `plain`, else lies apart.
    /// - Returns: false when the library refused, which it has no reason to.
    func seal(
        _ plain: UnsafeRawBufferPointer, nonce: borrowing EncryptionNonce, into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard let target = output.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
        var written: Int32 = 0
        let source = plain.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return EVP_EncryptInit_ex(context, nil, nil, nil, nonce.bytes) == 1
            && EVP_EncryptUpdate(context, target, &written, source, Int32(plain.count)) == 1
            && EVP_EncryptFinal_ex(context, target + Int(written), &written) == 1
            && EVP_CIPHER_CTX_ctrl(
                context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), target + plain.count) == 1
    }

    /// Writes the plain bytes of ciphertext and tag.
    ///
    /// - Parameters:
    ///   - sealed: `16...Int32.max` bytes.
    ///   - nonce: its first 12 bytes count.
    ///   - output: 16 bytes less than `sealed`; may start at the same address, else lies apart.
    /// - Returns: false when the bytes are not authentic; `output` then holds what must not be used.
    func open(
        _ sealed: UnsafeRawBufferPointer, nonce: borrowing EncryptionNonce, into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard let source = sealed.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
        // The library takes the expected tag by a pointer that it could write through, but does not.
        let tag = UnsafeMutablePointer(mutating: source + sealed.count - Self.tagSize)
        var unused: UInt8 = 0
        var written: Int32 = 0
        return withUnsafeMutablePointer(to: &unused) { unused in
            let target = output.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? unused
            return EVP_DecryptInit_ex(context, nil, nil, nil, nonce.bytes) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), tag) == 1
                && EVP_DecryptUpdate(context, target, &written, source, Int32(sealed.count - Self.tagSize)) == 1
                && EVP_DecryptFinal_ex(context, target + Int(written), &written) == 1
        }
    }
}
