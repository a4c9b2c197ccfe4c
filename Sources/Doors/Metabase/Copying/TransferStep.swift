import StorageModel

/// The last step of a copy or move, with everything checked that both have in common.
struct TransferStep {
    private let transaction: Transaction
    private let transfer: ObjectTransfer
    private let source: Object
    private let destination: Bucket
    private let lock: ObjectLock

    /// Checks source, destination and keys.
    init(_ transaction: Transaction, _ transfer: ObjectTransfer) throws {
        self.transaction = transaction
        self.transfer = transfer
        destination = try transaction.bucketTable.get(transfer.destination.bucket)
        source = try Self.source(transaction, transfer)
        let placement = try transaction.bucketTable.find(transfer.source.bucket)?.placement
        guard placement == destination.placement else { throw MetabaseError.placementMismatch }
        lock = try transaction.effectiveLock(transfer.lock, in: destination, expiresAt: source.expiresAt)
        try verifySegmentKeys()
    }

    /// The source as begin saw it.
    private static func source(_ transaction: Transaction, _ transfer: ObjectTransfer) throws -> Object {
        let reference = transfer.source
        guard try transaction.bucketTable.find(reference.bucket) != nil,
            let found = try transaction.objectTable.row(reference.bucket, reference.key, version: reference.version),
            found.stream == reference.stream, found.isVisible(at: transaction.now), !found.status.isDeleteMarker
        else { throw MetabaseError.sourceChanged }
        return found
    }

    private func verifySegmentKeys() throws {
        guard transfer.segmentKeys.count == source.segmentCount else {
            throw MetabaseError.segmentKeyCountMismatch(
                got: transfer.segmentKeys.count, expected: source.segmentCount)
        }
        let stored = try transaction.segmentTable.keys(source.stream).map(\.position)
        guard stored == transfer.segmentKeys.map(\.position) else {
            throw MetabaseError.segmentKeyPositionMismatch
        }
    }

    /// Adds the copy; the source stays, unless the copy takes its place.
    func copy() throws -> Object {
        let random = transaction.metabase.random
        var object = try moved()
        object.stream = StreamID.random(using: random)
        object.createdAt = transaction.now
        // The segments come first: the source may be what the copy replaces.
        for key in transfer.segmentKeys {
            try transaction.segmentTable.copy(source.stream, to: object.stream, key)
        }
        return try place(object)
    }

    /// Gives the source its new place.
    func move() throws -> Object {
        guard !source.lock.protects(at: transaction.now, bypassingGovernance: false) else {
            throw MetabaseError.objectLocked
        }
        let object = try moved()
        // The row goes first: a move to the same key must not find, and remove, its own segments.
        try transaction.objectTable.delete(source)
        for key in transfer.segmentKeys { try transaction.segmentTable.setKey(source.stream, key) }
        return try place(object)
    }

    private func place(_ object: Object) throws -> Object {
        try transaction.place(
            object, versioned: destination.versioning == .enabled,
            ObjectCommit(mayOverwrite: transfer.mayOverwrite, mustNotExist: transfer.mustNotExist))
    }

    /// The source at its destination.
    private func moved() throws -> Object {
        var object = source
        object.bucket = destination.id
        object.key = transfer.destination.key
        object.lock = lock
        object.metadata = try metadata()
        return object
    }

    private func metadata() throws -> ObjectMetadata {
        var metadata = transfer.replacingMetadata ?? source.metadata
        if transfer.replacingMetadata == nil {
            metadata.encryptedKey = transfer.metadataKey
            metadata.nonce = transfer.metadataNonce
        }
        guard metadata.needsKey == !metadata.encryptedKey.isEmpty else { throw MetabaseError.metadataKeyMismatch }
        return metadata
    }
}
