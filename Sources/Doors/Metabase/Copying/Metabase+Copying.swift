extension Metabase {
    /// What a client needs to copy or move an object: the object and its segments' keys.
    ///
    /// - Throws: `bucketNotFound` for either bucket, `objectNotFound` (also for a delete marker), `tooManySegments`,
    ///   `placementMismatch`.
    /// - Source: protocol document 2 §3.12.
    package func beginCopy(
        _ source: ObjectLocation, version: ObjectVersionID? = nil, to destination: BucketLocation
    ) async throws -> CopySource {
        try await read { [settings] transaction in
            let bucket = try transaction.bucketTable.get(source.bucket)
            let target = try transaction.bucketTable.get(destination)
            let object = try transaction.copyable(bucket.id, source.key, version)
            guard object.segmentCount <= settings.maximumCopySegments else { throw MetabaseError.tooManySegments }
            guard bucket.placement == target.placement else { throw MetabaseError.placementMismatch }
            return CopySource(object: object, segmentKeys: try transaction.segmentTable.keys(object.stream))
        }
    }

    /// Makes a copy: a new stream whose segments refer to the same pieces.
    ///
    /// - Throws: `bucketNotFound` (destination), `sourceChanged`, `segmentKeyCountMismatch`,
    ///   `segmentKeyPositionMismatch`, `metadataKeyMismatch`, `placementMismatch`, `objectExists`, `overwriteForbidden`,
    ///   `objectLocked`, `bucketLockNotEnabled`, `expiryWithLock`, `expiryWithDefaultRetention`.
    package func finishCopy(_ transfer: ObjectTransfer) async throws -> Object {
        try await write { transaction in
            let step = try TransferStep(transaction, transfer)
            return try step.copy()
        }
    }

    /// Moves an object: its stream gets another key, its segments other content keys.
    ///
    /// - Throws: what `finishCopy` throws; `objectLocked` also for the source.
    package func finishMove(_ transfer: ObjectTransfer) async throws -> Object {
        try await write { transaction in
            let step = try TransferStep(transaction, transfer)
            return try step.move()
        }
    }
}

extension Transaction {
    /// The visible object to be copied or moved; a delete marker is as good as nothing.
    fileprivate func copyable(_ bucket: BucketID, _ key: [UInt8], _ version: ObjectVersionID?) throws -> Object {
        do {
            return try objectTable.get(bucket, key, version)
        } catch MetabaseError.methodNotAllowed {
            throw MetabaseError.objectNotFound
        }
    }
}
