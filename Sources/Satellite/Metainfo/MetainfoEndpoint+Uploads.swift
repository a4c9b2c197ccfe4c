import Foundation
import Macaroons
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Begins an upload.
    ///
    /// - Parameter isMultipart: whether parts may follow, which is so unless the upload's first segment stands right
    ///   behind in the same batch.
    func beginObject(
        _ request: Metainfo_BeginObjectRequest, _ caller: Caller, isMultipart: Bool
    ) async throws -> Metainfo_BeginObjectResponse {
        let new = try await newUpload(request, caller, isMultipart: isMultipart)
        let upload = try await mappingDefaultRetention(request) { try await metabase.beginUpload(new) }
        let token = StreamToken(upload, bucketName: new.location.bucket.name, project: caller.projectID)
        return begun(request, token)
    }

    private func begun(_ request: Metainfo_BeginObjectRequest, _ token: StreamToken) -> Metainfo_BeginObjectResponse {
        var response = Metainfo_BeginObjectResponse()
        response.bucket = request.bucket
        response.encryptedObjectKey = request.encryptedObjectKey
        response.streamID = Data(token.encode(signer: tokens))
        response.redundancyScheme = Metainfo_RedundancyScheme(settings.redundancy)
        return response
    }

    /// Checks a begin in the order clients know, and makes of it what the metabase stores.
    private func newUpload(
        _ request: Metainfo_BeginObjectRequest, _ caller: Caller, isMultipart: Bool
    ) async throws -> NewUpload {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(.write, bucket: bucket, path: key)
        if request.hasRetention { try caller.demand(.putRetention, bucket: bucket, path: key) }
        if request.legalHold { try caller.demand(.putLegalHold, bucket: bucket, path: key) }
        try caller.charge(.put)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        try refuseChecksum(
            algorithm: request.checksumAlgorithm, isComposite: request.isChecksumComposite,
            encrypted: request.encryptedChecksum)
        let lock = ObjectLock(
            retention: request.hasRetention ? try request.retention.validated(now: caller.time) : nil,
            legalHold: request.legalHold)
        let asked = try Wire_Timestamp.value(request.hasExpiresAt ? request.expiresAt : nil)
        let expiresAt = try Expiry.validate(asked, maximumTTL: caller.maximumObjectTTL, now: caller.time)
        if !lock.isEmpty, expiresAt != nil {
            throw asked == nil ? LockRefusal.limitedKeyWithLock : LockRefusal.expiryWithLock
        }
        var metadata = try RequestMetadata(
            data: request.encryptedMetadata,
            nonce: request.hasEncryptedMetadataNonce ? request.encryptedMetadataNonce : nil,
            key: request.encryptedMetadataEncryptedKey, etag: request.encryptedEtag)
        try metadata.validate(settings)
        let encryption = try encryption(request)
        guard uploadLimiter.take(project: caller.projectID, bucket: bucket, key: key) else {
            throw Refusal.tooManyRequests
        }
        try refuseOverUse(caller, addingBytes: 0, addingSegments: 0)
        try await attribute(location.bucket, caller)
        return NewUpload(
            location: location, expiresAt: expiresAt, encryption: encryption, metadata: metadata.stored, lock: lock,
            isMultipart: isMultipart)
    }

    private func encryption(_ request: Metainfo_BeginObjectRequest) throws -> ObjectEncryption {
        guard request.hasEncryptionParameters else { throw Refusal.invalid("encryption parameters missing") }
        let parameters = request.encryptionParameters
        guard (1...3).contains(parameters.cipherSuite.rawValue), (1...1 << 20).contains(parameters.blockSize) else {
            throw Refusal.invalid("encryption parameters need a cipher and a block size")
        }
        return ObjectEncryption(
            cipherSuite: Int32(parameters.cipherSuite.rawValue), blockSize: parameters.blockSize)
    }

    /// Writes down which program made a bucket that does not say so yet.
    private func attribute(_ location: BucketLocation, _ caller: Caller) async throws {
        let bucket = try await metabase.bucket(location)
        guard bucket.userAgent.isEmpty, attributed.insert(bucket.id),
            let attribution = UserAgent.attribution(of: caller.userAgent)
        else { return }
        try await metabase.setUserAgent(location, attribution)
    }

    /// The refusal of an expiry in a bucket that locks by itself says whether the request or its key brought the expiry.
    private func mappingDefaultRetention<Result: Sendable>(
        _ request: Metainfo_BeginObjectRequest, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch MetabaseError.expiryWithDefaultRetention {
            let asked = try Wire_Timestamp.value(request.hasExpiresAt ? request.expiresAt : nil)
            throw asked == nil ? LockRefusal.limitedKeyWithDefaultRetention : LockRefusal.expiryWithDefaultRetention
        }
    }

    // MARK: - Commit

    /// Makes an upload an object.
    func commitObject(
        _ request: Metainfo_CommitObjectRequest, _ caller: Caller
    ) async throws -> Metainfo_CommitObjectResponse {
        let (token, commit) = try objectCommit(request, caller)
        let object: Object
        do {
            object = try await metabase.commitObject(token.upload, commit)
        } catch MetabaseError.pendingObjectMissing {
            throw Refusal.committedUploadNotFound
        }
        return try committed(object, bucketName: token.bucketName, caller)
    }

    private func objectCommit(
        _ request: Metainfo_CommitObjectRequest, _ caller: Caller
    ) throws -> (StreamToken, ObjectCommit) {
        let token = try streamToken(request.streamID, caller)
        return (token, try objectCommit(request, bucket: token.bucketName, key: token.key, caller))
    }

    private func objectCommit(
        _ request: Metainfo_CommitObjectRequest, bucket: [UInt8], key: [UInt8], _ caller: Caller
    ) throws -> ObjectCommit {
        try caller.demand(.write, bucket: bucket, path: key)
        try caller.charge(.put, isBreakable: false)
        try refuseChecksum(
            algorithm: request.checksumAlgorithm, isComposite: request.isChecksumComposite,
            encrypted: request.encryptedChecksum)
        let mustNotExist = try mustNotExist(request.ifNoneMatch)
        var metadata = try RequestMetadata(
            data: request.encryptedMetadata,
            nonce: request.hasEncryptedMetadataNonce ? request.encryptedMetadataNonce : nil,
            key: request.encryptedMetadataEncryptedKey, etag: request.encryptedEtag)
        try metadata.validate(settings, dropsKeyWithoutData: true)
        return ObjectCommit(
            metadata: metadata.isEmpty ? nil : metadata.stored,
            mayOverwrite: caller.may(.delete, bucket: bucket, path: key), mustNotExist: mustNotExist)
    }

    private func committed(
        _ object: Object, bucketName: [UInt8], _ caller: Caller
    ) throws -> Metainfo_CommitObjectResponse {
        let bucket = BucketLocation(project: caller.projectID, name: String(decoding: bucketName, as: UTF8.self))
        var response = Metainfo_CommitObjectResponse()
        response.object = try message(of: object, in: ObjectLocation(bucket: bucket, key: object.key), caller)
        return response
    }

    // MARK: - Several items in one transaction

    /// Begins, fills and commits a small object at once: the way most objects of a backup come in.
    func uploadInline(
        _ begin: Metainfo_BeginObjectRequest, _ inline: Metainfo_MakeInlineSegmentRequest,
        _ commit: Metainfo_CommitObjectRequest, _ caller: Caller
    ) async throws -> (Metainfo_BeginObjectResponse, Metainfo_CommitObjectResponse) {
        let new = try await newUpload(begin, caller, isMultipart: false)
        // The bucket is asked for first: a missing one is the begin's refusal, whatever follows.
        let bucket = try await metabase.bucket(new.location.bucket)
        let segment = try newInlineSegment(inline, caller)
        let objectCommit = try objectCommit(
            commit, bucket: Array(begin.bucket), key: Array(begin.encryptedObjectKey), caller)
        try refuseOverUse(caller, addingBytes: segment.encryptedSize, addingSegments: 1)
        let object = try await mappingDefaultRetention(begin) {
            try await metabase.putObject(new, segments: [segment], objectCommit)
        }
        countStored(segment, bucket: new.location.bucket, caller)
        let token = StreamToken(
            object, bucketName: new.location.bucket.name, project: caller.projectID, placement: bucket.placement)
        return (begun(begin, token), try committed(object, bucketName: Array(begin.bucket), caller))
    }

    /// Stores a last remote segment and commits at once; nil when the two are of different uploads.
    func commitFused(
        _ segment: Metainfo_CommitSegmentRequest, _ commit: Metainfo_CommitObjectRequest, _ caller: Caller
    ) async throws -> (Metainfo_CommitSegmentResponse, Metainfo_CommitObjectResponse)? {
        let segmentToken = try segmentToken(segment.segmentID, caller)
        guard namesUpload(commit, segmentToken.stream, caller) else { return nil }
        let new = try await newRemoteSegment(segment, segmentToken, caller)
        let response = try await commitFused(new.segment, segmentToken.stream, commit, caller)
        var first = Metainfo_CommitSegmentResponse()
        first.successfulPieces = Int32(new.pieceCount)
        return (first, response)
    }

    /// Stores a last inline segment and commits at once; nil when the two are of different uploads.
    func commitFused(
        _ segment: Metainfo_MakeInlineSegmentRequest, _ commit: Metainfo_CommitObjectRequest, _ caller: Caller
    ) async throws -> (Metainfo_MakeInlineSegmentResponse, Metainfo_CommitObjectResponse)? {
        let token = try inlineSegmentToken(segment, caller)
        guard namesUpload(commit, token, caller) else { return nil }
        let new = try newInlineSegment(segment, caller)
        let response = try await commitFused(new, token, commit, caller)
        return (Metainfo_MakeInlineSegmentResponse(), response)
    }

    private func namesUpload(
        _ commit: Metainfo_CommitObjectRequest, _ token: StreamToken, _ caller: Caller
    ) -> Bool {
        do {
            return try streamToken(commit.streamID, caller) == token
        } catch {
            // Whatever is wrong with this token is told when the commit runs by itself, after the segment.
            return false
        }
    }

    private func commitFused(
        _ segment: NewSegment, _ token: StreamToken, _ commit: Metainfo_CommitObjectRequest, _ caller: Caller
    ) async throws -> Metainfo_CommitObjectResponse {
        let objectCommit = try objectCommit(commit, bucket: token.bucketName, key: token.key, caller)
        // A missing upload is the segment's refusal, which comes first.
        let object = try await metabase.commitObject(token.upload, segments: [segment], objectCommit)
        let bucket = BucketLocation(project: caller.projectID, name: String(decoding: token.bucketName, as: UTF8.self))
        countStored(segment, bucket: bucket, caller)
        return try committed(object, bucketName: token.bucketName, caller)
    }
}
