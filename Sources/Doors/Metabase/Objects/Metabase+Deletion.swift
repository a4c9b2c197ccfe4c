extension Metabase {
    /// Deletes an object.
    ///
    /// Exactly `version` is removed. Without one an unversioned bucket loses the object, a versioned one gets a delete
    /// marker, and a suspended one loses the null version and gets an unversioned marker. Nothing there is no error.
    /// - Throws: `bucketNotFound`, `objectLocked`.
    /// - Source: protocol document 2 §3.13.
    package func deleteObject(
        _ location: ObjectLocation, version: ObjectVersionID? = nil, bypassingGovernance: Bool = false
    ) async throws -> ObjectDeletion {
        try await write { transaction in
            let bucket = try transaction.bucketTable.get(location.bucket)
            return try transaction.delete(
                ObjectDeletionItem(key: location.key, version: version), in: bucket,
                bypassingGovernance: bypassingGovernance)
        }
    }

    /// Deletes many objects; each succeeds or fails alone.
    ///
    /// - Returns: the outcomes in the order of `items`; an item given twice is deleted once and answered twice.
    /// - Throws: `bucketNotFound`.
    package func deleteObjects(
        _ location: BucketLocation, _ items: [ObjectDeletionItem], bypassingGovernance: Bool = false
    ) async throws -> [ObjectDeletionOutcome] {
        try await write { transaction in
            let bucket = try transaction.bucketTable.get(location)
            var outcomes: [ObjectDeletionItem: ObjectDeletionOutcome] = [:]
            return try items.map { item in
                if let outcome = outcomes[item] { return outcome }
                let outcome = try transaction.outcome(item, in: bucket, bypassingGovernance: bypassingGovernance)
                outcomes[item] = outcome
                return outcome
            }
        }
    }
}

extension Transaction {
    fileprivate func outcome(
        _ item: ObjectDeletionItem, in bucket: Bucket, bypassingGovernance: Bool
    ) throws -> ObjectDeletionOutcome {
        do {
            let deletion = try delete(item, in: bucket, bypassingGovernance: bypassingGovernance)
            return deletion.isEmpty ? .notFound : .deleted(deletion)
        } catch MetabaseError.objectLocked {
            // Refusals come before changes, so that the rest of the transaction stands.
            return .locked
        }
    }

    fileprivate func delete(
        _ item: ObjectDeletionItem, in bucket: Bucket, bypassingGovernance: Bool
    ) throws -> ObjectDeletion {
        if let version = item.version {
            let found = try objectTable.exact(bucket.id, item.key, version)
            return ObjectDeletion(removed: try removeUnlocked(found, bypassingGovernance: bypassingGovernance))
        }
        switch bucket.versioning {
        case .unsupported, .unversioned:
            let found = try objectTable.newest(bucket.id, item.key)
            return ObjectDeletion(removed: try removeUnlocked(found, bypassingGovernance: bypassingGovernance))
        case .enabled:
            return ObjectDeletion(removed: [], marker: try placeMarker(item.key, in: bucket, replacing: nil))
        case .suspended:
            let null = try objectTable.unversioned(bucket.id, item.key)
            if let null, null.lock.protects(at: now, bypassingGovernance: bypassingGovernance) {
                throw MetabaseError.objectLocked
            }
            let marker = try placeMarker(item.key, in: bucket, replacing: null)
            return ObjectDeletion(removed: null.map { [$0] } ?? [], marker: marker)
        }
    }

    private func removeUnlocked(_ object: Object?, bypassingGovernance: Bool) throws -> [Object] {
        guard let object else { return [] }
        guard !object.lock.protects(at: now, bypassingGovernance: bypassingGovernance) else {
            throw MetabaseError.objectLocked
        }
        try remove(object)
        return [object]
    }

    /// Puts a delete marker on top of a key; `null` is the null version it takes the place of.
    private func placeMarker(_ key: [UInt8], in bucket: Bucket, replacing null: Object?) throws -> Object {
        var marker = Object(deleteMarkerIn: bucket.id, key: key, at: now, random: metabase.random)
        let highest = try objectTable.highest(bucket.id, key)?.version ?? 0
        if let null { try remove(null) }
        marker.version = null?.version == highest && highest > 0 ? highest : highest + 1
        marker.status = marker.status.versioned(bucket.versioning == .enabled)
        try objectTable.insert(marker)
        return marker
    }
}
