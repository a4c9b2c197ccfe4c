extension EncryptionStore {
    /// Where the encryption of a path starts.
    package struct Base: Sendable {
        /// What stands in front, in the clear; empty for a bucket.
        package let unencryptedPath: UnencryptedPath
        /// What stands in front, as the satellite sees it.
        package let encryptedPath: EncryptedPath
        /// Encrypts what follows.
        package let cipher: PathCipher
        /// How many components stand in front.
        let depth: Int
    }

    /// The start for a path in the clear: the entry with the longest matching path, or the default key.
    ///
    /// - Throws: `.missingEncryptionBase`, which users see as a denied permission.
    /// - Source: protocol document 1 §5.3.
    package func base(of path: UnencryptedPath, in bucket: [UInt8]) throws(EncryptionError) -> Base {
        try base(in: bucket, components: path.components) { $0.unencryptedPath.components }
    }

    /// The start for an encrypted path.
    ///
    /// - Throws: `.missingEncryptionBase`.
    package func base(of path: EncryptedPath, in bucket: [UInt8]) throws(EncryptionError) -> Base {
        try base(in: bucket, components: path.components) { $0.encryptedPath.components }
    }

    private func base(
        in bucket: [UInt8], components: [[UInt8]], path: (Entry) -> [[UInt8]]
    ) throws(EncryptionError) -> Base {
        let matching = entries.filter { $0.bucket == bucket && components.starts(with: path($0)) }
        if let entry = matching.max(by: { path($0).count < path($1).count }) {
            return Base(
                unencryptedPath: entry.unencryptedPath, encryptedPath: entry.encryptedPath,
                cipher: PathCipher(suite: effective(entry.pathCipher), key: entry.key), depth: path(entry).count)
        }
        guard let defaultKey else { throw .missingEncryptionBase }
        return Base(
            unencryptedPath: UnencryptedPath(bytes: []), encryptedPath: EncryptedPath(bytes: []),
            cipher: PathCipher(suite: effective(defaultPathCipher), key: defaultKey.derived(component: bucket)),
            depth: 0)
    }

    private func effective(_ suite: CipherSuite) -> CipherSuite {
        bypassesPathEncryption ? .nullBase64URL : suite
    }
}
