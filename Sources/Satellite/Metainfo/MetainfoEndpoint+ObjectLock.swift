import Foundation
import Macaroons
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Tells until when an object version is kept.
    func getObjectRetention(
        _ request: Metainfo_GetObjectRetentionRequest, _ caller: Caller
    ) async throws -> Metainfo_GetObjectRetentionResponse {
        try caller.demand(.getRetention, bucket: Array(request.bucket), path: Array(request.encryptedObjectKey))
        try caller.charge(.head)
        let lock = try await objectLock(request.bucket, request.encryptedObjectKey, request.objectVersion, caller)
        guard let retention = lock.retention else { throw LockRefusal.objectHasNoRetention }
        var response = Metainfo_GetObjectRetentionResponse()
        response.retention = Metainfo_Retention(retention)
        return response
    }

    /// Says until when an object version is kept.
    func setObjectRetention(
        _ request: Metainfo_SetObjectRetentionRequest, _ caller: Caller
    ) async throws -> Metainfo_SetObjectRetentionResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(.putRetention, bucket: bucket, path: key)
        if request.bypassGovernanceRetention {
            try caller.demand(.bypassGovernanceRetention, bucket: bucket, path: key)
        }
        try caller.charge(.put)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let version = try version(request.objectVersion)
        let retention = request.hasRetention ? try request.retention.validated(now: caller.time) : nil
        try await metabase.setRetention(
            location, version: version, retention, bypassingGovernance: request.bypassGovernanceRetention)
        return Metainfo_SetObjectRetentionResponse()
    }

    /// Tells whether an object version is held.
    func getObjectLegalHold(
        _ request: Metainfo_GetObjectLegalHoldRequest, _ caller: Caller
    ) async throws -> Metainfo_GetObjectLegalHoldResponse {
        try caller.demand(.getLegalHold, bucket: Array(request.bucket), path: Array(request.encryptedObjectKey))
        try caller.charge(.head)
        let lock = try await objectLock(request.bucket, request.encryptedObjectKey, request.objectVersion, caller)
        var response = Metainfo_GetObjectLegalHoldResponse()
        response.enabled = lock.legalHold
        return response
    }

    /// Holds an object version, or lets it go.
    func setObjectLegalHold(
        _ request: Metainfo_SetObjectLegalHoldRequest, _ caller: Caller
    ) async throws -> Metainfo_SetObjectLegalHoldResponse {
        try caller.demand(.putLegalHold, bucket: Array(request.bucket), path: Array(request.encryptedObjectKey))
        try caller.charge(.put)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let version = try version(request.objectVersion)
        try await metabase.setLegalHold(location, version: version, request.enabled)
        return Metainfo_SetObjectLegalHoldResponse()
    }

    /// What protects a version, asked only of buckets that can protect anything.
    private func objectLock(
        _ bucket: Data, _ key: Data, _ version: Data, _ caller: Caller
    ) async throws -> ObjectLock {
        let location = try objectLocation(bucket: bucket, key: key, caller)
        let versionID = try self.version(version)
        guard try await metabase.bucket(location.bucket).isLockEnabled else { throw LockRefusal.bucketHasNoLock }
        return try await metabase.objectLock(location, version: versionID)
    }
}
