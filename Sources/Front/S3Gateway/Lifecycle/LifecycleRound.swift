import Foundation
import GatewayRecords
import S3Protocol
import StorageModel
import Uplink

/// One round of lifecycle rules over one bucket.
struct LifecycleRound {
    /// Objects deleted at once.
    private static let batchSize = 500

    let place: BucketPlace
    let lifecycle: LifecycleConfiguration
    let calendar: LifecycleCalendar
    let project: Project
    let context: GatewayContext

    func run() async throws {
        try await expireObjects()
        try await abortUploads()
    }

    /// Looks at all versions, key by key: the satellite lists those of one key together, newest first.
    private func expireObjects() async throws {
        let versioning = try await project.versioning(ofBucket: place.bucket)
        let keepsVersions = versioning == .enabled || versioning == .suspended
        var options = ListOptions()
        options.isRecursive = true
        options.allVersions = true
        options.includesCustomMetadata = true
        var versions: [Object] = []
        var batch: [Deletion] = []
        for try await item in project.objects(bucket: place.bucket, options: options) {
            guard case .object(let object) = item else { continue }
            if let last = versions.last, last.key != object.key {
                batch += deletions(of: versions)
                versions = []
            }
            versions.append(object)
            if batch.count >= Self.batchSize { try await delete(&batch, keepsVersions: keepsVersions) }
        }
        batch += deletions(of: versions)
        try await delete(&batch, keepsVersions: keepsVersions)
    }

    /// A version to be removed, or an object to be expired.
    private struct Deletion {
        let object: Object
        let action: LifecycleAction
    }

    private func deletions(of versions: [Object]) -> [Deletion] {
        let now = context.clock.now()
        return versions.indices.compactMap { index in
            let object = versions[index]
            let subject = LifecycleSubject(
                key: object.key, size: object.size, tags: ObjectFacts(metadata: object.metadata).tags,
                modifiedAt: Self.moment(object.createdAt), isDeleteMarker: object.isDeleteMarker,
                noncurrentSince: index == 0 ? nil : Self.moment(versions[index - 1].createdAt),
                newerNoncurrentCount: max(0, index - 1), isOnlyVersion: versions.count == 1)
            let action = lifecycle.action(for: subject, at: now, calendar: calendar)
            return action == .keep ? nil : Deletion(object: object, action: action)
        }
    }

    private func delete(_ batch: inout [Deletion], keepsVersions: Bool) async throws {
        let deletions = batch
        batch = []
        guard !deletions.isEmpty else { return }
        let done: [(Deletion, DeletionResult)] = try await context.changing(place.bucket, deletions.map(\.object.key)) {
            let current = try await stillCurrent(deletions, keepsVersions: keepsVersions)
            let items = current.map { deletion in
                // A marker comes on top of what is newest; everything else goes by its own version, so that nothing
                // that came meanwhile goes with it.
                let isMarked = deletion.action == .expire && keepsVersions
                return ObjectReference(key: deletion.object.key, version: isMarked ? nil : deletion.object.version)
            }
            guard !items.isEmpty else { return [] }
            let results = try await project.deleteObjects(bucket: place.bucket, items)
            return Array(zip(current, results))
        }
        for (deletion, result) in done where result.outcome == .deleted {
            let isMarked = result.markerVersion != nil
            await context.events.happened(
                isMarked ? .lifecycleExpirationDeleteMarkerCreated : .lifecycleExpirationDelete, in: place,
                key: deletion.object.key, versionID: result.markerText ?? result.removedText, caller: place.owner,
                address: "", requestID: "lifecycle")
        }
    }

    /// Leaves out objects that were replaced since they were listed, where deleting would hide what came meanwhile.
    private func stillCurrent(_ deletions: [Deletion], keepsVersions: Bool) async throws -> [Deletion] {
        guard keepsVersions else { return deletions }
        var current: [Deletion] = []
        for deletion in deletions {
            if deletion.action == .expire {
                let newest = try await project.versions(bucket: place.bucket, key: deletion.object.key, limit: 1).first
                guard newest?.version == deletion.object.version else { continue }
            }
            current.append(deletion)
        }
        return current
    }

    private func abortUploads() async throws {
        let now = context.clock.now()
        for try await upload in project.pendingUploads(bucket: place.bucket) {
            let begun = Self.moment(upload.createdAt)
            guard lifecycle.abortsUpload(of: upload.key, begunAt: begun, at: now, calendar: calendar) else { continue }
            do {
                try await project.abortUpload(MultipartUpload(upload))
            } catch let error as UplinkError where error.code == .uploadNotFound {
                // Its owner finished or aborted it meanwhile.
                continue
            }
        }
    }

    /// What has no time is as young as can be: nothing happens to it.
    private static func moment(_ date: Date?) -> Timestamp {
        guard let date else { return Timestamp(microseconds: .max) }
        return Timestamp(microseconds: Int64(date.timeIntervalSince1970 * 1e6))
    }
}
