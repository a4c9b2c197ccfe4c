import Foundation
import Macaroons
import Metabase
import Overlay
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Stores a segment whose pieces are on nodes.
    func commitSegment(
        _ request: Metainfo_CommitSegmentRequest, _ caller: Caller
    ) async throws -> Metainfo_CommitSegmentResponse {
        let token = try segmentToken(request.segmentID, caller)
        let new = try await newRemoteSegment(request, token, caller)
        try await metabase.commitSegment(new.segment, in: token.stream.upload)
        let name = String(decoding: token.stream.bucketName, as: UTF8.self)
        countStored(new.segment, bucket: BucketLocation(project: caller.projectID, name: name), caller)
        var response = Metainfo_CommitSegmentResponse()
        response.successfulPieces = Int32(new.pieceCount)
        return response
    }

    /// Checks a remote segment in the order the field does, and makes of it what the metabase stores.
    ///
    /// - Source: protocol document 2 §3.4, the table of upload results.
    func newRemoteSegment(
        _ request: Metainfo_CommitSegmentRequest, _ token: SegmentToken, _ caller: Caller
    ) async throws -> (segment: NewSegment, pieceCount: Int) {
        try caller.demand(.write, bucket: token.stream.bucketName, path: token.stream.key)
        try caller.charge(.put, isBreakable: false)
        let optimal = token.redundancy.optimalShares
        guard request.uploadResult.count >= optimal else {
            throw Refusal.invalid(
                "the number of results of uploaded pieces (\(request.uploadResult.count)) is below the optimal "
                    + "threshold (\(optimal))")
        }
        guard (1...settings.maximumSegmentSize).contains(request.sizeEncryptedData) else {
            throw Refusal.invalid("invalid request: EncryptedSize \(request.sizeEncryptedData) is out of range")
        }
        let judge = UploadResultJudge(
            token: token, pieceSize: token.redundancy.pieceSize(encryptedSize: request.sizeEncryptedData),
            hashLifetime: settings.pieceHashLifetime, now: caller.time, overlay: overlay)
        let pieces = try await judge.judge(request.uploadResult)
        guard (0...request.sizeEncryptedData).contains(request.plainSize) else {
            throw Refusal.invalid("invalid request: PlainSize is negative or larger than EncryptedSize")
        }
        let key = try contentKey(
            request.encryptedKey, nonce: request.hasEncryptedKeyNonce ? request.encryptedKeyNonce : nil)
        try refuseLargeTag(request.encryptedETag, request.encryptedChecksum)
        try refuseOverUse(caller, addingBytes: request.sizeEncryptedData, addingSegments: 1)
        record(pieces, of: token)
        let remote = RemoteSegment(
            rootPieceID: token.rootPieceID, redundancy: token.redundancy, pieces: pieces.map(\.piece),
            hashAlgorithm: pieces.first?.algorithm.rawValue ?? 0)
        let segment = NewSegment(
            position: token.position, content: .remote(remote), plainSize: request.plainSize,
            encryptedSize: request.sizeEncryptedData, encryptedKey: key.key, encryptedKeyNonce: key.nonce,
            encryptedETag: Array(request.encryptedETag))
        return (segment, pieces.count)
    }

    /// Tells the overlay who stored a piece and who was offered one in vain.
    private func record(_ pieces: [JudgedPiece], of token: SegmentToken) {
        let succeeded = pieces.map(\.piece.node)
        let stored = Set(succeeded)
        overlay.recordUpload(succeeded: succeeded, failed: token.nodes.filter { !stored.contains($0) })
    }
}
