package import Encryption
package import Macaroons

/// What a user holds: where the satellite is, an API key, and the keys to read what is stored.
///
/// - Source: protocol document 1 §5.
package struct AccessGrant: Hashable, Sendable {
    /// The satellite's node URL, with its id.
    package let satelliteAddress: String
    /// What the satellite asks for.
    package let apiKey: APIKey
    /// What the satellite never sees.
    package let encryption: EncryptionStore

    /// A grant of its parts. Keys that the API key's restrictions put out of reach are left behind.
    package init(satelliteAddress: String, apiKey: APIKey, encryption: EncryptionStore) throws(AccessGrantError) {
        guard !satelliteAddress.isEmpty else { throw .noSatellite }
        self.satelliteAddress = satelliteAddress
        self.apiKey = apiKey
        do { self.encryption = try encryption.limited(to: apiKey) } catch { throw .badAPIKey(error) }
    }

    /// The grant for a whole project.
    ///
    /// - Parameters:
    ///   - rootKey: derived from the user's passphrase and the project's salt.
    ///   - pathCipher: AES-GCM unless the user wants names in the clear.
    package init(
        satelliteAddress: String, apiKey: APIKey, rootKey: EncryptionKey, pathCipher: CipherSuite = .aesGCM
    ) throws(AccessGrantError) {
        try self.init(
            satelliteAddress: satelliteAddress, apiKey: apiKey,
            encryption: EncryptionStore(defaultKey: rootKey, defaultPathCipher: pathCipher))
    }
}

extension AccessGrant: CustomStringConvertible, CustomReflectable {
    /// Says only what it is.
    package var description: String { "access grant" }
    /// Shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
