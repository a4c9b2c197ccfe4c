internal import Encryption
internal import PieceTransfer
internal import StorageModel

/// Cuts a stream of plain bytes into segments, encrypts them in place and sends them off.
///
/// A segment of up to 4096 bytes stays here until the stream ends and then goes to the satellite itself; anything larger
/// is opened as a remote segment and encrypted straight into its buffer. Not for two tasks at once.
/// - Source: protocol document 2 §2.3.
final class StreamWriter {
    /// The most bytes of a segment that the satellite keeps itself.
    static let inlineLimit = 4096
    /// Blocks encrypted in one go: what stays in the processor's cache and fits a write of the segment's buffer.
    private static let blocksPerWrite = 17

    /// A remote segment that is being written.
    private struct OpenSegment {
        let upload: SegmentUpload
        let codec: SegmentCodec
        var nextBlock: Int64 = 0
    }

    private let batches: UploadBatches
    private let plane: DataPlane
    private let part: Int32
    /// Bytes still expected, where the source says how many it has.
    private let expectedSize: Int64?
    private var index: Int32 = 0
    private var open: OpenSegment?
    /// Plain bytes that do not fill a block yet, or all of a segment that is not opened yet.
    private let rest: UnsafeMutableRawBufferPointer
    private var restCount = 0
    /// Plain bytes of the segment so far.
    private var segmentSize: Int64 = 0
    /// Segments that are written and whose commit has not been sent, in order.
    private var sent: [SegmentUpload] = []
    private let blockSize = SegmentCipher.standardBlockSize
    private let plainBlockSize = SegmentSecret.plainBlockSize
    /// Plain bytes taken so far.
    private(set) var size: Int64 = 0

    /// A writer at the beginning of a stream or part.
    init(batches: UploadBatches, plane: DataPlane, part: Int32 = 0, expectedSize: Int64? = nil) {
        self.batches = batches
        self.plane = plane
        self.part = part
        self.expectedSize = expectedSize
        rest = .allocate(byteCount: plainBlockSize, alignment: 64)
    }

    deinit { rest.deallocate() }

    /// Takes bytes.
    ///
    /// - Throws: `UplinkError`, `TransferError`, `CancellationError`; the stream cannot go on then.
    func write(_ bytes: some PlainBytes) async throws {
        let count = bytes.byteCount
        var offset = 0
        while offset < count {
            if segmentSize == SegmentCipher.maximumPlainSize { try await closeSegment() }
            let room = min(count - offset, SegmentCipher.maximumPlainSize - Int(segmentSize))
            if open == nil, restCount + room > Self.inlineLimit { try await openSegment(atLeast: count - offset) }
            let taken = try await take(offset..<offset + room, of: bytes)
            offset += taken
            segmentSize += Int64(taken)
            size += Int64(taken)
        }
    }

    /// Takes some of the bytes of a range.
    ///
    /// - Returns: how many.
    private func take(_ range: Range<Int>, of bytes: some PlainBytes) async throws -> Int {
        guard open != nil, restCount == 0, range.count >= plainBlockSize else {
            let part = range.prefix(plainBlockSize - restCount)
            bytes.show(part) { UnsafeMutableRawBufferPointer(rebasing: rest[restCount...]).copyMemory(from: $0) }
            restCount += part.count
            if restCount == plainBlockSize {
                try await seal(UnsafeRawBufferPointer(rest), 0..<plainBlockSize)
                restCount = 0
            }
            return part.count
        }
        let blocks = min(range.count / plainBlockSize, Self.blocksPerWrite)
        let part = range.prefix(blocks * plainBlockSize)
        try await seal(bytes, part)
        return part.count
    }

    /// Encrypts whole blocks into the open segment.
    private func seal(_ bytes: some PlainBytes, _ range: Range<Int>) async throws {
        let blocks = range.count / plainBlockSize
        guard let segment = open else { preconditionFailure("blocks are sealed into an open segment") }
        try segment.upload.check()
        do {
            try await segment.upload.buffer.write(count: blocks * blockSize) { output in
                try bytes.show(range) { try segment.codec.seal($0, firstBlock: segment.nextBlock, into: output) }
            }
        } catch is CancellationError {
            // When the pieces have failed, that is what ended the wait for memory.
            try segment.upload.check()
            throw CancellationError()
        }
        open?.nextBlock += Int64(blocks)
    }

    private func openSegment(atLeast count: Int) async throws {
        for upload in sent { try upload.check() }
        while sent.count >= plane.sendingSegments {
            batches.add(try await sent[0].commit())
            sent.removeFirst()
        }
        // What is over by now rides on the request for the next segment.
        var moving: [SegmentUpload] = []
        for upload in sent {
            if upload.isOver { batches.add(try await upload.commit()) } else { moving.append(upload) }
        }
        sent = moving
        let upload = try await batches.beginSegment(
            at: position, capacity: capacity(atLeast: count), plane: plane)
        open = OpenSegment(upload: upload, codec: try SegmentCodec(try upload.secret.cipher()))
    }

    /// Encrypted bytes that the segment may have at most.
    private func capacity(atLeast count: Int) -> Int64 {
        let limit = Int64(SegmentCipher.maximumPlainSize)
        let expected = expectedSize.map { max($0 - size, Int64(count)) + Int64(restCount) } ?? limit
        return SegmentSecret.encryptedSize(plainSize: min(limit, expected))
    }

    private var position: SegmentPosition {
        guard let position = SegmentPosition(part: part, index: index) else {
            preconditionFailure("parts and segments are counted from 0")
        }
        return position
    }

    /// Ends the remote segment that is open.
    private func closeSegment() async throws {
        guard let segment = open else { preconditionFailure("a full segment is an open one") }
        let padding = segment.codec.cipher.padding(plainSize: segmentSize)
        var offset = 0
        while offset < padding.count {
            let part = padding[offset...].prefix(plainBlockSize - restCount)
            UnsafeMutableRawBufferPointer(rebasing: rest[restCount...]).copyBytes(from: part)
            restCount += part.count
            offset += part.count
            guard restCount == plainBlockSize else { break }
            try await seal(UnsafeRawBufferPointer(rest), 0..<plainBlockSize)
            restCount = 0
        }
        segment.upload.finish(plainSize: segmentSize)
        sent.append(segment.upload)
        open = nil
        index += 1
        segmentSize = 0
    }
}

// MARK: - The end

extension StreamWriter {
    /// How a stream ended: what commits its segments.
    struct Ending {
        /// Plain bytes of the last segment.
        var lastSegmentSize: Int64
    }

    /// Ends the stream: waits for all segments and hands what commits them to the batches.
    ///
    /// - Parameter entityTag: attached to the last segment; empty for none.
    /// - Throws: as `write`.
    func finish(entityTag: [UInt8] = []) async throws -> Ending {
        let lastSize = segmentSize == 0 && index > 0 ? Int64(SegmentCipher.maximumPlainSize) : segmentSize
        if open != nil {
            try await closeSegment()
        } else if segmentSize > 0 || index == 0 {
            try addInline(entityTag)
            for upload in sent { batches.add(try await upload.commit()) }
            sent = []
            return Ending(lastSegmentSize: lastSize)
        }
        for (number, upload) in sent.enumerated() {
            let isLast = number == sent.count - 1
            batches.add(try await upload.commit(entityTag: isLast ? entityTag : []))
        }
        sent = []
        return Ending(lastSegmentSize: lastSize)
    }

    private func addInline(_ entityTag: [UInt8]) throws {
        let secret = try batches.secret(at: position)
        let sealed = try secret.cipher().encrypt(inline: Array(rest[..<restCount]))
        try batches.add(inline: sealed, plainSize: segmentSize, secret: secret, entityTag: entityTag)
        restCount = 0
        segmentSize = 0
        index += 1
    }

    /// Gives up: nothing moves any more afterwards.
    func abandon() async {
        if let upload = open?.upload { await upload.abandon() }
        open = nil
        for upload in sent { await upload.abandon() }
        sent = []
    }
}
