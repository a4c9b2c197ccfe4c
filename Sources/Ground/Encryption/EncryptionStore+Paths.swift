// Components are handled as lists here: a single empty component and none at all are the same bytes.
extension EncryptionStore {
    /// Encrypts an object key.
    ///
    /// - Throws: `.missingEncryptionBase`, `.unsupportedCipher`; in bypass mode also `.badPathComponent`.
    package func encrypt(_ path: UnencryptedPath, in bucket: [UInt8]) throws(EncryptionError) -> EncryptedPath {
        let base = try base(of: path, in: bucket)
        var cipher = base.cipher
        var components = base.encryptedPath.components
        for component in path.components.dropFirst(base.depth) {
            components.append(try cipher.encrypt(component: component))
        }
        return EncryptedPath(components: components)
    }

    /// Encrypts a prefix: a slash at its end stays a slash.
    ///
    /// - Throws: as `encrypt`.
    package func encrypt(prefix: UnencryptedPath, in bucket: [UInt8]) throws(EncryptionError) -> EncryptedPath {
        guard prefix.bytes.last == UInt8(ascii: "/") else { return try encrypt(prefix, in: bucket) }
        let parent = try encrypt(UnencryptedPath(bytes: prefix.bytes.dropLast()), in: bucket)
        return EncryptedPath(bytes: parent.bytes + [UInt8(ascii: "/")])
    }

    /// Decrypts an object key.
    ///
    /// - Throws: `.missingEncryptionBase`, `.unsupportedCipher`, `.badPathComponent`, `.notAuthentic`.
    package func decrypt(_ path: EncryptedPath, in bucket: [UInt8]) throws(EncryptionError) -> UnencryptedPath {
        let base = try base(of: path, in: bucket)
        var cipher = base.cipher
        var components = base.unencryptedPath.components
        for component in path.components.dropFirst(base.depth) {
            components.append(try cipher.decrypt(component: component))
        }
        return UnencryptedPath(components: components)
    }

    /// What encrypts the components below a path: the start for decrypting a listing under it.
    ///
    /// - Throws: `.missingEncryptionBase`.
    package func cipher(below path: UnencryptedPath, in bucket: [UInt8]) throws(EncryptionError) -> PathCipher {
        let base = try base(of: path, in: bucket)
        var cipher = base.cipher
        cipher.descend(path.components.dropFirst(base.depth))
        return cipher
    }

    /// The key of a path, from which those below it derive.
    ///
    /// - Throws: `.missingEncryptionBase`.
    /// - Source: protocol document 1 §6.2.
    package func pathKey(of path: UnencryptedPath, in bucket: [UInt8]) throws(EncryptionError) -> EncryptionKey {
        try cipher(below: path, in: bucket).key
    }

    /// The key that encrypts the random keys of an object.
    ///
    /// - Throws: `.missingEncryptionBase`.
    package func contentKey(of path: UnencryptedPath, in bucket: [UInt8]) throws(EncryptionError) -> EncryptionKey {
        try pathKey(of: path, in: bucket).contentKey
    }
}
