import Encryption

/// Turns the stripes of a segment, as they arrive, into its plain bytes. Not for two tasks at once.
final class BlockOpener {
    private let codec: SegmentCodec
    private let plainSize: Int64
    /// The first block that was not opened yet.
    private var nextBlock: Int64 = 0
    /// Bytes to come before that block.
    private var skipCount = 0
    /// The beginning of a block whose end has not arrived.
    private var rest: [UInt8] = []

    /// An opener of a whole segment.
    init(_ cipher: SegmentCipher, plainSize: Int64) throws(EncryptionError) {
        codec = try SegmentCodec(cipher)
        self.plainSize = plainSize
    }

    private var openedSize: Int64 { min(plainSize, nextBlock * Int64(codec.cipher.plainBlockSize)) }

    /// Plain bytes that have not been opened.
    var remaining: Range<Int64> { openedSize..<plainSize }
    /// Whether all of it was opened.
    var isComplete: Bool { openedSize == plainSize }

    /// Says that stripes from a new start follow.
    ///
    /// - Parameter offset: where in the encrypted segment the first of them begins; not behind the next block.
    func restart(at offset: Int64) {
        skipCount = Int(nextBlock * Int64(codec.cipher.blockSize) - offset)
        rest = []
    }

    /// Takes stripes.
    ///
    /// - Returns: the plain bytes of the blocks that are whole now.
    /// - Throws: `.notAuthentic`; what was returned before stays good, and nothing of these stripes is taken.
    func open(_ stripes: UnsafeRawBufferPointer) throws(EncryptionError) -> [UInt8] {
        let skipped = min(skipCount, stripes.count)
        skipCount -= skipped
        rest += stripes.dropFirst(skipped)
        let blockSize = codec.cipher.blockSize
        let plainBlock = codec.cipher.plainBlockSize
        let missing = (plainSize - openedSize + Int64(plainBlock) - 1) / Int64(plainBlock)
        let count = min(rest.count / blockSize, Int(missing))
        guard count > 0 else { return [] }
        var plain = [UInt8](repeating: 0, count: count * plainBlock)
        var failure: EncryptionError?
        let sealed = rest
        let first = nextBlock
        plain.withUnsafeMutableBytes { output in
            sealed.withUnsafeBytes { input in
                do throws(EncryptionError) {
                    try codec.open(
                        UnsafeRawBufferPointer(rebasing: input[..<(count * blockSize)]), firstBlock: first, into: output)
                } catch { failure = error }
            }
        }
        if let failure { throw failure }
        rest.removeFirst(count * blockSize)
        let start = openedSize
        nextBlock += Int64(count)
        plain.removeLast(plain.count - Int(openedSize - start))
        return plain
    }
}
