/// Encrypts and decrypts many blocks of one segment from buffer to buffer; nothing is allocated for a block.
///
/// Made once for a segment and a task: the key is set up here, a block sets only its nonce. Not for use from several
/// tasks at once; several codecs may work on different blocks of one segment.
/// - Source: protocol document 1 §6.4.
package final class SegmentCodec {
    /// What is encrypted: sizes, suite, key and nonce.
    package let cipher: SegmentCipher
    private let keyed: KeyedCipher

    /// A codec for the blocks of a segment.
    ///
    /// - Throws: `.unsupportedCipher`.
    package init(_ cipher: SegmentCipher) throws(EncryptionError) {
        self.cipher = cipher
        keyed = try KeyedCipher(suite: cipher.suite, key: cipher.key)
    }

    /// Encrypts consecutive whole blocks.
    ///
    /// - Parameters:
    ///   - plain: a multiple of `plainBlockSize` bytes; the segment's padding is part of them.
    ///   - firstBlock: the number of the first of them in the segment, not negative.
    ///   - output: room for `blockSize` bytes a block, or more of which the rest stays as it is; apart from `plain`.
    /// - Throws: `.badBlockSize`, with the bytes of `plain`, when these are not whole blocks or do not fit.
    package func seal(
        _ plain: UnsafeRawBufferPointer, firstBlock: Int64, into output: UnsafeMutableRawBufferPointer
    ) throws(EncryptionError) {
        let (count, rest) = plain.count.quotientAndRemainder(dividingBy: cipher.plainBlockSize)
        guard rest == 0, firstBlock >= 0, count <= output.count / cipher.blockSize else {
            throw .badBlockSize(plain.count)
        }
        var nonce = cipher.nonce(block: firstBlock)
        for block in 0..<count {
            try keyed.seal(
                part(block, of: plain, size: cipher.plainBlockSize), nonce: nonce,
                into: part(block, of: output, size: cipher.blockSize))
            nonce.increment(by: 1, size: cipher.nonceSize)
        }
    }

    /// Decrypts consecutive whole blocks: of a range only those that it touches.
    ///
    /// - Parameters:
    ///   - encrypted: a multiple of `blockSize` bytes.
    ///   - firstBlock: the number of the first of them in the segment.
    ///   - output: room for `plainBlockSize` bytes a block, or more of which the rest stays as it is; apart from
    ///     `encrypted`.
    /// - Throws: `.notAuthentic`, also when `encrypted` is not whole blocks, and then the output up to the bad block is
    ///   authentic; `.badBlockSize`, with the bytes of `output`, when that is too small.
    package func open(
        _ encrypted: UnsafeRawBufferPointer, firstBlock: Int64, into output: UnsafeMutableRawBufferPointer
    ) throws(EncryptionError) {
        let (count, rest) = encrypted.count.quotientAndRemainder(dividingBy: cipher.blockSize)
        guard rest == 0, firstBlock >= 0 else { throw .notAuthentic }
        guard count <= output.count / cipher.plainBlockSize else { throw .badBlockSize(output.count) }
        var nonce = cipher.nonce(block: firstBlock)
        for block in 0..<count {
            try keyed.open(
                part(block, of: encrypted, size: cipher.blockSize), nonce: nonce,
                into: part(block, of: output, size: cipher.plainBlockSize))
            nonce.increment(by: 1, size: cipher.nonceSize)
        }
    }

    private func part(_ block: Int, of bytes: UnsafeRawBufferPointer, size: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[block * size..<(block + 1) * size])
    }

    private func part(
        _ block: Int, of bytes: UnsafeMutableRawBufferPointer, size: Int
    ) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: bytes[block * size..<(block + 1) * size])
    }
}
