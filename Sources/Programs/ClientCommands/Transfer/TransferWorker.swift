import Foundation
package import Uplink

/// Moves one file or object at a time; many tasks may use one worker.
package struct TransferWorker: Sendable {
    private let project: Project
    private let options: TransferOptions
    private let folders: LocalFolders
    private let resumer: UploadResumer?
    /// Where a person is told what cannot wait for the end.
    private let notify: @Sendable (String) -> Void

    /// A worker.
    ///
    /// - Parameter resumer: continues uploads; nil when none may be continued.
    package init(
        project: Project, options: TransferOptions, folders: LocalFolders, resumer: UploadResumer?,
        notify: @escaping @Sendable (String) -> Void
    ) {
        self.project = project
        self.options = options
        self.folders = folders
        self.resumer = resumer
        self.notify = notify
    }

    /// Does a transfer.
    ///
    /// - Returns: bytes of content; nil for a server-side copy, which does not tell.
    /// - Throws: `UplinkError`, `CommandFailure`, `FileRefusal`; `CancellationError`.
    package func perform(_ transfer: Transfer, _ entry: ProgressBoard.Entry) async throws -> Int64? {
        switch (transfer.source, transfer.target) {
        case (.remote(let source), .remote(let target)):
            try await copy(source, target)
            return transfer.size
        case (.remote(let source), .local(let path)):
            return try await download(source, to: path, size: transfer.size, entry)
        case (.remote(let source), .standardStreams):
            return try await print(source, entry)
        case (.local(let path), .remote(let target)):
            return try await upload(path, to: target, size: transfer.size, entry)
        case (.standardStreams, .remote(let target)):
            return try await upload(descriptor: STDIN_FILENO, to: target, entry)
        default:
            preconditionFailure("one end of a transfer is remote")
        }
    }

    private func copy(_ source: RemotePath, _ target: RemotePath) async throws {
        if options.removesSource {
            try await project.moveObject(
                bucket: source.bucket, key: source.key, newBucket: target.bucket, newKey: target.key)
        } else {
            var copying = CopyOptions()
            copying.metadata = options.metadata
            try await project.copyObject(
                bucket: source.bucket, key: source.key, newBucket: target.bucket, newKey: target.key, options: copying)
        }
    }
}

// MARK: Uploads

extension TransferWorker {
    private var uploadOptions: UploadOptions { UploadOptions(metadata: options.metadata ?? [:], expires: options.expires) }

    private func upload(
        _ path: String, to target: RemotePath, size: Int64?, _ entry: ProgressBoard.Entry
    ) async throws -> Int64 {
        guard let size else { return try await upload(special: path, to: target, entry) }
        let before = options.removesSource ? try FileFingerprint(path: path) : nil
        let object: Object
        if let resumer, options.resumes(size: size) {
            object = try await resumer.upload(path, to: target, options: uploadOptions, entry, notify: notify)
        } else {
            object = try await project.upload(
                file: path, bucket: target.bucket, key: target.key, options: uploadOptions, progress: entry.update)
        }
        if let before { try remove(path, ifStill: before) }
        return object.size
    }

    /// A pipe or device, read to its end.
    private func upload(special path: String, to target: RemotePath, _ entry: ProgressBoard.Entry) async throws -> Int64 {
        guard !options.removesSource else {
            throw CommandFailure(.usage, "\(path) is no regular file and cannot be moved")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileRefusal(path: path) }
        defer { close(descriptor) }
        return try await upload(descriptor: descriptor, to: target, entry)
    }

    private func upload(descriptor: Int32, to target: RemotePath, _ entry: ProgressBoard.Entry) async throws -> Int64 {
        try await project.upload(
            descriptor: descriptor, bucket: target.bucket, key: target.key, options: uploadOptions, progress: entry.update
        ).size
    }

    /// Deletes a file that has been stored, unless it is not the one that was.
    private func remove(_ path: String, ifStill before: FileFingerprint) throws {
        guard try FileFingerprint(path: path) == before else {
            throw UplinkError(.sourceChanged, "\(path) was stored, and then changed; it is not deleted")
        }
        guard unlink(path) == 0 else {
            throw CommandFailure(.failure, "stored, but it cannot be deleted here: \(FileRefusal(path: path))")
        }
    }
}

// MARK: Downloads

extension TransferWorker {
    /// Writes an object to standard output.
    private func print(_ source: RemotePath, _ entry: ProgressBoard.Entry) async throws -> Int64 {
        do {
            return try await project.download(
                bucket: source.bucket, key: source.key, options: DownloadOptions(range: options.range),
                toDescriptor: STDOUT_FILENO, progress: entry.update
            ).size
        } catch let error as UplinkError
            where error.code == .fileSystem && CommandOutput.isReaderGone(STDOUT_FILENO) {
            throw CommandOutput.ReaderGone()
        }
    }

    private func download(
        _ source: RemotePath, to path: String, size: Int64?, _ entry: ProgressBoard.Entry
    ) async throws -> Int64 {
        // What is deleted in the network must be on the disk, not only on its way there.
        let file = FileDownloadOptions(
            resumes: options.resumes(size: size), syncs: options.synchronizes || options.removesSource)
        let note = ResumptionNote(name: source.description, notify: notify)
        let object: Object
        do {
            try folders.make(parentOf: path)
            object = try await project.download(
                bucket: source.bucket, key: source.key, options: DownloadOptions(range: options.range), toFile: path,
                fileOptions: file
            ) { progress in
                note.tell(progress)
                entry.update(progress)
            }
        } catch {
            let isInterrupted = error is CancellationError
            // What an interruption leaves is for the next run; what an error leaves would only lie around.
            if file.resumes, !isInterrupted { Project.discardPartialDownload(toFile: path) }
            if file.resumes, isInterrupted { note.tellKept(isExact: true) }
            throw error
        }
        if options.removesSource { try await remove(source, ifStill: object) }
        return options.range == .all ? object.size : entry.bytesDone
    }

    /// Deletes an object that has been downloaded, unless it is not the one that was.
    private func remove(_ source: RemotePath, ifStill downloaded: Object) async throws {
        let now = try await project.object(bucket: source.bucket, key: source.key)
        guard now.version == downloaded.version, now.createdAt == downloaded.createdAt, now.size == downloaded.size else {
            throw UplinkError(.sourceChanged, "\(source) was downloaded, and then replaced; it is not deleted")
        }
        try await project.deleteObject(bucket: source.bucket, key: source.key)
    }
}
