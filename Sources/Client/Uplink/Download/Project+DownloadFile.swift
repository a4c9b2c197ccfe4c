internal import Glibc
internal import NIOCore
internal import Synchronization

extension Project {
    /// Bytes up to which an object is brought into memory before its file is made.
    private static let smallSize: Int64 = 1 << 20
    /// Bytes from which on an interrupted download is worth continuing.
    private static let resumableSize: Int64 = 8 << 20

    /// Reads an object into a file.
    ///
    /// The content is written under another name beside the target and renamed when it is complete, so that nobody ever
    /// sees half a file. A failure leaves nothing behind, unless ``FileDownloadOptions/resumes`` asks for it.
    /// - Returns: the object.
    /// - Throws: ``UplinkError``, with ``UplinkError/Code/fileSystem`` for a full disk or a target that cannot be written;
    ///   `CancellationError`.
    @discardableResult
    public func download(
        bucket: String, key: String, options: DownloadOptions = DownloadOptions(), toFile path: String,
        fileOptions: FileDownloadOptions = FileDownloadOptions(), progress: ProgressHandler? = nil
    ) async throws -> Object {
        let source = try await DownloadSource(project: self, bucket: bucket, key: key, options: options)
        let modified =
            fileOptions.setsModificationTime
            ? source.object.metadata[ModificationTime.name].flatMap(ModificationTime.nanoseconds) : nil
        let meter = ProgressMeter(total: Int64(source.plan.range.count), handler: progress)
        if Int64(source.plan.range.count) <= Self.smallSize {
            let content = try await content(of: source)
            try await data.files.run {
                try TargetFile.write(content, to: path, modified: modified, options: fileOptions)
            }
            meter.add(Int64(content.readableBytes))
        } else if fileOptions.resumes, Int64(source.plan.range.count) >= Self.resumableSize {
            try await resume(source, path, fileOptions, modified, meter)
        } else {
            try await fetch(source, path, fileOptions, modified, meter)
        }
        return source.object
    }

    /// Writes an object to a descriptor, in order, for instance to standard output.
    ///
    /// - Parameter descriptor: stays open.
    /// - Throws: ``UplinkError``, `CancellationError`; part of the content may have been written.
    @discardableResult
    public func download(
        bucket: String, key: String, options: DownloadOptions = DownloadOptions(), toDescriptor descriptor: Int32,
        progress: ProgressHandler? = nil
    ) async throws -> Object {
        let download = try await download(bucket: bucket, key: key, options: options)
        let meter = ProgressMeter(total: Int64(download.range.count), handler: progress)
        for try await buffer in download {
            try await data.files.run { try Self.write(buffer, to: descriptor) }
            meter.add(Int64(buffer.readableBytes))
        }
        return download.object
    }

    private func content(of source: DownloadSource) async throws -> ByteBuffer {
        var content = ByteBuffer()
        for index in source.plan.places.indices {
            try await source.fetch(index, runSize: .max) { buffer in
                // Most small objects are one segment: its bytes are not copied.
                if content.readableBytes == 0 { content = buffer } else { content.writeImmutableBuffer(buffer) }
                return ByteBuffer()
            }
        }
        return content
    }

    private func fetch(
        _ source: DownloadSource, _ path: String, _ options: FileDownloadOptions, _ modified: Int64?,
        _ meter: ProgressMeter
    ) async throws {
        let size = Int64(source.plan.range.count)
        let file = try await data.files.run { try TargetFile(path: path, size: size, options: options) }
        do {
            let writing = FileWriting(
                source: source, file: file, threads: data.files, segmentsInFlight: data.segmentsInFlight, meter: meter)
            try await writing.run()
            try await data.files.run { try file.finish(modified: modified) }
        } catch {
            await data.files.runAlways { file.discard() }
            throw error
        }
    }

    private func resume(
        _ source: DownloadSource, _ path: String, _ options: FileDownloadOptions, _ modified: Int64?,
        _ meter: ProgressMeter
    ) async throws {
        let (identity, range) = (source.identity, source.plan.range)
        let sizes = source.plan.places.map { Int64($0.part(of: range).count) }
        let partial = try await data.files.run {
            try PartialDownload(path: path, identity: identity, range: range, segmentSizes: sizes, options: options)
        }
        meter.resume(partial.state.arrived.reduce(0, +))
        let note = ArrivalNote(partial: partial, threads: data.files)
        do {
            let writing = FileWriting(
                source: source, file: partial.file, threads: data.files, segmentsInFlight: data.segmentsInFlight,
                meter: meter, note: note)
            try await writing.run()
        } catch {
            await note.saveLast()
            throw error
        }
        try await data.files.run { try partial.finish(modified: modified) }
    }

    private static func write(_ buffer: ByteBuffer, to descriptor: Int32) throws(UplinkError) {
        var failure: Int32?
        buffer.withUnsafeReadableBytes { bytes in
            var count = 0
            while count < bytes.count {
                let result = Glibc.write(descriptor, bytes.baseAddress! + count, bytes.count - count)
                if result >= 0 {
                    count += result
                } else if errno == EAGAIN {
                    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = Glibc.poll(&poll, 1, 1000)
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        if let failure { throw UplinkError(file: "the output", doing: "write", failure) }
    }
}
