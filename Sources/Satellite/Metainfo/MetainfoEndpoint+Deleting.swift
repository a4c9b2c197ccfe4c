import Foundation
import Logging
import Macaroons
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Deletes an object or a version of it, or aborts an upload.
    func beginDeleteObject(
        _ request: Metainfo_BeginDeleteObjectRequest, _ caller: Caller
    ) async throws -> Metainfo_BeginDeleteObjectResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(.delete, bucket: bucket, path: key)
        if request.bypassGovernanceRetention {
            try caller.demand(.bypassGovernanceRetention, bucket: bucket, path: key)
        }
        try caller.charge(.delete)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        if request.status == Int32(Metainfo_Object.Status.uploading.rawValue) {
            return try await abortUpload(request, in: location, caller)
        }
        let version = try version(request.objectVersion)
        let mayKnow = caller.may(.read, bucket: bucket, path: key) || caller.may(.list, bucket: bucket, path: key)
        var response = Metainfo_BeginDeleteObjectResponse()
        do {
            let deletion = try await metabase.deleteObject(
                location, version: version, bypassingGovernance: request.bypassGovernanceRetention)
            if mayKnow, let object = deletion.removed.first ?? deletion.marker {
                response.object = try message(of: object, in: location, caller)
            }
        } catch MetabaseError.bucketNotFound {
            // There is nothing to delete, which is what a successful answer says.
        } catch let error as MetabaseError where !mayKnow {
            // Who may neither read nor list must not learn from a refusal what is there.
            logger.debug("delete refused in silence", metadata: ["error": "\(error)"])
        }
        return response
    }

    private func abortUpload(
        _ request: Metainfo_BeginDeleteObjectRequest, in location: ObjectLocation, _ caller: Caller
    ) async throws -> Metainfo_BeginDeleteObjectResponse {
        guard !request.streamID.isEmpty else { throw Refusal.invalid("StreamID missing") }
        let token = try streamToken(request.streamID, caller)
        guard token.key == location.key, token.bucketName == Array(location.bucket.name.utf8) else {
            throw Refusal.abortedUploadNotFound
        }
        do {
            _ = try await metabase.abortUpload(token.upload)
        } catch MetabaseError.pendingObjectMissing {
            throw Refusal.abortedUploadNotFound
        }
        var response = Metainfo_BeginDeleteObjectResponse()
        response.object = try abortedObject(token, request.streamID, caller)
        return response
    }

    /// What is said of an upload that is no more.
    private func abortedObject(_ token: StreamToken, _ streamID: Data, _ caller: Caller) throws -> Metainfo_Object {
        var object = Metainfo_Object()
        object.bucket = Data(token.bucketName)
        object.encryptedObjectKey = Data(token.key)
        object.status = .uploading
        object.streamID = streamID
        object.encryptedMetadata = try StreamDescription.complete(
            [], cipher: 0, blockSize: 0, segmentCount: nil, lastSegment: ([], []))
        object.encryptionParameters = Metainfo_EncryptionParameters()
        object.objectVersion = Data(token.upload.versionID.bytes)
        return object
    }

    /// Deletes many objects; each item fares on its own.
    func deleteObjects(
        _ request: Metainfo_DeleteObjectsRequest, _ caller: Caller
    ) async throws -> Metainfo_DeleteObjectsResponse {
        let bucket = Array(request.bucket)
        try caller.demand(.read, bucket: bucket)
        try caller.charge(.delete)
        let items = try deletionItems(request)
        let permitted = items.map { item in
            caller.may(.delete, bucket: bucket, path: item.key)
                && (!request.bypassGovernanceRetention
                    || caller.may(.bypassGovernanceRetention, bucket: bucket, path: item.key))
        }
        let location = BucketLocation(project: caller.projectID, name: request.bucket.bucketName)
        let outcomes: [ObjectDeletionOutcome]
        do {
            outcomes = try await metabase.deleteObjects(
                location, zip(items, permitted).filter(\.1).map(\.0),
                bypassingGovernance: request.bypassGovernanceRetention)
        } catch MetabaseError.bucketNotFound {
            throw RPCStatusError(.bucketNotFound, "The specified bucket was not found")
        }
        var rest = outcomes[...]
        var response = Metainfo_DeleteObjectsResponse()
        for (item, isPermitted) in zip(items, permitted) {
            let answer = deletionAnswer(item, isPermitted ? rest.popFirst() : nil)
            if !request.quiet || answer.status != .ok { response.items.append(answer) }
        }
        return response
    }

    private func deletionItems(_ request: Metainfo_DeleteObjectsRequest) throws -> [ObjectDeletionItem] {
        guard !request.bucket.isEmpty else {
            throw RPCStatusError(.bucketNameMissing, "A bucket name is required")
        }
        guard !request.items.isEmpty else {
            throw RPCStatusError(.deleteObjectsNoItems, "The list of objects must contain at least one item")
        }
        guard request.items.count <= settings.maximumDeleteCount else {
            throw RPCStatusError(
                .deleteObjectsTooManyItems,
                "The list of objects must contain at most \(settings.maximumDeleteCount) items")
        }
        var seen: Set<ObjectDeletionItem> = []
        let items = try request.items.map(deletionItem).filter { seen.insert($0).inserted }
        return items.sorted { left, right in
            left.key == right.key
                ? (left.version?.version ?? .min) < (right.version?.version ?? .min)
                : left.key.lexicographicallyPrecedes(right.key)
        }
    }

    private func deletionItem(_ item: Metainfo_DeleteObjectsRequestItem) throws -> ObjectDeletionItem {
        guard !item.encryptedObjectKey.isEmpty else {
            throw RPCStatusError(.objectKeyMissing, "An object key is required")
        }
        guard item.encryptedObjectKey.count <= settings.maximumKeyLength else {
            throw RPCStatusError(.objectKeyTooLong, "An object key is too long")
        }
        guard item.objectVersion.isEmpty || ObjectVersionID(item.objectVersion) != nil else {
            throw RPCStatusError(.objectVersionInvalid, "An object version is invalid")
        }
        return ObjectDeletionItem(key: Array(item.encryptedObjectKey), version: ObjectVersionID(item.objectVersion))
    }

    private func deletionAnswer(
        _ item: ObjectDeletionItem, _ outcome: ObjectDeletionOutcome?
    ) -> Metainfo_DeleteObjectsResponseItem {
        var answer = Metainfo_DeleteObjectsResponseItem()
        answer.encryptedObjectKey = Data(item.key)
        answer.requestedObjectVersion = Data(item.version?.bytes ?? [])
        switch outcome {
        case .deleted(let deletion):
            answer.status = .ok
            if let removed = deletion.removed.first { answer.removed = Self.info(removed) }
            if let marker = deletion.marker { answer.marker = Self.info(marker) }
        case .notFound: answer.status = .notFound
        case .locked: answer.status = .locked
        case nil: answer.status = .unauthorized
        }
        return answer
    }

    private static func info(_ object: Object) -> Metainfo_DeleteObjectsResponseItemInfo {
        var info = Metainfo_DeleteObjectsResponseItemInfo()
        info.objectVersion = Data(object.versionID.bytes)
        info.status = Metainfo_Object.Status(object.status)
        return info
    }
}
