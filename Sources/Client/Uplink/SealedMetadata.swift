import Encryption
import Foundation
import WireMessages

/// What a satellite returns of an object's metadata, still encrypted.
struct SealedMetadata: Sendable {
    private let encryptedKey: EncryptedKey?
    private let envelope: Stream_StreamMeta
    private let entityTag: Data
    private let suite: CipherSuite

    private struct EncryptedKey {
        let bytes: Data
        let nonce: EncryptionNonce
    }

    /// The metadata of an object.
    ///
    /// - Throws: `.badMetadata` when the envelope cannot be read.
    init(_ object: Metainfo_Object) throws(EncryptionError) {
        try self.init(
            envelope: object.encryptedMetadata, key: object.encryptedMetadataEncryptedKey,
            nonce: object.encryptedMetadataNonce, entityTag: object.encryptedEtag,
            objectSuite: object.encryptionParameters.cipherSuite)
    }

    /// The metadata of a listed object.
    ///
    /// - Throws: `.badMetadata` when the envelope cannot be read.
    init(_ item: Metainfo_ObjectListItem) throws(EncryptionError) {
        try self.init(
            envelope: item.encryptedMetadata, key: item.encryptedMetadataEncryptedKey,
            nonce: item.encryptedMetadataNonce, entityTag: item.encryptedEtag, objectSuite: .unspecified)
    }

    private init(
        envelope: Data, key: Data, nonce: Data, entityTag: Data, objectSuite: Metainfo_CipherSuite
    ) throws(EncryptionError) {
        do { self.envelope = try Stream_StreamMeta.parse(Array(envelope)) } catch { throw .badMetadata }
        self.entityTag = entityTag
        // Old objects say it only in the envelope, others only in the object.
        let number = Int(self.envelope.encryptionType)
        suite = Self.suite(number != 0 ? number : objectSuite.rawValue)
        let old = self.envelope.lastSegmentMeta
        if !key.isEmpty {
            encryptedKey = EncryptedKey(bytes: key, nonce: EncryptionNonce(nonce) ?? EncryptionNonce())
        } else if !old.encryptedKey.isEmpty {
            encryptedKey = EncryptedKey(
                bytes: old.encryptedKey, nonce: EncryptionNonce(old.keyNonce) ?? EncryptionNonce())
        } else {
            encryptedKey = nil
        }
    }

    private static func suite(_ number: Int) -> CipherSuite {
        (0...CipherSuite.secretBox.rawValue).contains(number)
            ? CipherSuite(rawValue: number) ?? .unspecified
            : .unspecified
    }

    /// How many segments the object has; 0 when the satellite does not say.
    var segmentCount: Int64 { envelope.numberOfSegments }

    /// Whether there is a key that only the right passphrase decrypts.
    var provesPassphrase: Bool { encryptedKey != nil && suite != .null && suite != .unspecified }

    /// The key of the metadata; nil when the object has none.
    ///
    /// - Throws: `.notAuthentic`, `.unsupportedCipher`.
    func key(_ contentKey: EncryptionKey) throws(EncryptionError) -> EncryptionKey? {
        guard let encryptedKey else { return nil }
        return try EncryptionKey(
            unwrapping: Array(encryptedKey.bytes), by: suite, key: contentKey, nonce: encryptedKey.nonce)
    }

    /// The metadata; nil when the object has none.
    ///
    /// - Throws: `.notAuthentic`, `.badMetadata`, `.unsupportedCipher`.
    func open(_ contentKey: EncryptionKey) throws(EncryptionError) -> ObjectMetadata? {
        guard let key = try key(contentKey), !envelope.encryptedStreamInfo.isEmpty else { return nil }
        return try ObjectMetadata(opening: envelope, key: key, suite: suite)
    }

    /// The entity tag; nil when the object has none.
    ///
    /// - Throws: `.notAuthentic`, `.unsupportedCipher`.
    func openEntityTag(_ contentKey: EncryptionKey) throws(EncryptionError) -> [UInt8]? {
        guard !entityTag.isEmpty, let key = try key(contentKey) else { return nil }
        return try suite.decrypt(entityTag, key: key, nonce: EncryptionNonce().incremented(by: 1))
    }
}
