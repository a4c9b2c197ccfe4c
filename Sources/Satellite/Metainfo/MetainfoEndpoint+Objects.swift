import Foundation
import Macaroons
import Metabase
import Overlay
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Describes an object.
    func getObject(_ request: Metainfo_GetObjectRequest, _ caller: Caller) async throws -> Metainfo_GetObjectResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(anyOf: [.read, .list], bucket: bucket, path: key)
        try caller.charge(.head)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let version = try version(request.objectVersion)
        let object = try await hidingMissingBucket { try await metabase.object(location, version: version) }
        var response = Metainfo_GetObjectResponse()
        response.object = try message(of: object, in: location, caller)
        return response
    }

    /// Replaces what the client says about the newest version of an object.
    func updateObjectMetadata(
        _ request: Metainfo_UpdateObjectMetadataRequest, _ caller: Caller
    ) async throws -> Metainfo_UpdateObjectMetadataResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(.write, bucket: bucket, path: key)
        try caller.charge(.put)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let token = try streamToken(request.streamID, caller)
        try refuseChecksum(
            algorithm: request.checksumAlgorithm, isComposite: request.isChecksumComposite,
            encrypted: request.encryptedChecksum)
        var metadata = try RequestMetadata(
            data: request.encryptedMetadata,
            nonce: request.hasEncryptedMetadataNonce ? request.encryptedMetadataNonce : nil,
            key: request.encryptedMetadataEncryptedKey, etag: request.encryptedEtag)
        try metadata.validate(settings)
        var update = ObjectMetadataUpdate(metadata: metadata.stored, replacesETag: request.setEncryptedEtag)
        if request.hasIncludes {
            let includes = request.includes
            guard includes.custom || includes.etag || includes.checksum else {
                throw RPCStatusError(.objectMetadataIncludesInvalid, "at least one kind of metadata must be included")
            }
            update.replacesCustom = includes.custom
            update.replacesETag = includes.etag
        }
        try await hidingMissingBucket {
            try await metabase.updateMetadata(location, stream: token.stream, update)
        }
        return Metainfo_UpdateObjectMetadataResponse()
    }

    /// Tells what was said about an upload when it began.
    func getPendingObjectMetadata(
        _ request: Metainfo_GetPendingObjectMetadataRequest, _ caller: Caller
    ) async throws -> Metainfo_GetPendingObjectMetadataResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(anyOf: [.read, .list], bucket: bucket, path: key)
        try caller.charge(.head)
        _ = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let token: StreamToken
        do {
            token = try streamToken(request.streamID, caller)
        } catch let error as TokenError {
            throw Refusal.token(error, code: .streamIDInvalid)
        }
        guard token.bucketName == bucket, token.key == key else { throw Refusal.uploadNotFound }
        let upload = try await metabase.upload(token.upload)
        var response = Metainfo_GetPendingObjectMetadataResponse()
        response.encryptedMetadata = Data(upload.metadata.encrypted)
        response.encryptedMetadataEncryptedKey = Data(upload.metadata.encryptedKey)
        if !upload.metadata.nonce.isEmpty { response.encryptedMetadataNonce = Data(upload.metadata.nonce) }
        response.encryptedEtag = Data(upload.metadata.encryptedETag)
        return response
    }

    /// Tells where an object's pieces are.
    func getObjectIPs(
        _ request: Metainfo_GetObjectIPsRequest, _ caller: Caller
    ) async throws -> Metainfo_GetObjectIPsResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(anyOf: [.read, .list], bucket: bucket, path: key)
        try caller.charge(.head)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let version = try version(request.objectVersion)
        let nodes = try await hidingMissingBucket { try await metabase.objectNodes(location, version: version) }
        let all = nodes.remoteSegments.flatMap { $0 }
        let reliable = overlay.selectForDownload(among: Array(Set(all)))
        let reliableIDs = Set(reliable.map(\.id))
        var response = Metainfo_GetObjectIPsResponse()
        response.ips = reliable.map { Data($0.address.utf8) }
        response.segmentCount = Int64(nodes.object.segmentCount)
        response.pieceCount = Int64(all.count)
        response.reliablePieceCount = Int64(all.count { reliableIDs.contains($0) })
        response.placementConstraint = UInt32(clamping: nodes.placement)
        return response
    }

    /// Runs a read that answers a missing bucket as a missing object, as clients expect of it.
    ///
    /// - Source: protocol document 2 §3.6.
    func hidingMissingBucket<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch MetabaseError.bucketNotFound {
            throw Refusal.objectNotFound
        }
    }

    /// The wire form of an object, with what the caller may know.
    func message(of object: Object, in location: ObjectLocation, _ caller: Caller) throws -> Metainfo_Object {
        let bucket = Array(location.bucket.name.utf8)
        var message = Metainfo_Object()
        message.bucket = Data(bucket)
        message.encryptedObjectKey = Data(object.key)
        message.status = Metainfo_Object.Status(object.status)
        let token = StreamToken(object, bucketName: location.bucket.name, project: caller.projectID)
        message.streamID = Data(token.encode(signer: tokens))
        message.createdAt = Wire_Timestamp(object.createdAt)
        if let expiresAt = object.expiresAt { message.expiresAt = Wire_Timestamp(expiresAt) }
        let metadata = object.metadata
        if !metadata.nonce.isEmpty { message.encryptedMetadataNonce = Data(metadata.nonce) }
        message.encryptedMetadataEncryptedKey = Data(metadata.encryptedKey)
        message.encryptedEtag = Data(metadata.encryptedETag)
        message.encryptedMetadata = try StreamDescription.complete(
            metadata.encrypted, cipher: object.encryption.cipherSuite, blockSize: object.encryption.blockSize,
            segmentCount: object.segmentCount, lastSegment: (metadata.encryptedKey, metadata.nonce))
        message.encryptionParameters = Metainfo_EncryptionParameters(object.encryption)
        message.totalSize = object.encryptedSize
        message.plainSize = object.plainSize
        message.objectVersion = Data(object.versionID.bytes)
        if caller.may(.getRetention, bucket: bucket, path: object.key), let retention = object.lock.retention {
            message.retention = Metainfo_Retention(retention)
        }
        if caller.may(.getLegalHold, bucket: bucket, path: object.key) {
            message.legalHold = Wire_BoolValue(object.lock.legalHold)
        }
        return message
    }
}
