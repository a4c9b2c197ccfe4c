import Uplink

/// Deletes objects and pending uploads, one, or all below a prefix.
struct Removal: Sendable {
    let project: Project
    let tally: RemovalTally
    /// Requests side by side.
    let parallelism: Int
    let bypassesGovernance: Bool
    let isDryRun: Bool
    let allVersions: Bool

    /// How many pending uploads are gathered before they are aborted side by side.
    private static let uploadsAtOnce = 1000

    // MARK: Objects

    /// Deletes one object, one version of it, or all.
    func remove(_ place: RemotePath, version: ObjectVersion?) async throws {
        if allVersions { return try await removeVersions(place) }
        if isDryRun {
            let object = try await existing(place, version: version)
            return try tally.add(place, version: version, object == nil ? .notFound : .deleted)
        }
        let object = try await project.deleteObject(
            bucket: place.bucket, key: place.key, version: version, bypassesGovernance: bypassesGovernance)
        try tally.add(
            place, version: version, object == nil ? .notFound : .deleted,
            isHidden: object?.isDeleteMarker == true && version == nil)
    }

    /// Deletes an object and everything below it as if it were a folder.
    func removeTree(_ place: RemotePath) async throws {
        var options = ListOptions(prefix: place.isPrefix ? place.key : "\(place.key)/", isRecursive: true)
        options.includesSystemMetadata = false
        options.allVersions = allVersions
        let bucket = place.bucket
        try await forEachConcurrently(
            project.objects(bucket: bucket, options: options).pages, limit: parallelism
        ) { page in
            tally.addUnreadable(page.undecryptableCount)
            let references = page.items.compactMap { item in
                item.object.map { ObjectReference(key: $0.key, version: allVersions ? $0.version : nil) }
            }
            try await remove(references, in: bucket)
        }
        guard !place.isPrefix else { return }
        if allVersions { return try await removeVersions(place) }
        if try await existing(place, version: nil) != nil { try await remove(place, version: nil) }
    }

    private func existing(_ place: RemotePath, version: ObjectVersion?) async throws -> Object? {
        do {
            return try await project.object(bucket: place.bucket, key: place.key, version: version)
        } catch let error as UplinkError where error.code == .objectNotFound {
            return nil
        }
    }

    private func removeVersions(_ place: RemotePath) async throws {
        var options = ListOptions()
        options.allVersions = true
        var references: [ObjectReference] = []
        try await PrefixListing(place, isRecursive: false).items(in: project, options: options) { item in
            if item.key == place.key, let object = item.object {
                references.append(ObjectReference(key: object.key, version: object.version))
            }
            return true
        }
        if references.isEmpty { return try tally.add(place, version: nil, .notFound) }
        try await remove(references, in: place.bucket)
    }

    private func remove(_ references: [ObjectReference], in bucket: String) async throws {
        guard !references.isEmpty else { return }
        let results =
            isDryRun
            ? references.map { DeletionResult(reference: $0, outcome: .deleted) }
            : try await deleted(references, in: bucket)
        for result in results {
            let place = RemotePath(bucket: bucket, key: result.reference.key)
            try tally.add(
                place, version: result.reference.version, result.outcome, isHidden: result.markerVersion != nil)
        }
    }

    private func deleted(_ references: [ObjectReference], in bucket: String) async throws -> [DeletionResult] {
        do {
            return try await project.deleteObjects(bucket: bucket, references, bypassesGovernance: bypassesGovernance)
        } catch let error as UplinkError where error.code == .unsupported {
            // Older satellites delete one at a time.
            var results: [DeletionResult] = []
            for reference in references {
                let object = try await project.deleteObject(
                    bucket: bucket, key: reference.key, version: reference.version,
                    bypassesGovernance: bypassesGovernance)
                results.append(DeletionResult(reference: reference, outcome: object == nil ? .notFound : .deleted))
            }
            return results
        }
    }

    // MARK: Pending uploads

    /// Aborts the pending uploads of a key, or of all keys below a place.
    func abortUploads(_ place: RemotePath, isRecursive: Bool) async throws {
        var options = PendingUploadOptions()
        if isRecursive {
            options.prefix = place.isPrefix ? place.key : "\(place.key)/"
        } else {
            options.key = place.key
        }
        var found: [PendingUpload] = []
        var count = 0
        for try await upload in project.pendingUploads(bucket: place.bucket, options: options) where !upload.isPrefix {
            found.append(upload)
            count += 1
            guard found.count == Self.uploadsAtOnce else { continue }
            try await abort(found)
            found = []
        }
        try await abort(found)
        if count == 0 { try tally.add(place, version: nil, .notFound) }
    }

    private func abort(_ uploads: [PendingUpload]) async throws {
        try await forEachConcurrently(uploads, limit: parallelism) { upload in
            if !isDryRun { try await project.abortUpload(MultipartUpload(upload)) }
            try tally.add(RemotePath(bucket: upload.bucket, key: upload.key), version: nil, .deleted)
        }
    }
}
