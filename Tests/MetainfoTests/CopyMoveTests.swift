import DRPC
import Foundation
import Macaroons
import Metainfo
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct CopyMoveTests {
    private func client() async throws -> TestClient {
        let client = TestClient(try await TestSatellite(nodeCount: 0))
        try await client.makeBucket()
        return client
    }

    private func beginCopy(_ client: TestClient, _ key: String) async throws -> Metainfo_BeginCopyObjectResponse {
        var request = Metainfo_BeginCopyObjectRequest()
        request.header = client.header
        request.bucket = client.bucket
        request.encryptedObjectKey = Data(key.utf8)
        request.newBucket = client.bucket
        request.newEncryptedObjectKey = Data("copy".utf8)
        return try await client.call(MetainfoMethods.beginCopyObject, request)
    }

    private func finishCopy(
        _ client: TestClient, _ begun: Metainfo_BeginCopyObjectResponse
    ) -> Metainfo_FinishCopyObjectRequest {
        var request = Metainfo_FinishCopyObjectRequest()
        request.header = client.header
        request.streamID = begun.streamID
        request.newBucket = client.bucket
        request.newEncryptedObjectKey = Data("copy".utf8)
        request.newEncryptedMetadataKey = Data([UInt8](repeating: 5, count: 48))
        request.newEncryptedMetadataKeyNonce = TestClient.nonce
        request.newSegmentKeys = begun.segmentKeys.map { key in
            var key = key
            key.encryptedKey = Data([UInt8](repeating: 6, count: 48))
            return key
        }
        return request
    }

    @Test func `a copy has its own keys and the source's content`() async throws {
        let client = try await client()
        try await client.put("source", [UInt8](repeating: 1, count: 40))
        let begun = try await beginCopy(client, "source")
        #expect(begun.segmentKeys.count == 1)
        #expect(begun.encryptedMetadataKey == TestClient.key)
        let copy = try await client.call(MetainfoMethods.finishCopyObject, finishCopy(client, begun)).object
        #expect(copy.bucket == client.bucket)
        #expect(Array(copy.encryptedMetadataEncryptedKey) == [UInt8](repeating: 5, count: 48))
        let download = try await client.download("copy")
        let segment = try #require(download.segmentDownload.first)
        #expect(Array(segment.encryptedKey) == [UInt8](repeating: 6, count: 48))
        #expect(Array(segment.encryptedInlineData) == [UInt8](repeating: 1, count: 40))
        #expect(try await client.get("source").plainSize == 24)
    }

    @Test func `a source that changed since the begin is not copied`() async throws {
        let client = try await client()
        try await client.put("source")
        let begun = try await beginCopy(client, "source")
        try await client.put("source")
        let failure = try await client.failure(MetainfoMethods.finishCopyObject, finishCopy(client, begun))
        #expect(failure == RPCStatusError(.notFound, "object not found: object was changed during copy"))
    }

    @Test func `who may not read the source cannot copy it with a token from elsewhere`() async throws {
        let client = try await client()
        let object = try await client.put("source")
        let writer = TestClient(
            client.satellite, key: client.satellite.key.restricted(by: Caveat(disallowed: [.reads])))
        var begun = Metainfo_BeginCopyObjectResponse()
        begun.streamID = object.streamID
        let failure = try await writer.failure(MetainfoMethods.finishCopyObject, finishCopy(writer, begun))
        #expect(failure == RPCStatusError(.permissionDenied, "Unauthorized API credentials"))
    }
}
