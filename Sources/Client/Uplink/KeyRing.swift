import Encryption
import Foundation
import StorageModel

/// The keys of a project: turns keys of objects into what the satellite sees.
struct KeyRing: Sendable {
    /// Encrypts and decrypts, or shows encrypted keys as they are.
    let store: EncryptionStore
    private let plainStore: EncryptionStore

    /// The keys of a grant.
    ///
    /// - Parameter showsEncryptedKeys: takes and shows base64url of encrypted keys instead of decrypting them.
    init(_ store: EncryptionStore, showsEncryptedKeys: Bool) {
        plainStore = store
        var shown = store
        shown.bypassesPathEncryption = showsEncryptedKeys
        self.store = shown
    }

    /// Whether keys are shown as the satellite keeps them.
    var showsEncryptedKeys: Bool { store.bypassesPathEncryption }

    /// An object as the satellite knows it.
    ///
    /// - Throws: `.objectKeyInvalid` for the empty key; `.permissionDenied` when the grant has no key to encrypt it.
    func address(bucket: String, key: String) throws(UplinkError) -> ObjectAddress {
        if bucket.isEmpty { throw UplinkError(.bucketNameInvalid, "the bucket's name is missing") }
        guard !key.isEmpty else {
            throw UplinkError(.objectKeyInvalid, "an object in bucket \"\(bucket)\" needs a key")
        }
        do {
            let name = Array(bucket.utf8)
            let path = UnencryptedPath(key)
            let encrypted = try store.encrypt(path, in: name)
            let plain = showsEncryptedKeys ? try? plainStore.decrypt(encrypted, in: name) : path
            // Without its true key an object can still be looked up and deleted, just not read.
            let content = try plainStore.contentKey(of: plain ?? path, in: name)
            return ObjectAddress(
                bucket: bucket, key: key, encryptedKey: Data(encrypted.bytes), contentKey: content,
                isKeyEncrypted: try store.base(of: path, in: name).cipher.suite != .null)
        } catch {
            throw Self.failure(error, bucket: bucket, key: key, grant: plainStore)
        }
    }

    /// What an encryption error means to the user.
    static func failure(
        _ error: EncryptionError, bucket: String, key: String, grant: EncryptionStore
    ) -> UplinkError {
        switch error {
        case .missingEncryptionBase:
            let places = grant.entries.prefix(5).map { entry in
                let path = String(decoding: entry.unencryptedPath.bytes, as: UTF8.self)
                return "\"\(path)\" in bucket \"\(String(decoding: entry.bucket, as: UTF8.self))\""
            }
            return UplinkError(
                .permissionDenied,
                key.isEmpty
                    ? "the access grant does not reach all of bucket \"\(bucket)\""
                    : "the access grant does not reach \"\(key)\" in bucket \"\(bucket)\"",
                advice: places.isEmpty ? "" : "It reaches \(places.joined(separator: ", "))")
        case .unsupportedCipher:
            return UplinkError(.unsupported, "the access grant asks for a cipher that is not known")
        case .badPathComponent:
            return UplinkError(
                .objectKeyInvalid, "\"\(key)\" is not an encrypted key",
                advice: "Encrypted keys are shown and taken as base64url")
        default:
            return UplinkError(.corruptData, "cannot encrypt \"\(key)\" in bucket \"\(bucket)\": \(error)")
        }
    }
}

/// One object as the satellite knows it, with the key to its keys.
struct ObjectAddress: Sendable {
    /// The bucket's name.
    let bucket: String
    /// The key as the user knows it.
    let key: String
    /// The key as the satellite knows it.
    let encryptedKey: Data
    /// Encrypts the random keys of the object.
    let contentKey: EncryptionKey
    /// Whether the satellite sees an encrypted key; otherwise finding an object says nothing about the passphrase.
    let isKeyEncrypted: Bool

    /// The bucket's name on the wire.
    var bucketName: Data { Data(bucket.utf8) }

    /// The object as the subject of a call.
    func subject(_ operation: CallSubject.Operation) -> CallSubject {
        CallSubject(operation, bucket: bucket, key: key)
    }
}
