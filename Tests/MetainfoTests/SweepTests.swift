import Chores
import Database
import Foundation
import Logging
import Metabase
import Metainfo
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct SweepTests {
    private func stage() async throws -> (client: TestClient, chores: SweepChores) {
        let satellite = try await TestSatellite(nodeCount: 0)
        let client = TestClient(satellite)
        try await client.makeBucket()
        let chores = SweepChores(
            metabase: satellite.metabase, settings: MetainfoSettings(),
            sleeper: Sleeper { _ in throw CancellationError() }, clock: satellite.clock.wallClock,
            logger: Logger(label: "test"))
        return (client, chores)
    }

    private func segmentCount(_ client: TestClient) async throws -> Int {
        try await client.satellite.database.read { session in
            try session.first("SELECT COUNT(*) FROM segments") { $0.int(0) } ?? 0
        }
    }

    @Test func `an expired object is not shown and then swept`() async throws {
        let (client, chores) = try await stage()
        var begin = client.begin("key")
        begin.expiresAt = Wire_Timestamp(client.satellite.clock.now.advanced(by: .seconds(60)))
        _ = try await client.batch([
            .objectBegin(begin), .segmentMakeInline(client.inline([1])), .objectCommit(client.commit()),
        ])
        let object = try await client.get("key")
        client.satellite.clock.advance(by: .seconds(60))
        await #expect(throws: RPCStatusError(.notFound, "object not found: no such object")) {
            try await client.get("key")
        }
        var segments = Metainfo_ListSegmentsRequest()
        segments.header = client.header
        segments.streamID = object.streamID
        #expect(try await client.failure(MetainfoMethods.listSegments, segments)?.code == .notFound)
        #expect(try await segmentCount(client) == 1)
        try await chores.expiredObjects.triggerAndWait()
        #expect(try await segmentCount(client) == 0)
    }

    @Test func `an upload nothing happens to is swept after a day`() async throws {
        let (client, chores) = try await stage()
        // The segment right behind its begin makes it an ordinary upload, which has one day.
        _ = try await client.batch([.objectBegin(client.begin("key")), .segmentMakeInline(client.inline([1]))])
        client.satellite.clock.advance(by: .seconds(24 * 3600 - 1))
        try await chores.staleUploads.triggerAndWait()
        #expect(try await segmentCount(client) == 1)
        client.satellite.clock.advance(by: .seconds(24 * 3600))
        try await chores.staleUploads.triggerAndWait()
        #expect(try await segmentCount(client) == 0)
    }

    @Test func `a bucket deleted with its contents is gone at once and purged later`() async throws {
        let (client, chores) = try await stage()
        for index in 0..<20 { try await client.put("key-\(index)") }
        var request = Metainfo_DeleteBucketRequest()
        request.header = client.header
        request.name = client.bucket
        #expect(try await client.failure(MetainfoMethods.deleteBucket, request)?.message == "bucket not empty")
        request.deleteAll = true
        #expect(try await client.call(MetainfoMethods.deleteBucket, request).deletedObjectsCount == 20)
        try await client.makeBucket()
        var listing = Metainfo_ListObjectsRequest()
        listing.header = client.header
        listing.bucket = client.bucket
        #expect(try await client.call(MetainfoMethods.listObjects, listing).items.isEmpty)
        try await chores.deletedBuckets.triggerAndWait()
        #expect(try await segmentCount(client) == 0)
    }
}
