import DRPC
import Foundation
import Macaroons
import SatelliteTesting
import StorageModel
import TestSupport
import WireMessages

/// What an uplink does, without encryption: keys, nonces and contents are made-up bytes.
struct TestClient {
    let satellite: TestSatellite
    let header: Metainfo_RequestHeader
    let bucket = Data("bucket".utf8)

    init(_ satellite: TestSatellite, key: APIKey? = nil) {
        self.satellite = satellite
        header = satellite.header(key)
    }

    func call<Q, S>(_ method: RPCMethod<Q, S>, _ request: Q) async throws -> S {
        try await satellite.connection.call(method, request)
    }

    /// The status of a call that must fail.
    func failure<Q, S>(_ method: RPCMethod<Q, S>, _ request: Q) async throws -> RPCStatusError? {
        do {
            _ = try await call(method, request)
            return nil
        } catch let error as RPCStatusError {
            return error
        }
    }

    static let nonce = Data([1] + [UInt8](repeating: 0, count: 23))
    static let key = Data([UInt8](repeating: 7, count: 48))

    @discardableResult
    func makeBucket(_ name: String = "bucket", locked: Bool = false) async throws -> Metainfo_Bucket {
        var request = Metainfo_CreateBucketRequest()
        request.header = header
        request.name = Data(name.utf8)
        request.objectLockEnabled = locked
        return try await call(MetainfoMethods.createBucket, request).bucket
    }

    func begin(_ key: String) -> Metainfo_BeginObjectRequest {
        var request = Metainfo_BeginObjectRequest()
        request.header = header
        request.bucket = bucket
        request.encryptedObjectKey = Data(key.utf8)
        request.encryptionParameters.cipherSuite = .aesGcm
        request.encryptionParameters.blockSize = 7424
        return request
    }

    func inline(_ bytes: [UInt8], stream: Data = Data(), part: Int32 = 0) -> Metainfo_MakeInlineSegmentRequest {
        var request = Metainfo_MakeInlineSegmentRequest()
        request.header = header
        request.streamID = stream
        request.position = Metainfo_SegmentPosition()
        request.position.partNumber = part
        request.encryptedKey = Self.key
        request.encryptedKeyNonce = Self.nonce
        request.encryptedInlineData = Data(bytes)
        request.plainSize = Int64(max(0, bytes.count - 16))
        return request
    }

    func commit(_ stream: Data = Data()) -> Metainfo_CommitObjectRequest {
        var request = Metainfo_CommitObjectRequest()
        request.header = header
        request.streamID = stream
        var meta = Stream_StreamMeta()
        meta.encryptedStreamInfo = Data([9, 9, 9])
        request.encryptedMetadata = (try? Data(meta.encoded())) ?? Data()
        request.encryptedMetadataEncryptedKey = Self.key
        request.encryptedMetadataNonce = Self.nonce
        return request
    }

    func batch(
        _ items: [Metainfo_BatchRequestItem.OneOf_Request]
    ) async throws -> [Metainfo_BatchResponseItem] {
        var request = Metainfo_BatchRequest()
        request.header = header
        request.requests = items.map { item in
            var message = Metainfo_BatchRequestItem()
            message.request = item
            return message
        }
        return try await call(MetainfoMethods.batch, request).responses
    }

    /// Uploads a small object as current clients do, in one batch.
    @discardableResult
    func put(_ key: String, _ bytes: [UInt8] = [UInt8](repeating: 3, count: 30)) async throws -> Metainfo_Object {
        let answers = try await batch([
            .objectBegin(begin(key)), .segmentMakeInline(inline(bytes)), .objectCommit(commit()),
        ])
        return answers[2].objectCommit.object
    }

    func get(_ key: String) async throws -> Metainfo_Object {
        var request = Metainfo_GetObjectRequest()
        request.header = header
        request.bucket = bucket
        request.encryptedObjectKey = Data(key.utf8)
        return try await call(MetainfoMethods.getObject, request).object
    }

    /// Begins an upload and its first remote segment.
    func beginRemote(_ key: String) async throws -> (stream: Data, segment: Metainfo_BeginSegmentResponse) {
        var segment = Metainfo_BeginSegmentRequest()
        segment.position = Metainfo_SegmentPosition()
        segment.maxOrderLimit = 67_254_016
        let answers = try await batch([.objectBegin(begin(key)), .segmentBegin(segment)])
        return (answers[0].objectBegin.streamID, answers[1].segmentBegin)
    }

    /// A commit of the pieces 0…`count − 1`, signed by their nodes.
    func commitSegment(
        _ begun: Metainfo_BeginSegmentResponse, pieces count: Int = 8, size: Int64 = 7424
    ) throws -> Metainfo_CommitSegmentRequest {
        var request = Metainfo_CommitSegmentRequest()
        request.header = header
        request.segmentID = begun.segmentID
        request.encryptedKey = Self.key
        request.encryptedKeyNonce = Self.nonce
        request.sizeEncryptedData = size
        request.plainSize = 5000
        request.uploadResult = try (0..<count).map { try result(begun, piece: $0, size: size) }
        return request
    }

    func result(
        _ begun: Metainfo_BeginSegmentResponse, piece: Int, size: Int64 = 7424, time: Timestamp? = nil
    ) throws -> Metainfo_SegmentPieceUploadResult {
        let limit = try OrderLimit.parse(Array(begun.addressedLimits[piece].limit))
        let hash = PieceHash(
            pieceID: limit.pieceID, hash: [UInt8](repeating: UInt8(piece), count: 32),
            pieceSize: RedundancyScheme.development.pieceSize(encryptedSize: size),
            timestamp: time ?? satellite.clock.now, hashAlgorithm: .blake3)
        var result = Metainfo_SegmentPieceUploadResult()
        result.pieceNum = Int32(piece)
        result.nodeID = Data(limit.storageNodeID.bytes)
        result.hash = Data(try satellite.sign(hash, by: limit.storageNodeID).encoded)
        return result
    }

    func download(_ key: String) async throws -> Metainfo_DownloadObjectResponse {
        var request = Metainfo_DownloadObjectRequest()
        request.header = header
        request.bucket = bucket
        request.encryptedObjectKey = Data(key.utf8)
        return try await call(MetainfoMethods.downloadObject, request)
    }
}
