/// Encrypts the components of a path one after another, each under a key derived from those before it.
///
/// The same path always gives the same bytes, so that it can be looked up.
/// - Source: protocol document 1 §6.3.
package struct PathCipher: Sendable {
    /// How components are encrypted.
    package let suite: CipherSuite
    /// The key of the path so far: it encrypts the next component.
    package private(set) var key: EncryptionKey

    /// Starts at a path's key.
    package init(suite: CipherSuite, key: EncryptionKey) {
        self.suite = suite
        self.key = key
    }

    /// Encrypts the next component and steps below it.
    ///
    /// - Throws: `.unsupportedCipher`; `.badPathComponent` in bypass mode when the text is not base64url.
    package mutating func encrypt(component: [UInt8]) throws(EncryptionError) -> [UInt8] {
        let next = key.derived(component: component)
        defer { key = next }
        switch suite {
        case .unspecified: throw .unsupportedCipher
        case .null: return component
        case .nullBase64URL:
            guard let bytes = Base64URL.decode(component) else { throw .badPathComponent }
            return bytes
        case .aesGCM, .secretBox:
            guard let nonce = EncryptionNonce(next.authenticationCode(for: Array("nonce".utf8)).prefix(24)) else {
                preconditionFailure("HMAC-SHA512 has 64 bytes")
            }
            let ciphertext = try suite.encrypt(component, key: key, nonce: nonce)
            return PathComponentCoding.encode(Array(nonce.bytes.prefix(suite.nonceSize)) + ciphertext)
        }
    }

    /// Decrypts the next component and steps below it; an empty one, as listings end with, stays empty.
    ///
    /// - Throws: `.unsupportedCipher`, `.badPathComponent` or `.notAuthentic`; the cipher must not be used further.
    package mutating func decrypt(component: [UInt8]) throws(EncryptionError) -> [UInt8] {
        let plain = try decrypted(component)
        key = key.derived(component: plain)
        return plain
    }

    private func decrypted(_ component: [UInt8]) throws(EncryptionError) -> [UInt8] {
        switch suite {
        case .unspecified: throw .unsupportedCipher
        case .null: return component
        case .nullBase64URL: return Base64URL.encode(component)
        case .aesGCM, .secretBox:
            if component.isEmpty { return [] }
            let bytes = try PathComponentCoding.decode(component)
            guard bytes.count >= suite.nonceSize else { throw .badPathComponent }
            var nonce = Array(bytes.prefix(suite.nonceSize))
            nonce += [UInt8](repeating: 0, count: EncryptionNonce.byteCount - nonce.count)
            guard let nonce = EncryptionNonce(nonce) else { throw .badPathComponent }
            return try suite.decrypt(bytes.dropFirst(suite.nonceSize), key: key, nonce: nonce)
        }
    }

    /// Encrypts a path below the starting key.
    package mutating func encrypt(_ path: UnencryptedPath) throws(EncryptionError) -> EncryptedPath {
        var components: [[UInt8]] = []
        for component in path.components { components.append(try encrypt(component: component)) }
        return EncryptedPath(components: components)
    }

    /// Decrypts a path below the starting key, for instance an item of a listing relative to its prefix.
    package mutating func decrypt(_ path: EncryptedPath) throws(EncryptionError) -> UnencryptedPath {
        var components: [[UInt8]] = []
        for component in path.components { components.append(try decrypt(component: component)) }
        return UnencryptedPath(components: components)
    }

    /// Steps below a path without encrypting it.
    mutating func descend(_ components: some Sequence<[UInt8]>) {
        for component in components { key = key.derived(component: component) }
    }
}
