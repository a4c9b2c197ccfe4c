internal import Encryption
internal import NIOCore

/// Turns the stripes of a segment, as they arrive, into the plain bytes that are wanted.
///
/// Blocks that lie whole in what arrives are decrypted from there straight into the output; only one that spans two
/// arrivals is put together first. Not for two tasks at once.
final class SegmentOpener {
    private let codec: SegmentCodec
    private let blockSize: Int
    /// Plain bytes of a block.
    let plainBlockSize: Int
    /// Plain bytes of the segment that are wanted.
    private let wanted: Range<Int64>
    /// The first block that was not opened yet.
    private var nextBlock: Int64
    /// Bytes to come before that block.
    private var skipCount = 0
    /// The beginning of a block whose end has not arrived.
    private let rest: UnsafeMutableRawBufferPointer
    private var restCount = 0
    /// Plain bytes, in order.
    var output = ByteBuffer()

    /// An opener.
    ///
    /// - Parameter wanted: not empty, within the segment.
    /// - Throws: `.unsupportedCipher`.
    init(_ cipher: SegmentCipher, wanted: Range<Int64>) throws(EncryptionError) {
        codec = try SegmentCodec(cipher)
        blockSize = cipher.blockSize
        plainBlockSize = cipher.plainBlockSize
        self.wanted = wanted
        nextBlock = wanted.lowerBound / Int64(plainBlockSize)
        rest = .allocate(byteCount: blockSize, alignment: 64)
    }

    deinit { rest.deallocate() }

    /// The wanted bytes that have not been opened yet; empty at the end.
    var remaining: Range<Int64> {
        min(max(wanted.lowerBound, nextBlock * Int64(plainBlockSize)), wanted.upperBound)..<wanted.upperBound
    }

    /// Says that stripes from a new start follow, as after a failure.
    ///
    /// - Parameter offset: where in the encrypted segment the first of them begins; not behind the next block.
    func restart(at offset: Int64) {
        skipCount = Int(nextBlock * Int64(blockSize) - offset)
        restCount = 0
    }

    /// Hands over what is there; the opener keeps no reference to it.
    func takeOutput() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &output)
        return taken
    }

    /// Takes stripes and appends what they hold to the output.
    ///
    /// - Throws: `.notAuthentic`; what was appended before stays good, and `remaining` says where to go on.
    func open(_ stripes: UnsafeRawBufferPointer) throws(EncryptionError) {
        var bytes = stripes[...]
        let skipped = min(skipCount, bytes.count)
        bytes = bytes.dropFirst(skipped)
        skipCount -= skipped
        if restCount > 0 {
            let part = bytes.prefix(blockSize - restCount)
            keep(part)
            bytes = bytes.dropFirst(part.count)
            guard restCount == blockSize else { return }
            try open(blocks: UnsafeRawBufferPointer(rest))
            restCount = 0
        }
        let whole = bytes.prefix(bytes.count / blockSize * blockSize)
        if !whole.isEmpty { try open(blocks: UnsafeRawBufferPointer(rebasing: whole)) }
        keep(bytes.dropFirst(whole.count))
    }

    private func keep(_ part: Slice<UnsafeRawBufferPointer>) {
        // What follows the last wanted block is padding of the stripe.
        if part.isEmpty || remaining.isEmpty { return }
        UnsafeMutableRawBufferPointer(rebasing: rest[restCount...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
        restCount += part.count
    }

    private func open(blocks: UnsafeRawBufferPointer) throws(EncryptionError) {
        let left = remaining
        if left.isEmpty { return }
        let start = nextBlock * Int64(plainBlockSize)
        let needed = (left.upperBound - start + Int64(plainBlockSize) - 1) / Int64(plainBlockSize)
        let count = min(blocks.count / blockSize, Int(needed))
        let size = count * plainBlockSize
        var failure: EncryptionError?
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { room in
            do throws(EncryptionError) {
                try codec.open(
                    UnsafeRawBufferPointer(rebasing: blocks[..<(count * blockSize)]), firstBlock: nextBlock,
                    into: UnsafeMutableRawBufferPointer(rebasing: room[..<size]))
                return size
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        nextBlock += Int64(count)
        trim(from: start, size: size)
    }

    /// Drops bytes of the first and the last block that nobody wants.
    private func trim(from start: Int64, size: Int) {
        let end = start + Int64(size)
        if end > wanted.upperBound { output.moveWriterIndex(to: output.writerIndex - Int(end - wanted.upperBound)) }
        // Only the first block begins before what is wanted, and then the output was empty.
        if start < wanted.lowerBound { output.moveReaderIndex(forwardBy: Int(wanted.lowerBound - start)) }
    }
}
