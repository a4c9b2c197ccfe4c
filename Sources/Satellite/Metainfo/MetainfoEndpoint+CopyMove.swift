import Accounting
import Foundation
import Macaroons
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    // MARK: - Copy

    /// Hands out the keys of an object that is to be copied, for the client to encrypt anew.
    func beginCopyObject(
        _ request: Metainfo_BeginCopyObjectRequest, _ caller: Caller
    ) async throws -> Metainfo_BeginCopyObjectResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(.read, bucket: bucket, path: key)
        try caller.demand(.write, bucket: Array(request.newBucket), path: Array(request.newEncryptedObjectKey))
        try caller.charge(.put)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let target = try objectLocation(bucket: request.newBucket, key: request.newEncryptedObjectKey, caller)
        let source = try await metabase.beginCopy(
            location, version: version(request.objectVersion), to: target.bucket)
        var response = Metainfo_BeginCopyObjectResponse()
        response.streamID = Data(token(of: source, in: location, caller))
        if !source.object.metadata.nonce.isEmpty {
            response.encryptedMetadataKeyNonce = Data(source.object.metadata.nonce)
        }
        response.encryptedMetadataKey = Data(source.object.metadata.encryptedKey)
        response.segmentKeys = source.segmentKeys.map(Metainfo_EncryptedKeyAndNonce.init)
        response.encryptionParameters = Metainfo_EncryptionParameters(source.object.encryption)
        return response
    }

    /// Makes the copy.
    func finishCopyObject(
        _ request: Metainfo_FinishCopyObjectRequest, _ caller: Caller
    ) async throws -> Metainfo_FinishCopyObjectResponse {
        let target = try destination(bucket: request.newBucket, key: request.newEncryptedObjectKey, caller)
        let token = try streamToken(request.streamID, caller)
        try caller.demand(.read, bucket: token.bucketName, path: token.key)
        let lock = try lock(
            request.hasRetention ? request.retention : nil, legalHold: request.legalHold, of: token, at: target, caller)
        try refuseChecksum(
            algorithm: request.newChecksumAlgorithm, isComposite: request.newIsChecksumComposite,
            encrypted: request.newEncryptedChecksum)
        var metadata = try RequestMetadata(
            data: request.newEncryptedMetadata,
            nonce: request.hasNewEncryptedMetadataKeyNonce ? request.newEncryptedMetadataKeyNonce : nil,
            key: request.newEncryptedMetadataKey, etag: request.newEncryptedEtag)
        if request.overrideMetadata { try metadata.validate(settings) } else { try metadata.validateKey() }
        let bucket = Array(request.newBucket)
        let transfer = ObjectTransfer(
            source: token.object, destination: target, segmentKeys: try segmentKeys(request.newSegmentKeys),
            metadataKey: metadata.key, metadataNonce: metadata.nonce ?? [],
            replacingMetadata: request.overrideMetadata ? metadata.stored : nil, lock: lock,
            mayOverwrite: caller.may(.delete, bucket: bucket, path: target.key),
            mustNotExist: try mustNotExist(request.ifNoneMatch))
        try refuseOverUse(caller, addingBytes: 0, addingSegments: Int64(transfer.segmentKeys.count))
        let object = try await metabase.finishCopy(transfer)
        accounting.addUsage(
            project: caller.projectID, storageBytes: object.encryptedSize, segments: Int64(object.segmentCount))
        var response = Metainfo_FinishCopyObjectResponse()
        response.object = try message(of: object, in: target, caller)
        return response
    }

    // MARK: - Move

    /// Hands out the keys of an object that is to be moved, for the client to encrypt anew.
    func beginMoveObject(
        _ request: Metainfo_BeginMoveObjectRequest, _ caller: Caller
    ) async throws -> Metainfo_BeginMoveObjectResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(.read, bucket: bucket, path: key)
        try caller.demand(.delete, bucket: bucket, path: key)
        try caller.demand(.write, bucket: Array(request.newBucket), path: Array(request.newEncryptedObjectKey))
        try caller.charge(.put)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let target = try objectLocation(bucket: request.newBucket, key: request.newEncryptedObjectKey, caller)
        let source = try await metabase.beginCopy(location, to: target.bucket)
        var response = Metainfo_BeginMoveObjectResponse()
        response.streamID = Data(token(of: source, in: location, caller))
        if !source.object.metadata.nonce.isEmpty {
            response.encryptedMetadataKeyNonce = Data(source.object.metadata.nonce)
        }
        response.encryptedMetadataKey = Data(source.object.metadata.encryptedKey)
        response.segmentKeys = source.segmentKeys.map(Metainfo_EncryptedKeyAndNonce.init)
        response.encryptionParameters = Metainfo_EncryptionParameters(source.object.encryption)
        return response
    }

    /// Makes the move.
    ///
    /// That the source may be deleted was asked at begin and is asked again: the token does not say who begat it.
    func finishMoveObject(
        _ request: Metainfo_FinishMoveObjectRequest, _ caller: Caller
    ) async throws -> Metainfo_FinishMoveObjectResponse {
        let target = try destination(bucket: request.newBucket, key: request.newEncryptedObjectKey, caller)
        let token = try streamToken(request.streamID, caller)
        try caller.demand(.delete, bucket: token.bucketName, path: token.key)
        let lock = try lock(
            request.hasRetention ? request.retention : nil, legalHold: request.legalHold, of: token, at: target, caller)
        let metadata = try RequestMetadata(
            data: Data(), nonce: request.hasNewEncryptedMetadataKeyNonce ? request.newEncryptedMetadataKeyNonce : nil,
            key: request.newEncryptedMetadataKey, etag: Data())
        try metadata.validateKey()
        let transfer = ObjectTransfer(
            source: token.object, destination: target, segmentKeys: try segmentKeys(request.newSegmentKeys),
            metadataKey: metadata.key, metadataNonce: metadata.nonce ?? [], lock: lock,
            mayOverwrite: caller.may(.delete, bucket: Array(request.newBucket), path: target.key))
        _ = try await metabase.finishMove(transfer)
        return Metainfo_FinishMoveObjectResponse()
    }

    // MARK: - Both

    private func token(of source: CopySource, in location: ObjectLocation, _ caller: Caller) -> [UInt8] {
        StreamToken(source.object, bucketName: location.bucket.name, project: caller.projectID).encode(signer: tokens)
    }

    private func destination(bucket: Data, key: Data, _ caller: Caller) throws -> ObjectLocation {
        try caller.demand(.write, bucket: Array(bucket), path: Array(key))
        try caller.charge(.put)
        return try objectLocation(bucket: bucket, key: key, caller)
    }

    private func lock(
        _ retention: Metainfo_Retention?, legalHold: Bool, of token: StreamToken, at target: ObjectLocation,
        _ caller: Caller
    ) throws -> ObjectLock {
        let bucket = Array(target.bucket.name.utf8)
        if retention != nil { try caller.demand(.putRetention, bucket: bucket, path: target.key) }
        if legalHold { try caller.demand(.putLegalHold, bucket: bucket, path: target.key) }
        let lock = ObjectLock(retention: try retention?.validated(now: caller.time), legalHold: legalHold)
        guard lock.isEmpty || token.expiresAt == nil else { throw LockRefusal.expiryWithLock }
        return lock
    }

    private func segmentKeys(_ keys: [Metainfo_EncryptedKeyAndNonce]) throws -> [SegmentKey] {
        guard keys.count <= settings.maximumCopiedSegments else {
            throw Refusal.invalid("object has too many segments")
        }
        return try keys.map { key in
            let content = try contentKey(
                key.encryptedKey, nonce: key.hasEncryptedKeyNonce ? key.encryptedKeyNonce : nil)
            return SegmentKey(
                position: try position(key.hasPosition ? key.position : nil), encryptedKey: content.key,
                encryptedKeyNonce: content.nonce)
        }
    }
}

extension Metainfo_EncryptedKeyAndNonce {
    init(_ key: SegmentKey) {
        self.init()
        position = Metainfo_SegmentPosition(key.position)
        if !key.encryptedKeyNonce.isEmpty { encryptedKeyNonce = Data(key.encryptedKeyNonce) }
        encryptedKey = Data(key.encryptedKey)
    }
}
