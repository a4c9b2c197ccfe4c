internal import Encryption
internal import StorageModel

extension Project {
    /// Stores a large file as an object, so that it can be continued after a crash.
    ///
    /// The file is sent in parts of 64 MiB, several at a time. Keep the checkpoint that `save` gets, on disk, and pass it the
    /// next time: only parts that the satellite does not have yet are sent then. After success forget it.
    ///
    /// ```swift
    /// let object = try await project.upload(
    ///     file: path, bucket: "backups", key: "disk.img", checkpoint: loadCheckpoint(), save: storeCheckpoint)
    /// ```
    /// - Parameters:
    ///   - checkpoint: what an earlier run saved. One that fits neither the file nor the access, or whose upload is gone, is
    ///     given up, and the file is sent from its beginning.
    ///   - save: gets a checkpoint before the first part of a new upload is sent.
    /// - Throws: ``UplinkError``, `CancellationError`. What was sent stays for the next run, unless the file has changed.
    @discardableResult
    public func upload(
        file path: String, bucket: String, key: String, options: UploadOptions = UploadOptions(),
        checkpoint: UploadCheckpoint?, save: @Sendable (UploadCheckpoint) async throws -> Void,
        progress: ProgressHandler? = nil
    ) async throws -> Object {
        if let checkpoint {
            do {
                return try await send(path, bucket, key, options, checkpoint, save, progress)
            } catch let error as UplinkError where error.code == .uploadNotFound {
                // It was committed, was aborted or has expired: there is nothing to continue, nor to clean up.
            }
        }
        return try await send(path, bucket, key, options, nil, save, progress)
    }

    private func send(
        _ path: String, _ bucket: String, _ key: String, _ options: UploadOptions, _ checkpoint: UploadCheckpoint?,
        _ save: @Sendable (UploadCheckpoint) async throws -> Void, _ progress: ProgressHandler?
    ) async throws -> Object {
        let file = try await data.files.run { try SourceFile(path: path) }
        let fresh = UploadCheckpoint(
            upload: MultipartUpload(bucket: bucket, key: key, id: ""), source: file.fingerprint,
            partSize: Self.partSize(of: file.fingerprint.size), keyCheck: try keyCheck(bucket, key))
        let (plan, stored) = try await begin(fresh, continuing: checkpoint, options, save)
        let meter = ProgressMeter(total: file.fingerprint.size, handler: progress)
        meter.resume(stored.reduce(0) { $0 + Int64(plan.part($1).count) })
        try await sendParts(of: file, plan, except: stored, meter)
        do {
            try await data.files.run { try file.checkUnchanged() }
        } catch let error as UplinkError where error.code == .sourceChanged {
            try? await abortUpload(plan.upload)
            throw error
        }
        return try await commitUpload(
            plan.upload, metadata: options.noting(modified: file.fingerprint.modified).metadata,
            overwrites: options.overwrites)
    }

    /// Bytes of a part: one segment, or as many as it takes to stay below the most parts an upload may have.
    package static func partSize(of size: Int64) -> Int64 {
        let segment = Int64(SegmentCipher.maximumPlainSize)
        let most: Int64 = 10_000
        return segment * max(1, (size + segment * most - 1) / (segment * most))
    }

    private func keyCheck(_ bucket: String, _ key: String) throws -> String {
        let contentKey = try keys.address(bucket: bucket, key: key).contentKey
        return Hexadecimal.encode(contentKey.derived("upload checkpoint".utf8).bytes.prefix(8))
    }

    /// Continues an upload or begins one.
    ///
    /// - Returns: the checkpoint, and the numbers of the parts that need not be sent.
    private func begin(
        _ fresh: UploadCheckpoint, continuing old: UploadCheckpoint?, _ options: UploadOptions,
        _ save: @Sendable (UploadCheckpoint) async throws -> Void
    ) async throws -> (plan: UploadCheckpoint, stored: Set<Int>) {
        if let old {
            var same = fresh
            same.upload = old.upload
            if old == same, old.upload.bucket == fresh.upload.bucket, old.upload.key == fresh.upload.key {
                return (old, try await stored(old))
            }
            // Parts of another file or under other keys would only lie around.
            try? await abortUpload(old.upload)
        }
        var plan = fresh
        plan.upload = try await beginUpload(bucket: fresh.upload.bucket, key: fresh.upload.key, options: options)
        do { try await save(plan) } catch {
            try? await abortUpload(plan.upload)
            throw error
        }
        return (plan, [])
    }

    /// The parts that are there as they should be.
    private func stored(_ plan: UploadCheckpoint) async throws -> Set<Int> {
        let parts = try await storedParts(of: plan.upload)
        return Set(
            parts.filter { (1...plan.partCount).contains($0.part.number) }
                .filter { $0.part.size == Int64(plan.part($0.part.number).count) }.map(\.part.number))
    }

    private func sendParts(
        of file: SourceFile, _ plan: UploadCheckpoint, except stored: Set<Int>, _ meter: ProgressMeter
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for number in 1...plan.partCount where !stored.contains(number) {
                if running == data.sendingSegments { try await group.next() } else { running += 1 }
                group.addTask { try await self.sendPart(number, of: file, plan, meter) }
            }
            try await group.waitForAll()
        }
    }

    private func sendPart(
        _ number: Int, of file: SourceFile, _ plan: UploadCheckpoint, _ meter: ProgressMeter
    ) async throws {
        let range = plan.part(number)
        let part = try part(of: plan.upload, number: number, expectedSize: Int64(range.count))
        do {
            let buffer = ReadBuffer()
            var offset = range.lowerBound
            while offset < range.upperBound {
                let (start, count) = (offset, Int(min(Int64(ReadBuffer.size), range.upperBound - offset)))
                try await data.files.run { try file.read(at: start, into: buffer.prefix(count)) }
                try await part.write(UnsafeRawBufferPointer(buffer.prefix(count)))
                offset += Int64(count)
                meter.add(Int64(count))
            }
            try await part.commit()
        } catch {
            await part.abort()
            throw error
        }
    }
}

extension UploadCheckpoint {
    /// How many parts the file has; an empty file has one.
    var partCount: Int { Int(max(1, (source.size + partSize - 1) / partSize)) }

    /// The bytes of the file that a part holds.
    ///
    /// - Parameter number: in `1...partCount`.
    func part(_ number: Int) -> Range<Int64> {
        let start = Int64(number - 1) * partSize
        return start..<min(start + partSize, source.size)
    }
}
