internal import Glibc
public import NIOCore

extension Project {
    /// Begins to write an object.
    ///
    /// The satellite hears of it when there is more than a few bytes to store, so that a small object costs one call.
    /// - Parameter expectedSize: bytes that will come, where they are known: a hint that saves memory.
    /// - Throws: ``UplinkError`` for an impossible key or one out of the access's reach.
    public func upload(
        bucket: String, key: String, options: UploadOptions = UploadOptions(), expectedSize: Int64? = nil
    ) async throws -> Upload {
        try Upload(
            project: self, address: keys.address(bucket: bucket, key: key), options: options,
            expectedSize: expectedSize)
    }

    /// Stores what a sequence yields as an object.
    ///
    /// - Throws: ``UplinkError``, `CancellationError`, what the sequence throws; nothing is stored then.
    @discardableResult
    public func upload<Content: AsyncSequence>(
        _ content: Content, bucket: String, key: String, options: UploadOptions = UploadOptions(),
        progress: ProgressHandler? = nil
    ) async throws -> Object where Content.Element == ByteBuffer {
        let upload = try await upload(bucket: bucket, key: key, options: options)
        do {
            var bytes: Int64 = 0
            for try await buffer in content {
                try await upload.write(buffer)
                bytes += Int64(buffer.readableBytes)
                progress?(TransferProgress(bytes: bytes, total: nil))
            }
            return try await upload.commit()
        } catch {
            await upload.abort()
            throw error
        }
    }

    /// Stores a file as an object.
    ///
    /// - Throws: ``UplinkError``, with ``UplinkError/Code/sourceChanged`` when the file changed while it was read;
    ///   `CancellationError`. Nothing is stored then.
    @discardableResult
    public func upload(
        file path: String, bucket: String, key: String, options: UploadOptions = UploadOptions(),
        progress: ProgressHandler? = nil
    ) async throws -> Object {
        let address = try keys.address(bucket: bucket, key: key)
        let opening = try await data.files.run { try FileOpening(path: path) }
        let options = options.noting(modified: opening.fingerprint.modified)
        let size = opening.fingerprint.size
        let upload = try Upload(project: self, address: address, options: options, expectedSize: size)
        do {
            try await upload.write(UnsafeRawBufferPointer(opening.head.prefix(opening.headCount)))
            if let file = opening.file {
                try await write(file, from: Int64(opening.headCount)..<size, total: size, to: upload, progress)
                try await data.files.run { try file.checkUnchanged() }
            }
            let object = try await upload.commit()
            progress?(TransferProgress(bytes: size, total: size))
            return object
        } catch {
            await upload.abort()
            throw error
        }
    }

    /// Stores what a descriptor delivers up to its end, for instance standard input.
    ///
    /// - Parameter descriptor: stays open.
    /// - Throws: ``UplinkError``, `CancellationError`; nothing is stored then.
    @discardableResult
    public func upload(
        descriptor: Int32, bucket: String, key: String, options: UploadOptions = UploadOptions(),
        progress: ProgressHandler? = nil
    ) async throws -> Object {
        let upload = try await upload(bucket: bucket, key: key, options: options)
        do {
            let source = SourceStream(descriptor: descriptor, threads: data.files)
            var spare = ReadBuffer()
            var filled = (buffer: ReadBuffer(), count: 0)
            filled.count = try await source.read(into: filled.buffer)
            var bytes: Int64 = 0
            while filled.count > 0 {
                let (current, next) = (filled, spare)
                async let following = source.read(into: next)
                try await upload.write(UnsafeRawBufferPointer(current.buffer.prefix(current.count)))
                bytes += Int64(current.count)
                progress?(TransferProgress(bytes: bytes, total: nil))
                filled = (next, try await following)
                spare = current.buffer
            }
            return try await upload.commit()
        } catch {
            await upload.abort()
            throw error
        }
    }

    /// Reads one part of a file while the part before is encrypted.
    private func write(
        _ file: SourceFile, from range: Range<Int64>, total: Int64, to upload: Upload, _ progress: ProgressHandler?
    ) async throws {
        progress?(TransferProgress(bytes: range.lowerBound, total: total))
        var spare = ReadBuffer()
        var filled = (buffer: ReadBuffer(), end: range.lowerBound, count: 0)
        filled.count = try await read(file, range, into: filled.buffer)
        filled.end += Int64(filled.count)
        while filled.count > 0 {
            let (current, next) = (filled, spare)
            async let following = read(file, current.end..<range.upperBound, into: next)
            try await upload.write(UnsafeRawBufferPointer(current.buffer.prefix(current.count)))
            progress?(TransferProgress(bytes: current.end, total: total))
            let count = try await following
            filled = (next, current.end + Int64(count), count)
            spare = current.buffer
        }
    }

    /// Reads the first bytes of a range; none of an empty one.
    private func read(_ file: SourceFile, _ range: Range<Int64>, into buffer: ReadBuffer) async throws -> Int {
        let count = min(ReadBuffer.size, range.count)
        if count > 0 { try await data.files.run { try file.read(at: range.lowerBound, into: buffer.prefix(count)) } }
        return count
    }
}

/// The beginning of a file, read together with what opening it takes; small files are read whole.
private struct FileOpening: Sendable {
    let fingerprint: FileFingerprint
    let head: ReadBuffer
    let headCount: Int
    /// Nil when the head is all there is.
    let file: SourceFile?

    /// Opens and reads; blocks.
    init(path: String) throws {
        let file = try SourceFile(path: path)
        fingerprint = file.fingerprint
        headCount = Int(min(Int64(ReadBuffer.size), fingerprint.size))
        head = ReadBuffer(count: headCount)
        try file.read(at: 0, into: head.prefix(headCount))
        let isWhole = Int64(headCount) == fingerprint.size
        if isWhole { try file.checkUnchanged() }
        self.file = isWhole ? nil : file
    }
}

extension UploadOptions {
    /// The options with a file's modification time, unless they have one or do not want it.
    func noting(modified nanoseconds: Int64) -> UploadOptions {
        guard keepsModificationTime, metadata[ModificationTime.name] == nil else { return self }
        var options = self
        options.metadata[ModificationTime.name] = ModificationTime.text(nanoseconds)
        return options
    }
}
