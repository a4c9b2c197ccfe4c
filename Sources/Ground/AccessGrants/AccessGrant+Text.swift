import Encryption
import Foundation
import Macaroons
import StorageModel
import WireMessages

extension AccessGrant {
    /// Parses the text form, base58check version 0 of a message.
    ///
    /// - Throws: `AccessGrantError` naming what is wrong.
    /// - Source: protocol document 1 §5.1.
    package init(text: String) throws(AccessGrantError) {
        guard let decoded = Base58Check.decode(text), decoded.version == 0 else { throw .malformed }
        let scope: Grant_Scope
        do { scope = try Grant_Scope.parse(decoded.payload) } catch { throw .malformed }
        guard !scope.satelliteAddr.isEmpty else { throw .noSatellite }
        let key: APIKey
        do { key = try APIKey(serialized: scope.apiKey) } catch { throw .badAPIKey(error) }
        let store = try EncryptionStore(scope.encryptionAccess)
        try self.init(satelliteAddress: scope.satelliteAddr, apiKey: key, encryption: store)
    }

    /// The text form. A secret.
    package var text: String {
        var scope = Grant_Scope()
        scope.satelliteAddr = satelliteAddress
        scope.apiKey = Data(apiKey.serialized)
        scope.encryptionAccess = encryption.message
        do { return Base58Check.encode(version: 0, payload: try scope.encoded()) } catch {
            preconditionFailure("a message without required fields and of ordinary size always encodes")
        }
    }
}

extension EncryptionStore {
    /// Reads the keys of a grant.
    ///
    /// - Throws: `.badKey`, `.encryption(.conflictingEntry)`.
    fileprivate init(_ message: Grant_EncryptionAccess) throws(AccessGrantError) {
        var defaultKey: EncryptionKey?
        if !message.defaultKey.isEmpty {
            defaultKey = EncryptionKey(message.defaultKey)
            if defaultKey == nil { throw .badKey }
        }
        // Old grants leave the default cipher out; an entry's cipher has no default.
        let cipher = CipherSuite(message.defaultPathCipher)
        self.init(defaultKey: defaultKey, defaultPathCipher: cipher == .unspecified ? .aesGCM : cipher)
        for entry in message.storeEntries {
            guard let key = EncryptionKey(entry.key) else { throw .badKey }
            let entry = Entry(
                bucket: Array(entry.bucket), unencryptedPath: UnencryptedPath(bytes: Array(entry.unencryptedPath)),
                encryptedPath: EncryptedPath(bytes: Array(entry.encryptedPath)), key: key,
                pathCipher: CipherSuite(entry.pathCipher))
            do { try add(entry) } catch { throw .encryption(error) }
        }
    }

    fileprivate var message: Grant_EncryptionAccess {
        var message = Grant_EncryptionAccess()
        if let defaultKey { message.defaultKey = Data(defaultKey.bytes) }
        message.defaultPathCipher = defaultPathCipher.message
        message.storeEntries = entries.map { entry in
            var stored = Grant_StoreEntry()
            stored.bucket = Data(entry.bucket)
            stored.unencryptedPath = Data(entry.unencryptedPath.bytes)
            stored.encryptedPath = Data(entry.encryptedPath.bytes)
            stored.key = Data(entry.key.bytes)
            stored.pathCipher = entry.pathCipher.message
            return stored
        }
        return message
    }
}

extension CipherSuite {
    /// A suite of the wire; an unknown one cannot encrypt, like one that is not said.
    fileprivate init(_ message: Metainfo_CipherSuite) {
        switch message {
        case .null: self = .null
        case .aesGcm: self = .aesGCM
        case .secretBox: self = .secretBox
        case .unspecified, .UNRECOGNIZED: self = .unspecified
        }
    }

    fileprivate var message: Metainfo_CipherSuite {
        switch self {
        case .null: .null
        case .aesGCM: .aesGcm
        case .secretBox: .secretBox
        case .unspecified, .nullBase64URL: .unspecified
        }
    }
}
