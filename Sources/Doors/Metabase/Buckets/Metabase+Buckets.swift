package import StorageModel

extension Metabase {
    /// Makes a bucket.
    ///
    /// - Throws: `bucketExists`, `bucketLimitReached`.
    package func createBucket(_ bucket: NewBucket) async throws -> Bucket {
        try await write { transaction in
            let table = transaction.bucketTable
            guard try table.find(bucket.location) == nil else { throw MetabaseError.bucketExists }
            guard try table.count(bucket.location.project) < bucket.maximumBuckets else {
                throw MetabaseError.bucketLimitReached(bucket.maximumBuckets)
            }
            try table.insert(bucket, at: transaction.now)
            return try table.get(bucket.location)
        }
    }

    /// The bucket there; costs nothing once it is known.
    ///
    /// - Throws: `bucketNotFound`.
    package func bucket(_ location: BucketLocation) async throws -> Bucket {
        if let bucket = buckets.find(location) { return bucket }
        return try await read { transaction in try transaction.bucketTable.get(location) }
    }

    /// The active bucket of this id.
    ///
    /// - Throws: `bucketNotFound` with an empty name.
    package func bucket(id: BucketID) async throws -> Bucket {
        if let bucket = buckets.find(id) { return bucket }
        return try await read { transaction in
            guard let bucket = try transaction.bucketTable.find(id) else { throw MetabaseError.bucketNotFound("") }
            return bucket
        }
    }

    /// A page of a project's buckets, ascending by the bytes of their names.
    ///
    /// - Parameter limit: at least 1.
    package func listBuckets(
        project: ProjectID, from cursor: String, includingCursor: Bool, limit: Int
    ) async throws -> (buckets: [Bucket], hasMore: Bool) {
        try await read { transaction in
            let found = try transaction.bucketTable.list(
                project, from: cursor, inclusive: includingCursor, limit: limit + 1)
            return (Array(found.prefix(limit)), found.count > limit)
        }
    }

    /// How many buckets a project has.
    package func countBuckets(project: ProjectID) async throws -> Int {
        try await read { transaction in try transaction.bucketTable.count(project) }
    }

    /// Deletes a bucket. Its name is free at once; contents are purged by `purgeBuckets`.
    ///
    /// - Returns: the bucket, and how many objects and uploads it held (0 unless `deletingContents`).
    /// - Throws: `bucketNotFound`; `bucketNotEmpty` unless `deletingContents`; `objectLocked`.
    package func deleteBucket(
        _ location: BucketLocation, deletingContents: Bool, bypassingGovernance: Bool = false
    ) async throws -> (bucket: Bucket, deletedObjects: Int) {
        // Counting takes long in a big bucket, so it happens before and beside the writer.
        let count = deletingContents ? try await countContents(location) : 0
        return try await write { transaction in
            let bucket = try transaction.bucketTable.get(location)
            let contents = BucketContents(transaction: transaction, bucket: bucket)
            if !deletingContents, try contents.isOccupied() { throw MetabaseError.bucketNotEmpty }
            if bucket.isLockEnabled, try contents.isLocked(bypassingGovernance: bypassingGovernance) {
                throw MetabaseError.objectLocked
            }
            try transaction.bucketTable.markPurging(bucket)
            return (bucket, count)
        }
    }

    /// Turns the keeping of versions on, or suspends it.
    ///
    /// - Throws: `bucketNotFound`, `versioningNeverEnabled`, `versioningRequiredByLock`.
    package func setVersioning(_ location: BucketLocation, enabled: Bool) async throws {
        try await change(location) { bucket in
            if !enabled {
                guard bucket.versioning == .enabled || bucket.versioning == .suspended else {
                    throw MetabaseError.versioningNeverEnabled
                }
                guard !bucket.isLockEnabled else { throw MetabaseError.versioningRequiredByLock }
            }
            bucket.versioning = enabled ? .enabled : .suspended
        }
    }

    /// Turns Object Lock on and sets or clears the default retention.
    ///
    /// - Throws: `bucketNotFound`, `lockRequiresVersioning`.
    package func setLock(_ location: BucketLocation, defaultRetention: DefaultRetention?) async throws {
        try await change(location) { bucket in
            guard bucket.versioning == .enabled else { throw MetabaseError.lockRequiresVersioning }
            bucket.isLockEnabled = true
            bucket.defaultRetention = defaultRetention
        }
    }

    /// Replaces the tags, which the caller validated.
    package func setTags(_ location: BucketLocation, _ tags: [BucketTag]) async throws {
        try await change(location) { $0.tags = tags }
    }

    /// Replaces the notification configuration, opaque bytes of the endpoint.
    package func setNotifications(_ location: BucketLocation, _ configuration: [UInt8]?) async throws {
        try await change(location) { $0.notifications = configuration }
    }

    /// Attributes a bucket that is still empty and has no attribution; does nothing to any other.
    package func setUserAgent(_ location: BucketLocation, _ userAgent: [UInt8]) async throws {
        let isOpen = try await read { transaction in
            let bucket = try transaction.bucketTable.get(location)
            return try bucket.userAgent.isEmpty
                && !BucketContents(transaction: transaction, bucket: bucket).isOccupied()
        }
        guard isOpen else { return }
        try await write { transaction in
            var bucket = try transaction.bucketTable.get(location)
            guard bucket.userAgent.isEmpty,
                try !BucketContents(transaction: transaction, bucket: bucket).isOccupied()
            else { return }
            bucket.userAgent = userAgent
            try transaction.bucketTable.update(bucket)
        }
    }

    private func countContents(_ location: BucketLocation) async throws -> Int {
        try await read { transaction in
            let bucket = try transaction.bucketTable.get(location)
            return try BucketContents(transaction: transaction, bucket: bucket).count()
        }
    }

    private func change(
        _ location: BucketLocation, _ edit: @escaping @Sendable (inout Bucket) throws -> Void
    ) async throws {
        try await write { transaction in
            var bucket = try transaction.bucketTable.get(location)
            try edit(&bucket)
            try transaction.bucketTable.update(bucket)
        }
    }
}
