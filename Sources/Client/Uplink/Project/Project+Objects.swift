import Encryption
import Foundation
import StorageModel
import WireMessages

extension Project {
    /// Looks an object up.
    ///
    /// - Parameter version: nil for the newest.
    /// - Throws: `.objectNotFound`; `.wrongPassphrase` when nothing in the bucket decrypts; `.permissionDenied`.
    public func object(bucket: String, key: String, version: ObjectVersion? = nil) async throws -> Object {
        let address = try keys.address(bucket: bucket, key: key)
        let message = try await find(address, version: version, .getObject)
        return try Object(message, at: address, address.subject(.getObject))
    }

    /// The objects of a bucket.
    public func objects(bucket: String, options: ListOptions = ListOptions()) -> ObjectListing {
        ObjectListing(project: self, bucket: bucket, options: options)
    }

    /// The uploads of a bucket that were begun and neither committed nor aborted.
    public func pendingUploads(
        bucket: String, options: PendingUploadOptions = PendingUploadOptions()
    ) -> PendingUploadListing {
        PendingUploadListing(project: self, bucket: bucket, options: options)
    }

    /// Replaces all custom metadata of an object. Its content is not touched.
    ///
    /// - Parameter version: nil for the newest. Not every satellite lets older versions be changed; others answer that there
    ///   is no such object.
    /// - Throws: `.objectNotFound`, `.permissionDenied`; `.wrongPassphrase` when nothing in the bucket decrypts.
    public func updateMetadata(
        bucket: String, key: String, version: ObjectVersion? = nil, metadata: [String: String]
    ) async throws {
        let address = try keys.address(bucket: bucket, key: key)
        let subject = address.subject(.updateMetadata)
        let message = try await find(address, version: version, .updateMetadata)
        // Reads what is replaced: sizes stand beside it, and a wrong passphrase must not get further.
        let sealed: ObjectMetadata.Sealed
        do {
            let old = try SealedMetadata(message)
            sealed = try old.replaced(
                by: metadata, from: address.contentKey, to: address.contentKey, suite: message.contentSuite,
                random: random)
        } catch {
            throw UplinkError.unreadable(address, error)
        }
        var request = Metainfo_UpdateObjectMetadataRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        request.streamID = message.streamID
        request.encryptedMetadata = Data(sealed.envelope)
        request.encryptedMetadataEncryptedKey = Data(sealed.encryptedKey)
        request.encryptedMetadataNonce = Data(sealed.keyNonce.bytes)
        if !sealed.encryptedEntityTag.isEmpty {
            // It is encrypted with the metadata's key, which is a new one now.
            request.setEncryptedEtag = true
            request.encryptedEtag = Data(sealed.encryptedEntityTag)
        }
        _ = try await metainfo.call(MetainfoMethods.updateObjectMetadata, request, subject)
    }

    /// On which nodes an object lies.
    ///
    /// - Throws: `.objectNotFound`, `.permissionDenied`, `.unsupported`.
    public func placement(
        bucket: String, key: String, version: ObjectVersion? = nil
    ) async throws -> ObjectPlacement {
        let address = try keys.address(bucket: bucket, key: key)
        var request = Metainfo_GetObjectIPsRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        if let version { request.objectVersion = Data(version.bytes) }
        let answer = try await notForeign(address) {
            try await metainfo.call(MetainfoMethods.getObjectIPs, request, address.subject(.getPlacement))
        }
        return ObjectPlacement(
            nodeAddresses: answer.ips.map { String(decoding: $0, as: UTF8.self) },
            segmentCount: max(0, answer.segmentCount), pieceCount: max(0, answer.pieceCount),
            reliablePieceCount: max(0, answer.reliablePieceCount), placement: answer.placementConstraint)
    }

    /// What the satellite says of an object.
    ///
    /// - Throws: as ``object(bucket:key:version:)``.
    func find(
        _ address: ObjectAddress, version: ObjectVersion?, _ operation: CallSubject.Operation
    ) async throws -> Metainfo_Object {
        var request = Metainfo_GetObjectRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        request.redundancySchemePerSegment = true
        if let version { request.objectVersion = Data(version.bytes) }
        let answer = try await notForeign(address) {
            try await metainfo.batched(request, address.subject(operation))
        }
        guard answer.hasObject, !answer.object.bucket.isEmpty else {
            throw UplinkError.badAnswer("it has no object", about: address.subject(operation))
        }
        return answer.object
    }

    /// Makes a call about an object; when there is no such object, makes sure that this is not for want of the right
    /// passphrase.
    func notForeign<Answer>(
        _ address: ObjectAddress, _ call: () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await call()
        } catch let error as UplinkError where error.code == .objectNotFound {
            try await passphrase.check(bucket: address.bucket, key: address.key)
            throw error
        }
    }
}

extension Metainfo_Object {
    /// The cipher that the object's content was written with; AES-GCM when the satellite does not say.
    var contentSuite: CipherSuite {
        switch encryptionParameters.cipherSuite {
        case .null: .null
        case .secretBox: .secretBox
        case .aesGcm, .unspecified, .UNRECOGNIZED: .aesGCM
        }
    }
}

extension SealedMetadata {
    /// Other metadata for the same object: sizes and entity tag stay.
    ///
    /// - Throws: `.notAuthentic` when the old one does not decrypt; `.badMetadata`, `.unsupportedCipher`.
    func replaced(
        by userDefined: [String: String], from source: EncryptionKey, to target: EncryptionKey, suite: CipherSuite,
        random: RandomSource
    ) throws(EncryptionError) -> ObjectMetadata.Sealed {
        var metadata = try open(source) ?? ObjectMetadata(segmentsSize: 0, lastSegmentSize: 0, userDefined: [:])
        metadata.userDefined = userDefined
        return try metadata.sealed(
            suite: suite, contentKey: target, metadataKey: .random(using: random),
            keyNonce: .random(using: random), entityTag: try openEntityTag(source) ?? [])
    }
}
