import Encryption
import Foundation
import StorageModel
import WireMessages

extension Project {
    /// Copies an object within the satellite: no content is transferred.
    ///
    /// - Parameters:
    ///   - version: of the source; nil for the newest.
    ///   - newBucket: where the copy goes; may be the same bucket, even the same key.
    /// - Returns: the copy.
    /// - Throws: `.objectNotFound`, `.bucketNotFound`, `.permissionDenied`, `.objectAlreadyExists`;
    ///   `.wrongPassphrase` when nothing in the bucket decrypts.
    @discardableResult
    public func copyObject(
        bucket: String, key: String, version: ObjectVersion? = nil, newBucket: String, newKey: String,
        options: CopyOptions = CopyOptions()
    ) async throws -> Object {
        let source = try keys.address(bucket: bucket, key: key)
        let target = try keys.address(bucket: newBucket, key: newKey)
        var begin = Metainfo_BeginCopyObjectRequest()
        begin.bucket = source.bucketName
        begin.encryptedObjectKey = source.encryptedKey
        begin.newBucket = target.bucketName
        begin.newEncryptedObjectKey = target.encryptedKey
        if let version { begin.objectVersion = Data(version.bytes) }
        let subject = source.subject(.copyObject)
        let begun = try await notForeign(source) {
            try await metainfo.call(MetainfoMethods.beginCopyObject, begin, subject)
        }
        let rewrapped = try rewrap(BegunCopy(begun), from: source, to: target, subject)
        var finish = Metainfo_FinishCopyObjectRequest()
        finish.streamID = begun.streamID
        finish.newBucket = target.bucketName
        finish.newEncryptedObjectKey = target.encryptedKey
        finish.newSegmentKeys = rewrapped.segmentKeys
        if options.failsIfExists { finish.ifNoneMatch = ["*"] }
        if let retention = options.retention { finish.retention = retention.message }
        finish.legalHold = options.legalHold
        if let metadata = options.metadata {
            try await override(metadata, of: source, version: version, at: target, in: &finish)
        } else if let metadataKey = rewrapped.metadataKey {
            finish.newEncryptedMetadataKey = metadataKey.encrypted
            finish.newEncryptedMetadataKeyNonce = metadataKey.nonce
        }
        let targetSubject = target.subject(.copyObject)
        let answer = try await metainfo.call(MetainfoMethods.finishCopyObject, finish, targetSubject)
        guard answer.hasObject, !answer.object.bucket.isEmpty else {
            throw UplinkError.badAnswer("it has no object", about: targetSubject)
        }
        return try Object(answer.object, at: target, targetSubject)
    }

    /// Moves an object within the satellite: no content is transferred. Replaces an object of the new key.
    ///
    /// - Throws: `.objectNotFound`, `.bucketNotFound`, `.permissionDenied`, `.objectLocked`;
    ///   `.wrongPassphrase` when nothing in the bucket decrypts.
    public func moveObject(
        bucket: String, key: String, newBucket: String, newKey: String, options: MoveOptions = MoveOptions()
    ) async throws {
        let source = try keys.address(bucket: bucket, key: key)
        let target = try keys.address(bucket: newBucket, key: newKey)
        var begin = Metainfo_BeginMoveObjectRequest()
        begin.bucket = source.bucketName
        begin.encryptedObjectKey = source.encryptedKey
        begin.newBucket = target.bucketName
        begin.newEncryptedObjectKey = target.encryptedKey
        let subject = source.subject(.moveObject)
        let begun = try await notForeign(source) {
            try await metainfo.call(MetainfoMethods.beginMoveObject, begin, subject)
        }
        let rewrapped = try rewrap(BegunCopy(begun), from: source, to: target, subject)
        var finish = Metainfo_FinishMoveObjectRequest()
        finish.streamID = begun.streamID
        finish.newBucket = target.bucketName
        finish.newEncryptedObjectKey = target.encryptedKey
        finish.newSegmentKeys = rewrapped.segmentKeys
        if let metadataKey = rewrapped.metadataKey {
            finish.newEncryptedMetadataKey = metadataKey.encrypted
            finish.newEncryptedMetadataKeyNonce = metadataKey.nonce
        }
        if let retention = options.retention { finish.retention = retention.message }
        finish.legalHold = options.legalHold
        _ = try await metainfo.call(MetainfoMethods.finishMoveObject, finish, subject)
    }
}
