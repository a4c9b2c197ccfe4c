internal import Glibc

/// A file that is being read for an upload. Closed when it is released.
final class SourceFile: Sendable {
    /// Where it is.
    let path: String
    /// What it was like when it was opened.
    let fingerprint: FileFingerprint
    private let descriptor: Int32

    /// Opens a regular file.
    ///
    /// - Throws: ``UplinkError/Code/fileSystem``.
    init(path: String) throws(UplinkError) {
        // Opening a pipe would wait for its writer; it is refused below instead.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw UplinkError(file: path, doing: "open") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw UplinkError(file: path, doing: "read", number)
        }
        guard status.isRegularFile else {
            close(descriptor)
            throw UplinkError(
                .fileSystem, "\(path) is \(status.isDirectory ? "a folder" : "not a regular file")",
                advice: status.isDirectory ? "Copy folders recursively" : "Pipe it in instead")
        }
        self.path = path
        self.descriptor = descriptor
        fingerprint = FileFingerprint(status)
        if status.st_size > 1 << 20 { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
    }

    deinit { close(descriptor) }

    /// Fills a buffer with the bytes from `offset` on; blocks.
    ///
    /// - Throws: ``UplinkError/Code/fileSystem``, ``UplinkError/Code/sourceChanged`` when the file ends before.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(UplinkError) {
        var count = 0
        while count < buffer.count {
            let result = pread(descriptor, buffer.baseAddress! + count, buffer.count - count, off_t(offset) + count)
            if result < 0 {
                if errno == EINTR { continue }
                throw UplinkError(file: path, doing: "read")
            }
            if result == 0 { throw changed("it became shorter") }
            count += result
        }
    }

    /// Makes sure that what was read is still what the file holds; blocks.
    ///
    /// - Throws: ``UplinkError/Code/sourceChanged``.
    func checkUnchanged() throws(UplinkError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw UplinkError(file: path, doing: "read") }
        guard FileFingerprint(status) == fingerprint else { throw changed("it was written to") }
        guard stat(path, &status) == 0 else { throw changed("it was removed") }
        guard FileFingerprint(status) == fingerprint else { throw changed("another file took its place") }
    }

    private func changed(_ how: String) -> UplinkError {
        UplinkError(
            .sourceChanged, "\(path) changed while it was uploaded: \(how); nothing was stored",
            advice: "Try again when nobody writes to it")
    }
}

/// Memory for one read of a file. Sendable, although it is a pointer: reader and writer use it in turns.
final class ReadBuffer: @unchecked Sendable {
    /// Bytes of a read: whole encryption blocks, so that nothing is carried from one read to the next.
    static let size = 68 * SegmentSecret.plainBlockSize

    /// The memory.
    let bytes: UnsafeMutableRawBufferPointer

    /// Memory for `count` bytes.
    init(count: Int = size) { bytes = .allocate(byteCount: max(1, count), alignment: 4096) }

    deinit { bytes.deallocate() }

    /// The first bytes.
    func prefix(_ count: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
    }
}
