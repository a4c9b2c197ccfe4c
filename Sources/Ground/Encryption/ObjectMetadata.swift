import Foundation
package import WireMessages

/// What a user attaches to an object, and the sizes the client needs to read it back.
///
/// - Source: protocol document 1 §6.5.
package struct ObjectMetadata: Hashable, Sendable {
    /// Bytes of every segment but the last; 0 for multipart objects, whose segments say their own sizes.
    package var segmentsSize: Int64
    /// Bytes of the last segment.
    package var lastSegmentSize: Int64
    /// The user's names and values.
    package var userDefined: [String: String]

    /// The object as the satellite keeps it: unreadable without the path's content key.
    package struct Sealed: Hashable, Sendable {
        /// An envelope with the encrypted metadata; the satellite adds what it knows.
        package var envelope: [UInt8]
        /// The metadata key, encrypted under the path's content key.
        package var encryptedKey: [UInt8]
        /// The nonce of that encryption.
        package var keyNonce: EncryptionNonce
        /// The encrypted entity tag; empty when there is none.
        package var encryptedEntityTag: [UInt8]
    }

    /// Metadata of an object.
    package init(segmentsSize: Int64, lastSegmentSize: Int64, userDefined: [String: String]) {
        self.segmentsSize = segmentsSize
        self.lastSegmentSize = lastSegmentSize
        self.userDefined = userDefined
    }

    /// Encrypts the metadata under a key of its own.
    ///
    /// - Parameters:
    ///   - metadataKey: a new random key.
    ///   - keyNonce: a new random nonce.
    /// - Throws: `.unsupportedCipher`.
    package func sealed(
        suite: CipherSuite, contentKey: EncryptionKey, metadataKey: EncryptionKey, keyNonce: EncryptionNonce,
        entityTag: [UInt8] = []
    ) throws(EncryptionError) -> Sealed {
        var envelope = Stream_StreamMeta()
        let encrypted = try suite.encrypt(try encoded(), key: metadataKey, nonce: EncryptionNonce())
        envelope.encryptedStreamInfo = Data(encrypted)
        return Sealed(
            envelope: try Self.bytes(of: envelope),
            encryptedKey: try metadataKey.wrapped(by: suite, key: contentKey, nonce: keyNonce),
            keyNonce: keyNonce,
            encryptedEntityTag: try suite.encrypt(
                entityTag, key: metadataKey, nonce: EncryptionNonce().incremented(by: 1)))
    }

    /// Decrypts what a satellite returns.
    ///
    /// - Throws: `.notAuthentic`, `.badMetadata`, `.unsupportedCipher`.
    package init(
        opening envelope: [UInt8], encryptedKey: [UInt8], keyNonce: EncryptionNonce, suite: CipherSuite,
        contentKey: EncryptionKey
    ) throws(EncryptionError) {
        let key = try EncryptionKey(unwrapping: encryptedKey, by: suite, key: contentKey, nonce: keyNonce)
        let message: Stream_StreamMeta
        do { message = try Stream_StreamMeta.parse(envelope) } catch { throw .badMetadata }
        try self.init(opening: message, key: key, suite: suite)
    }

    /// Decrypts what a satellite returns with the metadata's own key.
    ///
    /// - Throws: `.notAuthentic`, `.badMetadata`, `.unsupportedCipher`.
    package init(
        opening envelope: Stream_StreamMeta, key: EncryptionKey, suite: CipherSuite
    ) throws(EncryptionError) {
        let plain = try suite.decrypt(envelope.encryptedStreamInfo, key: key, nonce: EncryptionNonce())
        do {
            let info = try Stream_StreamInfo.parse(plain)
            segmentsSize = info.segmentsSize
            lastSegmentSize = info.lastSegmentSize
            userDefined = try Stream_SerializableMeta.parse(Array(info.metadata)).userDefined
        } catch {
            throw .badMetadata
        }
    }

    /// The plain bytes, before encryption.
    func encoded() throws(EncryptionError) -> [UInt8] {
        var attributes = Stream_SerializableMeta()
        attributes.userDefined = userDefined
        var info = Stream_StreamInfo()
        info.segmentsSize = segmentsSize
        info.lastSegmentSize = lastSegmentSize
        info.metadata = Data(try Self.bytes(of: attributes))
        return try Self.bytes(of: info)
    }

    private static func bytes(of message: some WireMessage) throws(EncryptionError) -> [UInt8] {
        do { return try message.encoded() } catch { throw .badMetadata }
    }
}
