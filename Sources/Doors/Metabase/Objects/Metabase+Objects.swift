package import StorageModel

extension Metabase {
    /// The newest visible version of an object, or exactly `version`.
    ///
    /// - Throws: `bucketNotFound`, `objectNotFound`; `methodNotAllowed` when `version` is a delete marker.
    package func object(_ location: ObjectLocation, version: ObjectVersionID? = nil) async throws -> Object {
        try await read { transaction in try transaction.object(location, version) }
    }

    /// Replaces metadata of the version that has the stream given, the newest or an older one.
    ///
    /// Upstream does this to the newest only; an S3 gateway tags older versions as well.
    /// - Throws: `bucketNotFound`, `objectNotFound`, `metadataKeyMismatch`.
    package func updateMetadata(
        _ location: ObjectLocation, stream: StreamID, _ update: ObjectMetadataUpdate
    ) async throws {
        try await write { transaction in
            let bucket = try transaction.bucketTable.get(location.bucket)
            let found = try transaction.objectTable.row(bucket.id, location.key, stream: stream)
            guard let object = found, !object.status.isDeleteMarker else { throw MetabaseError.objectNotFound }
            try transaction.objectTable.setMetadata(object, try object.metadata.updated(update))
        }
    }

    /// What protects a version.
    ///
    /// - Throws: `bucketNotFound`, `bucketLockNotEnabled`, `objectNotFound`, `methodNotAllowed` for a delete marker.
    package func objectLock(_ location: ObjectLocation, version: ObjectVersionID? = nil) async throws -> ObjectLock {
        try await read { transaction in try transaction.lockable(location, version).lock }
    }

    /// Sets, changes or (with nil) removes the retention of a version.
    ///
    /// An active retention may be prolonged; to shorten, weaken or remove one of governance takes the bypass, and nothing
    /// does that to one of compliance.
    /// - Throws: what `objectLock` throws, `objectLocked`, `objectStateInvalid`.
    package func setRetention(
        _ location: ObjectLocation, version: ObjectVersionID? = nil, _ retention: Retention?, bypassingGovernance: Bool
    ) async throws {
        try await write { transaction in
            let object = try transaction.lockable(location, version)
            guard object.expiresAt == nil else { throw MetabaseError.objectStateInvalid }
            let isAllowed = object.lock.permits(
                retention, at: transaction.now, bypassingGovernance: bypassingGovernance)
            guard isAllowed else { throw MetabaseError.objectLocked }
            let lock = ObjectLock(retention: retention, legalHold: object.lock.legalHold)
            try transaction.objectTable.setLock(object, lock)
        }
    }

    /// Sets or releases the legal hold of a version.
    ///
    /// - Throws: what `objectLock` throws, `objectStateInvalid`.
    package func setLegalHold(
        _ location: ObjectLocation, version: ObjectVersionID? = nil, _ isOn: Bool
    ) async throws {
        try await write { transaction in
            let object = try transaction.lockable(location, version)
            guard object.expiresAt == nil else { throw MetabaseError.objectStateInvalid }
            let lock = ObjectLock(retention: object.lock.retention, legalHold: isOn)
            try transaction.objectTable.setLock(object, lock)
        }
    }
}

extension Transaction {
    /// The visible object of a location.
    func object(_ location: ObjectLocation, _ version: ObjectVersionID?) throws -> Object {
        let bucket = try bucketTable.get(location.bucket)
        return try objectTable.get(bucket.id, location.key, version)
    }

    /// The visible version of a location in a bucket with Object Lock.
    fileprivate func lockable(_ location: ObjectLocation, _ version: ObjectVersionID?) throws -> Object {
        let bucket = try bucketTable.get(location.bucket)
        guard bucket.isLockEnabled else { throw MetabaseError.bucketLockNotEnabled }
        let found =
            try version.map { try objectTable.exact(bucket.id, location.key, $0) }
            ?? objectTable.newest(bucket.id, location.key)
        guard let found else { throw MetabaseError.objectNotFound }
        guard !found.status.isDeleteMarker else { throw MetabaseError.methodNotAllowed }
        return found
    }
}

extension ObjectLock {
    /// Whether the retention may become `new`.
    func permits(_ new: Retention?, at now: Timestamp, bypassingGovernance: Bool) -> Bool {
        guard let retention, retention.retainUntil > now else { return true }
        if retention.mode == .governance && bypassingGovernance { return true }
        guard let new, new.retainUntil >= retention.retainUntil else { return false }
        return retention.mode == .governance || new.mode == .compliance
    }
}

extension ObjectMetadata {
    /// This metadata with the groups of an update replaced.
    ///
    /// - Throws: `metadataKeyMismatch` when something encrypted would be left without its key.
    func updated(_ update: ObjectMetadataUpdate) throws -> ObjectMetadata {
        var result = self
        if update.replacesCustom { result.encrypted = update.metadata.encrypted }
        if update.replacesETag { result.encryptedETag = update.metadata.encryptedETag }
        if update.replacesChecksum { result.checksum = update.metadata.checksum }
        guard !result.needsKey || !update.metadata.encryptedKey.isEmpty else {
            throw MetabaseError.metadataKeyMismatch
        }
        result.encryptedKey = result.needsKey ? update.metadata.encryptedKey : []
        result.nonce = result.needsKey ? update.metadata.nonce : []
        return result
    }
}
