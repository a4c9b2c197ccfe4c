package import Encryption
import Macaroons
package import StorageModel

/// A bucket, or what lies under a prefix in it.
package struct SharePrefix: Hashable, Sendable {
    /// The bucket's name.
    package var bucket: [UInt8]
    /// Whole components, with or without a slash at the end; empty for the whole bucket.
    package var prefix: UnencryptedPath

    /// A place.
    package init(bucket: [UInt8], prefix: UnencryptedPath) {
        self.bucket = bucket
        self.prefix = prefix
    }

    /// The prefix without the one slash at its end.
    var path: UnencryptedPath {
        prefix.bytes.last == UInt8(ascii: "/") ? UnencryptedPath(bytes: prefix.bytes.dropLast()) : prefix
    }
}

extension AccessGrant {
    /// A grant that can do less.
    ///
    /// - Parameters:
    ///   - prefixes: the only places it reaches; empty for all this grant reaches.
    ///   - random: makes the share distinct from others, so that it can be revoked alone.
    /// - Throws: `.emptyPermission`; `.encryption` when this grant does not reach a prefix.
    /// - Source: protocol document 1 §5.4.
    package func shared(
        _ permission: SharePermission, prefixes: [SharePrefix] = [], random: RandomSource
    ) throws(AccessGrantError) -> AccessGrant {
        guard permission.isMeaningful else { throw .emptyPermission }
        var places: [Caveat.AllowedPath] = []
        for place in prefixes {
            do {
                let encrypted = try encryption.encrypt(place.path, in: place.bucket)
                places.append(Caveat.AllowedPath(bucket: place.bucket, encryptedPrefix: encrypted.bytes))
            } catch {
                throw .encryption(error)
            }
        }
        let caveat = permission.caveat(places: places, nonce: random.bytes(count: 4))
        return try AccessGrant(
            satelliteAddress: satelliteAddress, apiKey: apiKey.restricted(by: caveat), encryption: encryption)
    }

    /// A grant that uses another key for what lies under a prefix, for applications that give each user a passphrase.
    ///
    /// - Throws: `.encryption` when this grant does not reach the prefix or already has other keys there.
    package func overriding(key: EncryptionKey, under place: SharePrefix) throws(AccessGrantError) -> AccessGrant {
        var store = encryption
        do {
            try store.add(
                EncryptionStore.Entry(
                    bucket: place.bucket, unencryptedPath: place.path,
                    encryptedPath: try encryption.encrypt(place.path, in: place.bucket), key: key,
                    pathCipher: encryption.defaultPathCipher))
        } catch {
            throw .encryption(error)
        }
        return try AccessGrant(satelliteAddress: satelliteAddress, apiKey: apiKey, encryption: store)
    }
}
