/// The keys a user holds: one for everything, or single ones for buckets and prefixes.
///
/// - Source: protocol document 1 §5.3.
package struct EncryptionStore: Hashable, Sendable {
    /// The key of one place: a bucket (empty paths) or a prefix in it.
    package struct Entry: Hashable, Sendable {
        /// The bucket's name.
        package let bucket: [UInt8]
        /// The prefix, without a slash at its end.
        package let unencryptedPath: UnencryptedPath
        /// The same prefix as the satellite sees it, of as many components.
        package let encryptedPath: EncryptedPath
        /// The key of this path.
        package let key: EncryptionKey
        /// How paths below are encrypted.
        package let pathCipher: CipherSuite

        /// An entry; `EncryptionStore.add` checks it.
        package init(
            bucket: [UInt8], unencryptedPath: UnencryptedPath, encryptedPath: EncryptedPath, key: EncryptionKey,
            pathCipher: CipherSuite
        ) {
            self.bucket = bucket
            self.unencryptedPath = unencryptedPath
            self.encryptedPath = encryptedPath
            self.key = key
            self.pathCipher = pathCipher
        }
    }

    /// The key from which those of all buckets derive; nil in a store limited to places.
    package var defaultKey: EncryptionKey?
    /// How paths are encrypted where no entry says otherwise.
    package var defaultPathCipher: CipherSuite
    /// Shows encrypted components as base64url and takes them so, for tools that work without keys.
    package var bypassesPathEncryption = false
    /// The single keys, in the order they were added.
    package private(set) var entries: [Entry] = []

    /// A store without entries.
    package init(defaultKey: EncryptionKey?, defaultPathCipher: CipherSuite) {
        self.defaultKey = defaultKey
        self.defaultPathCipher = defaultPathCipher
    }

    /// Adds a key, or replaces that of the same place.
    ///
    /// - Throws: `.conflictingEntry` when the paths have different numbers of components, or when in this bucket a
    ///   component already has another counterpart.
    package mutating func add(_ entry: Entry) throws(EncryptionError) {
        let pairs = try Self.pairs(of: entry)
        for other in entries where other.bucket == entry.bucket {
            let otherPairs = try Self.pairs(of: other)
            for (left, right) in zip(pairs, otherPairs) {
                let sameUnencrypted = left.unencrypted == right.unencrypted
                guard sameUnencrypted == (left.encrypted == right.encrypted) else { throw .conflictingEntry }
                if !sameUnencrypted { break }
            }
        }
        entries.removeAll { $0.bucket == entry.bucket && $0.unencryptedPath == entry.unencryptedPath }
        entries.append(entry)
    }

    private static func pairs(
        of entry: Entry
    ) throws(EncryptionError) -> [(unencrypted: [UInt8], encrypted: [UInt8])] {
        let unencrypted = entry.unencryptedPath.components
        let encrypted = entry.encryptedPath.components
        guard unencrypted.count == encrypted.count else { throw .conflictingEntry }
        return zip(unencrypted, encrypted).map { ($0, $1) }
    }
}
