import CSodium

/// A cipher suite with its key: encrypts and decrypts messages from buffer to buffer, each under a nonce of its own.
///
/// Not for use from several tasks at once.
/// - Source: protocol document 1 §6.1.
final class KeyedCipher {
    private enum Machine {
        case null
        case aesGCM(GCMContext)
        case secretBox(key: [UInt8])
    }

    private let machine: Machine
    /// Bytes that a message grows by.
    let overhead: Int

    /// - Throws: `.unsupportedCipher`.
    init(suite: CipherSuite, key: EncryptionKey) throws(EncryptionError) {
        overhead = suite.overhead
        switch suite {
        case .unspecified, .nullBase64URL: throw .unsupportedCipher
        case .null: machine = .null
        case .aesGCM: machine = .aesGCM(try GCMContext(key: key))
        case .secretBox: machine = .secretBox(key: key.bytes)
        }
    }

    /// Encrypts one message.
    ///
    /// - Parameters:
    ///   - plain: `0...Int32.max` bytes.
    ///   - output: as many bytes and `overhead`; may start at the same address as `plain`, else lies apart.
    /// - Throws: `.badBlockSize`, of the message, when the sizes do not fit.
    func seal(
        _ plain: UnsafeRawBufferPointer, nonce: borrowing EncryptionNonce, into output: UnsafeMutableRawBufferPointer
    ) throws(EncryptionError) {
        guard plain.count <= Int32.max, output.count == plain.count + overhead else {
            throw .badBlockSize(plain.count)
        }
        switch machine {
        case .null: output.copyMemory(from: plain)
        case .aesGCM(let context):
            guard context.seal(plain, nonce: nonce, into: output) else { throw .unsupportedCipher }
        case .secretBox(let key):
            guard let target = output.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
            let source = plain.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? UnsafePointer(target)
            crypto_secretbox_easy(target, source, UInt64(plain.count), nonce.bytes, key)
        }
    }

    /// Decrypts one message.
    ///
    /// - Parameters:
    ///   - sealed: any bytes.
    ///   - output: `overhead` bytes less; may start at the same address as `sealed`, else lies apart.
    /// - Throws: `.notAuthentic`, and then `output` holds zeros; `.badBlockSize`, of `output`, when it does not fit.
    func open(
        _ sealed: UnsafeRawBufferPointer, nonce: borrowing EncryptionNonce, into output: UnsafeMutableRawBufferPointer
    ) throws(EncryptionError) {
        guard (overhead...Int(Int32.max)).contains(sealed.count) else { throw .notAuthentic }
        guard output.count == sealed.count - overhead else { throw .badBlockSize(output.count) }
        let isAuthentic =
            switch machine {
            case .null: copy(sealed, into: output)
            case .aesGCM(let context): context.open(sealed, nonce: nonce, into: output)
            case .secretBox(let key): openBox(sealed, nonce: nonce, key: key, into: output)
            }
        if !isAuthentic {
            // Nobody shall come to rely on what was decrypted before the tag turned out wrong.
            output.initializeMemory(as: UInt8.self, repeating: 0)
            throw .notAuthentic
        }
    }

    private func copy(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
        output.copyMemory(from: bytes)
        return true
    }

    private func openBox(
        _ sealed: UnsafeRawBufferPointer, nonce: borrowing EncryptionNonce, key: [UInt8],
        into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard let source = sealed.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
        return crypto_secretbox_open_easy(
            output.baseAddress?.assumingMemoryBound(to: UInt8.self), source, UInt64(sealed.count), nonce.bytes, key)
            == 0
    }
}
