import Foundation
import Macaroons
import Metabase
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// The most bytes of an encrypted content key: 48 in practice, 32 without encryption.
    private static let maximumKeyLength = 256

    /// Stores a segment that is kept in the metabase itself.
    func makeInlineSegment(
        _ request: Metainfo_MakeInlineSegmentRequest, _ caller: Caller
    ) async throws -> Metainfo_MakeInlineSegmentResponse {
        let token = try inlineSegmentToken(request, caller)
        try caller.charge(.put)
        let segment = try newInlineSegment(request, caller)
        try refuseOverUse(caller, addingBytes: segment.encryptedSize, addingSegments: 1)
        try await metabase.commitSegment(segment, in: token.upload)
        let name = String(decoding: token.bucketName, as: UTF8.self)
        countStored(segment, bucket: BucketLocation(project: caller.projectID, name: name), caller)
        return Metainfo_MakeInlineSegmentResponse()
    }

    /// The upload an inline segment is for, which the caller may write.
    func inlineSegmentToken(
        _ request: Metainfo_MakeInlineSegmentRequest, _ caller: Caller
    ) throws -> StreamToken {
        let token = try streamToken(request.streamID, caller)
        try caller.demand(.write, bucket: token.bucketName, path: token.key)
        return token
    }

    /// Checks an inline segment and makes of it what the metabase stores.
    func newInlineSegment(_ request: Metainfo_MakeInlineSegmentRequest, _ caller: Caller) throws -> NewSegment {
        let position = try position(request.hasPosition ? request.position : nil)
        guard request.encryptedInlineData.count <= settings.maximumInlineSize else {
            throw Refusal.invalid("inline segment size cannot be larger than \(HumanText.size(4096))")
        }
        guard (0...Int64(settings.maximumInlineSize)).contains(request.plainSize) else {
            throw Refusal.invalid("invalid request: PlainSize is negative or larger than an inline segment")
        }
        let key = try contentKey(
            request.encryptedKey, nonce: request.hasEncryptedKeyNonce ? request.encryptedKeyNonce : nil)
        try refuseLargeTag(request.encryptedETag, request.encryptedChecksum)
        return NewSegment(
            position: position, content: .inline(Array(request.encryptedInlineData)), plainSize: request.plainSize,
            encryptedSize: Int64(request.encryptedInlineData.count), encryptedKey: key.key,
            encryptedKeyNonce: key.nonce, encryptedETag: Array(request.encryptedETag))
    }

    /// The position a request names, which is written even when it is the first.
    func position(_ field: Metainfo_SegmentPosition?) throws -> SegmentPosition {
        guard let field else { throw Refusal.invalid("segment position missing") }
        return try field.validated()
    }

    /// The encrypted content key of a segment and its nonce.
    func contentKey(_ key: Data, nonce: Data?) throws -> (key: [UInt8], nonce: [UInt8]) {
        let nonce = try RequestMetadata.nonce(nonce)
        guard !key.isEmpty else { throw Refusal.invalid("invalid request: EncryptedKey missing") }
        guard key.count <= Self.maximumKeyLength else {
            throw Refusal.invalid("invalid request: EncryptedKey too long")
        }
        guard let nonce else { throw Refusal.invalid("invalid request: EncryptedKeyNonce missing") }
        return (Array(key), nonce)
    }

    /// Bounds the entity tag of a part, and refuses a checksum.
    func refuseLargeTag(_ etag: Data, _ checksum: Data) throws {
        guard etag.count <= settings.maximumMetadataSize else {
            throw Refusal.invalid("Encrypted ETag is too large, got \(etag.count)")
        }
        try refuseChecksum(algorithm: .none, isComposite: false, encrypted: checksum)
    }
}
