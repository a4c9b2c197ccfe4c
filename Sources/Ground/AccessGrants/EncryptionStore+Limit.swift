package import Encryption
package import Macaroons

extension EncryptionStore {
    /// What is left of the keys when an API key confines its holder to places: one key for each place, none for all.
    ///
    /// A place must be allowed by every caveat that names any. Places that these keys do not reach are left out.
    /// - Throws: `APIKeyError` when a caveat cannot be read.
    /// - Source: protocol document 1 §5.4.
    package func limited(to apiKey: APIKey) throws(APIKeyError) -> EncryptionStore {
        var groups: [[Caveat.AllowedPath]] = []
        for bytes in apiKey.caveats {
            let places = try Caveat(encoded: bytes).allowedPaths
            if !places.isEmpty { groups.append(places) }
        }
        if groups.isEmpty { return self }
        var limited = EncryptionStore(defaultKey: nil, defaultPathCipher: defaultPathCipher)
        limited.bypassesPathEncryption = bypassesPathEncryption
        for place in groups.joined() where groups.allSatisfy({ $0.contains { $0.covers(place) } }) {
            do { try limited.add(try entry(for: place)) } catch {
                // The holder cannot reach this place; the others are still of use.
                continue
            }
        }
        return limited
    }

    private func entry(for place: Caveat.AllowedPath) throws(EncryptionError) -> Entry {
        let encrypted = EncryptedPath(bytes: place.encryptedPrefix)
        let unencrypted = try decrypt(encrypted, in: place.bucket)
        let cipher = try cipher(below: unencrypted, in: place.bucket)
        return Entry(
            bucket: place.bucket, unencryptedPath: unencrypted, encryptedPath: encrypted, key: cipher.key,
            pathCipher: cipher.suite)
    }
}

extension Caveat.AllowedPath {
    /// Whether everything in the other place is also in this one.
    fileprivate func covers(_ other: Caveat.AllowedPath) -> Bool {
        bucket == other.bucket && other.encryptedPrefix.starts(with: encryptedPrefix)
    }
}
