import Foundation
import WireMessages

extension Project {
    /// Until when an object version is locked; nil when it is not.
    ///
    /// - Parameter version: nil for the newest.
    /// - Throws: `.objectNotFound`, `.permissionDenied`, `.unsupported`; `.invalidArgument` in a bucket without lock.
    public func retention(bucket: String, key: String, version: ObjectVersion? = nil) async throws -> Retention? {
        let address = try keys.address(bucket: bucket, key: key)
        let subject = address.subject(.getObjectLock)
        var request = Metainfo_GetObjectRetentionRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        if let version { request.objectVersion = Data(version.bytes) }
        let answer = try await notForeign(address) {
            try await metainfo.call(
                MetainfoMethods.getObjectRetention, request, subject,
                nothingOn: .objectLockObjectRetentionConfigurationMissing)
        }
        guard let answer, answer.hasRetention else { return nil }
        return try Retention.wire(answer.retention, subject)
    }

    /// Locks an object version, or ends its lock where that is allowed.
    ///
    /// - Parameters:
    ///   - retention: nil ends it.
    ///   - version: nil for the newest.
    ///   - bypassesGovernance: also shortens or ends a retention in governance mode.
    /// - Throws: `.objectNotFound`, `.objectLocked`, `.permissionDenied`; `.invalidArgument` in a bucket without lock.
    public func setRetention(
        _ retention: Retention?, bucket: String, key: String, version: ObjectVersion? = nil,
        bypassesGovernance: Bool = false
    ) async throws {
        let address = try keys.address(bucket: bucket, key: key)
        var request = Metainfo_SetObjectRetentionRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        request.bypassGovernanceRetention = bypassesGovernance
        if let retention { request.retention = retention.message }
        if let version { request.objectVersion = Data(version.bytes) }
        _ = try await notForeign(address) {
            try await metainfo.call(MetainfoMethods.setObjectRetention, request, address.subject(.setObjectLock))
        }
    }

    /// Whether an object version is under legal hold.
    ///
    /// - Parameter version: nil for the newest.
    /// - Throws: `.objectNotFound`, `.permissionDenied`, `.unsupported`; `.invalidArgument` in a bucket without lock.
    public func legalHold(bucket: String, key: String, version: ObjectVersion? = nil) async throws -> Bool {
        let address = try keys.address(bucket: bucket, key: key)
        var request = Metainfo_GetObjectLegalHoldRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        if let version { request.objectVersion = Data(version.bytes) }
        return try await notForeign(address) {
            try await metainfo.call(MetainfoMethods.getObjectLegalHold, request, address.subject(.getObjectLock))
        }.enabled
    }

    /// Puts an object version under legal hold, or takes it away.
    ///
    /// - Parameter version: nil for the newest.
    /// - Throws: `.objectNotFound`, `.permissionDenied`, `.unsupported`; `.invalidArgument` in a bucket without lock.
    public func setLegalHold(
        _ isOn: Bool, bucket: String, key: String, version: ObjectVersion? = nil
    ) async throws {
        let address = try keys.address(bucket: bucket, key: key)
        var request = Metainfo_SetObjectLegalHoldRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        request.enabled = isOn
        if let version { request.objectVersion = Data(version.bytes) }
        _ = try await notForeign(address) {
            try await metainfo.call(MetainfoMethods.setObjectLegalHold, request, address.subject(.setObjectLock))
        }
    }
}
