import Foundation
import WireMessages

extension Project {
    /// Deletes an object. In a bucket with versions and without `version` it is only hidden by a delete marker.
    ///
    /// - Parameters:
    ///   - version: exactly this version, for good.
    ///   - bypassesGovernance: also what retention in governance mode protects.
    /// - Returns: what was deleted, or the delete marker; nil when nothing was there, which is no error, or when the
    ///   grant may not know.
    /// - Throws: `.permissionDenied`, `.objectLocked`; `.wrongPassphrase` when nothing in the bucket decrypts.
    @discardableResult
    public func deleteObject(
        bucket: String, key: String, version: ObjectVersion? = nil, bypassesGovernance: Bool = false
    ) async throws -> Object? {
        let address = try keys.address(bucket: bucket, key: key)
        var request = Metainfo_BeginDeleteObjectRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        request.bypassGovernanceRetention = bypassesGovernance
        if let version { request.objectVersion = Data(version.bytes) }
        let subject = address.subject(.deleteObject)
        let answer: Metainfo_BeginDeleteObjectResponse
        do {
            answer = try await metainfo.call(MetainfoMethods.beginDeleteObject, request, subject)
        } catch let error as UplinkError where error.code == .objectNotFound {
            try await passphrase.check(bucket: bucket, key: key)
            return nil
        }
        guard answer.hasObject, !answer.object.bucket.isEmpty else {
            try await passphrase.check(bucket: bucket, key: key)
            return nil
        }
        // Of what is gone nobody needs the metadata, and it must not fail for it.
        return try Object(unread: answer.object, at: address, subject)
    }

    /// Deletes any number of objects, a thousand in one request.
    ///
    /// - Returns: what became of each, in the order asked.
    /// - Throws: when a request as a whole is refused; earlier ones of the same call are done then.
    public func deleteObjects(
        bucket: String, _ references: [ObjectReference], bypassesGovernance: Bool = false
    ) async throws -> [DeletionResult] {
        var results: [DeletionResult] = []
        results.reserveCapacity(references.count)
        var rest = references[...]
        while !rest.isEmpty {
            let some = rest.prefix(settings.deletionsPerRequest)
            rest = rest.dropFirst(some.count)
            results += try await delete(Array(some), in: bucket, bypassesGovernance)
        }
        if let reference = references.first, results.allSatisfy({ $0.outcome == .notFound }) {
            try await passphrase.check(bucket: bucket, key: reference.key)
        }
        return results
    }

    private func delete(
        _ references: [ObjectReference], in bucket: String, _ bypassesGovernance: Bool
    ) async throws -> [DeletionResult] {
        let subject = CallSubject(.deleteObjects, bucket: bucket)
        var request = Metainfo_DeleteObjectsRequest()
        request.bucket = try Self.bucketName(bucket)
        request.bypassGovernanceRetention = bypassesGovernance
        request.items = try references.map { reference in
            var item = Metainfo_DeleteObjectsRequestItem()
            item.encryptedObjectKey = try keys.address(bucket: bucket, key: reference.key).encryptedKey
            if let version = reference.version { item.objectVersion = Data(version.bytes) }
            return item
        }
        let answer = try await metainfo.call(MetainfoMethods.deleteObjects, request, subject)
        var found: [DeletionPlace: Metainfo_DeleteObjectsResponseItem] = [:]
        for item in answer.items {
            found[DeletionPlace(key: item.encryptedObjectKey, version: item.requestedObjectVersion)] = item
        }
        return try zip(references, request.items).map { reference, item in
            let place = DeletionPlace(key: item.encryptedObjectKey, version: item.objectVersion)
            guard let answer = found[place] else {
                throw UplinkError.badAnswer("it leaves out \"\(reference.key)\"", about: subject)
            }
            return DeletionResult(reference, answer)
        }
    }
}

/// What an answer to a bulk deletion is about.
private struct DeletionPlace: Hashable {
    let key: Data
    let version: Data
}

extension DeletionResult {
    fileprivate init(_ reference: ObjectReference, _ item: Metainfo_DeleteObjectsResponseItem) {
        let outcome: Outcome =
            switch item.status {
            case .ok: .deleted
            case .notFound: .notFound
            case .unauthorized: .permissionDenied
            case .locked: .locked
            default: .failed
            }
        self.init(
            reference: reference, outcome: outcome,
            removedVersion: item.hasRemoved ? .wire(item.removed.objectVersion) : nil,
            markerVersion: item.hasMarker ? .wire(item.marker.objectVersion) : nil)
        removedDeleteMarker = item.hasRemoved && item.removed.status.isDeleteMarker
        removedNullVersion =
            item.hasRemoved
            && (item.removed.status == .committedUnversioned || item.removed.status == .deleteMarkerUnversioned)
        madeNullMarker = item.hasMarker && item.marker.status == .deleteMarkerUnversioned
    }
}
