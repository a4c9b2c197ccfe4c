import StorageModel

extension Object {
    /// The object an upload becomes; version and status are set when it is placed.
    init(_ upload: Upload, _ assembly: StreamAssembly, _ commit: ObjectCommit) {
        self.init(
            bucket: upload.reference.bucket, key: upload.reference.key, version: 0, stream: upload.reference.stream,
            status: .committedUnversioned, createdAt: upload.reference.createdAt, expiresAt: upload.expiresAt,
            segmentCount: assembly.segments.count, plainSize: assembly.plainSize,
            encryptedSize: assembly.encryptedSize, fixedSegmentSize: assembly.fixedSegmentSize,
            encryption: upload.encryption, metadata: commit.metadata ?? upload.metadata, lock: upload.lock)
    }

    /// A delete marker for a key; its stream id only makes a version id.
    ///
    /// - Source: protocol document 2 §4.4.
    init(deleteMarkerIn bucket: BucketID, key: [UInt8], at now: Timestamp, random: RandomSource) {
        var random = random
        let stream = Bytes16(words: [
            0xffff_ffff_ffff_0000 | UInt64.random(in: 0...0xffff, using: &random), random.next(),
        ])
        self.init(
            bucket: bucket, key: key, version: 0, stream: StreamID(storage: stream), status: .deleteMarkerVersioned,
            createdAt: now, expiresAt: nil, segmentCount: 0, plainSize: 0, encryptedSize: 0, fixedSegmentSize: 0,
            encryption: ObjectEncryption(cipherSuite: 0, blockSize: 0), metadata: ObjectMetadata(), lock: ObjectLock())
    }
}

extension Transaction {
    /// Stores a new version of a key, as the newest one, and removes the null version when it takes its place.
    ///
    /// - Parameter versioned: whether older versions are kept.
    /// - Returns: the object with its version and status.
    /// - Throws: `objectExists`, `overwriteForbidden`, `objectLocked`.
    /// - Source: protocol document 2 §4.6.
    func place(_ object: Object, versioned: Bool, _ commit: ObjectCommit) throws -> Object {
        var object = object
        let highest = try objectTable.highest(object.bucket, object.key)
        if commit.mustNotExist, highest != nil, let newest = try objectTable.newest(object.bucket, object.key),
            !newest.status.isDeleteMarker
        {
            throw MetabaseError.objectExists
        }
        object.status = object.status.versioned(versioned)
        object.version = (highest?.version ?? 0) + 1
        if !versioned, let highest {
            let replaced = try removeUnversioned(object.bucket, object.key, mayOverwrite: commit.mayOverwrite)
            if replaced?.version == highest.version { object.version = highest.version }
        }
        try objectTable.insert(object)
        return object
    }

    /// Removes the null version of a key with its segments.
    private func removeUnversioned(_ bucket: BucketID, _ key: [UInt8], mayOverwrite: Bool) throws -> Object? {
        guard let old = try objectTable.unversioned(bucket, key) else { return nil }
        guard mayOverwrite || !old.isVisible(at: now) else { throw MetabaseError.overwriteForbidden }
        guard !old.lock.protects(at: now, bypassingGovernance: false) else { throw MetabaseError.objectLocked }
        try remove(old)
        return old
    }

    /// Removes a version and its segments.
    func remove(_ object: Object) throws {
        try objectTable.delete(object)
        if object.segmentCount > 0 { try segmentTable.delete(object.stream) }
    }
}

extension ObjectStatus {
    /// The same kind of row with or without versions.
    func versioned(_ versioned: Bool) -> ObjectStatus {
        switch (isDeleteMarker, versioned) {
        case (false, true): .committedVersioned
        case (false, false): .committedUnversioned
        case (true, true): .deleteMarkerVersioned
        case (true, false): .deleteMarkerUnversioned
        }
    }
}
