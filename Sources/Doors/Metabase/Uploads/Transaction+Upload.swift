import StorageModel

extension Transaction {
    /// A new upload with everything the bucket adds to it; nothing is stored.
    func makeUpload(_ upload: NewUpload) throws -> Upload {
        let bucket = try bucketTable.get(upload.location.bucket)
        return Upload(
            reference: UploadReference(
                bucket: bucket.id, key: upload.location.key, createdAt: now,
                stream: StreamID.random(using: metabase.random)),
            expiresAt: upload.expiresAt, deadline: now.advanced(by: lifetime(isMultipart: upload.isMultipart)),
            encryption: upload.encryption, metadata: upload.metadata,
            lock: try effectiveLock(upload.lock, in: bucket, expiresAt: upload.expiresAt),
            isMultipart: upload.isMultipart, isVersioned: bucket.versioning == .enabled, placement: bucket.placement)
    }

    /// The lock a new object gets: what was asked for, else the bucket's default.
    func effectiveLock(_ lock: ObjectLock, in bucket: Bucket, expiresAt: Timestamp?) throws -> ObjectLock {
        if !lock.isEmpty {
            guard bucket.isLockEnabled else { throw MetabaseError.bucketLockNotEnabled }
            guard expiresAt == nil else { throw MetabaseError.expiryWithLock }
        }
        guard lock.retention == nil, bucket.isLockEnabled, let rule = bucket.defaultRetention else { return lock }
        guard expiresAt == nil else { throw MetabaseError.expiryWithDefaultRetention }
        return ObjectLock(
            retention: Retention(mode: rule.mode, retainUntil: rule.period.end(from: now)), legalHold: lock.legalHold)
    }

    /// Stores segments of an upload, with its expiry and placement.
    func store(_ segments: [NewSegment], of upload: Upload) throws {
        for segment in segments {
            try segmentTable.upsert(
                segment, stream: upload.reference.stream, placement: upload.placement, expiresAt: upload.expiresAt)
        }
    }

    /// Moves the deadline of an upload that is still being worked on once half of its time is gone.
    func keepAlive(_ upload: Upload) throws {
        let lifetime = lifetime(isMultipart: upload.isMultipart)
        guard upload.deadline.duration(since: now) < lifetime / 2 else { return }
        try uploadTable.setDeadline(upload.reference, now.advanced(by: lifetime))
    }

    private func lifetime(isMultipart: Bool) -> Duration {
        isMultipart ? metabase.settings.multipartLifetime : metabase.settings.uploadLifetime
    }
}

extension DefaultRetention.Period {
    /// When a retention that begins at `start` ends. A year has 365 days, as upstream counts.
    func end(from start: Timestamp) -> Timestamp {
        switch self {
        case .days(let days): start.advanced(by: .seconds(Int64(days) * 86_400))
        case .years(let years): start.advanced(by: .seconds(Int64(years) * 365 * 86_400))
        }
    }
}
