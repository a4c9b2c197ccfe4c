/// Encrypts and decrypts the content of one segment, block by block.
///
/// The plain bytes are padded with zeros and, in the last four bytes, the padding's length, so that they fill whole
/// blocks; there is always padding. Block i is encrypted under the start nonce plus i.
/// - Source: protocol document 1 §6.4.
package struct SegmentCipher: Sendable {
    /// Bytes of a block as clients use them, encrypted.
    package static let standardBlockSize = 7424
    /// Bytes of plain content above which a segment is split: 64 MiB.
    package static let maximumPlainSize = 64 << 20
    /// The largest encrypted block: a bound on what one authenticity check holds in memory.
    package static let maximumBlockSize = 1 << 24
    /// Bytes that say how long the padding is.
    private static let paddingLengthSize: Int64 = 4

    /// How blocks are encrypted.
    package let suite: CipherSuite
    /// Bytes of an encrypted block.
    package let blockSize: Int
    /// Bytes of a plain block.
    package let plainBlockSize: Int
    let key: EncryptionKey
    let start: EncryptionNonce

    /// A cipher for one segment.
    ///
    /// - Parameters:
    ///   - key: the segment's random content key.
    ///   - start: the nonce of its position.
    ///   - blockSize: bytes of an encrypted block, from the object's parameters.
    /// - Throws: `.unsupportedCipher`, `.badBlockSize`.
    package init(
        suite: CipherSuite, key: EncryptionKey, start: EncryptionNonce, blockSize: Int = standardBlockSize
    ) throws(EncryptionError) {
        guard suite != .unspecified, suite != .nullBase64URL else { throw .unsupportedCipher }
        guard blockSize > suite.overhead, blockSize <= Self.maximumBlockSize else { throw .badBlockSize(blockSize) }
        self.suite = suite
        self.blockSize = blockSize
        plainBlockSize = blockSize - suite.overhead
        self.key = key
        self.start = start
    }

    /// Bytes of an encrypted segment, a multiple of `blockSize`.
    ///
    /// - Parameter plainSize: in `0...2^40`.
    package func encryptedSize(plainSize: Int64) -> Int64 {
        precondition((0...1 << 40).contains(plainSize), "a segment's size is checked before it is encrypted")
        let plainBlock = Int64(plainBlockSize)
        return (plainSize + Self.paddingLengthSize + plainBlock - 1) / plainBlock * Int64(blockSize)
    }

    /// The padding behind the plain bytes: 4 bytes to a block and 3.
    package func padding(plainSize: Int64) -> [UInt8] {
        let count = encryptedSize(plainSize: plainSize) / Int64(blockSize) * Int64(plainBlockSize) - plainSize
        let length = UInt32(count)
        return [UInt8](repeating: 0, count: Int(count - Self.paddingLengthSize))
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
    }

    /// The nonce of a block, `index` not negative.
    func nonce(block index: Int64) -> EncryptionNonce {
        start.incremented(by: UInt64(index), size: nonceSize)
    }

    /// Bytes of a nonce that count the blocks: with AES-GCM those it uses, with the others all.
    var nonceSize: Int { suite == .aesGCM ? suite.nonceSize : EncryptionNonce.byteCount }
}
