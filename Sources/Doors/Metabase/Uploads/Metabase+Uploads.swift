extension Metabase {
    /// Begins an upload; what is returned never changes until the commit, but for the deadline.
    ///
    /// - Throws: `bucketNotFound`, `bucketLockNotEnabled`, `expiryWithLock`, `expiryWithDefaultRetention`.
    package func beginUpload(_ upload: NewUpload) async throws -> Upload {
        try await write { transaction in
            let begun = try transaction.makeUpload(upload)
            try transaction.uploadTable.insert(begun)
            return begun
        }
    }

    /// The pending upload.
    ///
    /// - Throws: `pendingObjectMissing`.
    package func upload(_ reference: UploadReference) async throws -> Upload {
        try await read { transaction in try transaction.uploadTable.get(reference) }
    }

    /// Stores a segment of a pending upload, replacing what was at its position.
    ///
    /// - Throws: `pendingObjectMissing`.
    package func commitSegment(_ segment: NewSegment, in upload: UploadReference) async throws {
        try await aliases.ensure([segment], in: database)
        try await write { transaction in
            let pending = try transaction.uploadTable.get(upload)
            try transaction.store([segment], of: pending)
            try transaction.keepAlive(pending)
        }
    }

    /// Makes an object of a pending upload, after storing `segments` in it.
    ///
    /// - Throws: `pendingObjectMissing`, `objectExists`, `overwriteForbidden`, `objectLocked`, `partTooSmall`,
    ///   `tooManyParts`.
    package func commitObject(
        _ upload: UploadReference, segments: [NewSegment] = [], _ commit: ObjectCommit
    ) async throws -> Object {
        try await aliases.ensure(segments, in: database)
        return try await write { transaction in
            let pending = try transaction.uploadTable.get(upload)
            guard try transaction.bucketTable.find(upload.bucket) != nil else {
                throw MetabaseError.pendingObjectMissing
            }
            try transaction.store(segments, of: pending)
            let assembly = try transaction.assemble(pending)
            let object = try transaction.place(
                Object(pending, assembly, commit), versioned: pending.isVersioned, commit)
            try transaction.uploadTable.delete(upload)
            return object
        }
    }

    /// Begins an upload, stores its segments and commits it, all at once.
    ///
    /// - Throws: what `beginUpload` and `commitObject` throw.
    package func putObject(
        _ upload: NewUpload, segments: [NewSegment], _ commit: ObjectCommit
    ) async throws -> Object {
        try await aliases.ensure(segments, in: database)
        return try await write { transaction in
            let pending = try transaction.makeUpload(upload)
            try transaction.store(segments, of: pending)
            let assembly = try transaction.assemble(pending)
            return try transaction.place(Object(pending, assembly, commit), versioned: pending.isVersioned, commit)
        }
    }

    /// Removes a pending upload and its segments.
    ///
    /// - Throws: `pendingObjectMissing`.
    package func abortUpload(_ reference: UploadReference) async throws -> Upload {
        try await write { transaction in
            let pending = try transaction.uploadTable.get(reference)
            try transaction.uploadTable.delete(reference)
            try transaction.segmentTable.delete(reference.stream)
            return pending
        }
    }

    /// A page of a key's pending uploads, oldest first.
    ///
    /// - Parameter limit: at least 1.
    /// - Throws: `bucketNotFound`.
    package func uploads(
        of location: ObjectLocation, after cursor: UploadReference? = nil, limit: Int
    ) async throws -> UploadPage {
        try await read { transaction in
            let bucket = try transaction.bucketTable.get(location.bucket)
            let found = try transaction.uploadTable.ofKey(
                bucket.id, location.key, after: cursor, now: transaction.now, limit: limit + 1)
            return UploadPage(uploads: Array(found.prefix(limit)), hasMore: found.count > limit)
        }
    }
}
