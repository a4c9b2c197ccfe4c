extension EncryptionKey {
    /// Encrypts this key under another one: 48 bytes with a real cipher, 32 with the null one.
    ///
    /// - Throws: `.unsupportedCipher`.
    /// - Source: protocol document 1 §6.4.
    package func wrapped(
        by suite: CipherSuite, key: EncryptionKey, nonce: EncryptionNonce
    ) throws(EncryptionError) -> [UInt8] {
        try suite.encrypt(bytes, key: key, nonce: nonce)
    }

    /// Decrypts a key that another one encrypts.
    ///
    /// - Throws: `.unsupportedCipher`; `.notAuthentic`, also when what comes out is no key.
    package init(
        unwrapping bytes: [UInt8], by suite: CipherSuite, key: EncryptionKey, nonce: EncryptionNonce
    ) throws(EncryptionError) {
        guard let unwrapped = EncryptionKey(try suite.decrypt(bytes, key: key, nonce: nonce)) else {
            throw .notAuthentic
        }
        self = unwrapped
    }

    /// The key that encrypts the entity tag of a part, from the content key of the part's last segment.
    package var entityTagKey: EncryptionKey { derived("storj-etag-v1".utf8) }
}
