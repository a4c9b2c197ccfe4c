internal import Encryption
internal import StorageModel

/// The random key of one new segment, in the clear and as the satellite keeps it.
struct SegmentSecret: Sendable {
    /// Where the segment stands; the nonce of its content follows from it.
    let position: SegmentPosition
    /// Encrypts the content.
    let contentKey: EncryptionKey
    /// The content key, encrypted under the object's key.
    let encryptedKey: [UInt8]
    /// The nonce of that encryption.
    let keyNonce: EncryptionNonce

    /// How new content is encrypted.
    ///
    /// - Source: protocol document 2 §2.0.
    static let suite = CipherSuite.aesGCM
    /// Plain bytes of a block: what the suite's tag leaves.
    static let plainBlockSize = SegmentCipher.standardBlockSize - 16
    /// Encrypted bytes of the largest segment: what every upload announces.
    static let maximumEncryptedSize = encryptedSize(plainSize: Int64(SegmentCipher.maximumPlainSize))

    /// Encrypted bytes of a segment.
    ///
    /// - Parameter plainSize: in `0...SegmentCipher.maximumPlainSize`.
    static func encryptedSize(plainSize: Int64) -> Int64 {
        let block = Int64(plainBlockSize)
        return (plainSize + 4 + block - 1) / block * Int64(SegmentCipher.standardBlockSize)
    }

    /// Draws a key.
    init(position: SegmentPosition, objectKey: EncryptionKey, random: RandomSource) throws(EncryptionError) {
        self.position = position
        contentKey = .random(using: random)
        keyNonce = .random(using: random)
        encryptedKey = try contentKey.wrapped(by: Self.suite, key: objectKey, nonce: keyNonce)
    }

    /// What encrypts the content.
    func cipher() throws(EncryptionError) -> SegmentCipher {
        try SegmentCipher(suite: Self.suite, key: contentKey, start: EncryptionNonce(segment: position))
    }

    /// An entity tag as the satellite keeps it; empty stays empty.
    func encrypted(entityTag: [UInt8]) throws(EncryptionError) -> [UInt8] {
        try Self.suite.encrypt(entityTag, key: contentKey.entityTagKey, nonce: EncryptionNonce())
    }
}
