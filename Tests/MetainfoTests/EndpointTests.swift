import Accounts
import DRPC
import Foundation
import Macaroons
import Metainfo
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct EndpointTests {
    private func client(_ settings: MetainfoSettings = MetainfoSettings()) async throws -> TestClient {
        let client = TestClient(try await TestSatellite(nodeCount: 0, settings: settings))
        try await client.makeBucket()
        return client
    }

    // MARK: - What crashes others

    @Test func `a request without a header is malformed`() async throws {
        let client = try await client()
        let failure = try await client.failure(MetainfoMethods.projectInfo, Metainfo_ProjectInfoRequest())
        #expect(failure == RPCStatusError(.invalidArgument, "Invalid API credentials"))
        var batch = Metainfo_BatchRequest()
        batch.requests = [Metainfo_BatchRequestItem()]
        #expect(try await client.failure(MetainfoMethods.batch, batch)?.code == .invalidArgument)
    }

    @Test func `a listing that wants includes without naming them is malformed`() async throws {
        let client = try await client()
        var request = Metainfo_ListObjectsRequest()
        request.header = client.header
        request.bucket = client.bucket
        request.useObjectIncludes = true
        #expect(try await client.failure(MetainfoMethods.listObjects, request)?.code == .invalidArgument)
    }

    @Test func `a begin without encryption parameters is malformed`() async throws {
        let client = try await client()
        var request = client.begin("key")
        request.clearEncryptionParameters()
        #expect(try await client.failure(MetainfoMethods.beginObject, request)?.code == .invalidArgument)
    }

    @Test func `garbage gets a status and never brings the satellite down`() async throws {
        let client = try await client()
        let random = RandomSource.seeded(42)
        var requests: [(path: String, bytes: [UInt8])] = []
        for transcript in try Transcript.all() {
            for rpc in transcript.rpcs where rpc.path.hasPrefix("/metainfo.Metainfo/") {
                let bytes = rpc.request?.hex?.bytes ?? rpc.batchRequest.map(WireField.encode) ?? []
                if !bytes.isEmpty, !rpc.isCompressedBatch { requests.append((rpc.path, bytes)) }
            }
        }
        for (path, bytes) in requests {
            var changed = bytes
            for _ in 0..<3 { changed[Int(random.bytes(count: 4)[0]) % changed.count] ^= random.bytes(count: 1)[0] }
            let cut = Array(bytes.prefix(Int(random.bytes(count: 1)[0]) * bytes.count / 255))
            for message in [changed, cut, random.bytes(count: 40)] {
                let method = RPCMethod<RawMessage, RawMessage>(path: path)
                do {
                    _ = try await client.satellite.connection.call(method, RawMessage(message))
                } catch is RPCStatusError {
                    continue
                }
            }
        }
        try await client.put("alive")
        #expect(try await client.get("alive").status == .committedUnversioned)
    }

    // MARK: - Small objects

    @Test func `an empty object has one segment`() async throws {
        let client = try await client()
        try await client.put("empty", [])
        let meta = try Stream_StreamMeta.parse(Array(try await client.get("empty").encryptedMetadata))
        #expect(meta.numberOfSegments == 1)
        #expect(meta.encryptionType == 2)
        #expect(meta.encryptionBlockSize == 7424)
        #expect(Array(meta.lastSegmentMeta.encryptedKey) == Array(TestClient.key))
        #expect(Array(meta.encryptedStreamInfo) == [9, 9, 9])
    }

    @Test func `the items of a batch fill in each other's streams`() async throws {
        let client = try await client()
        // Two segments keep the batch from being run as one.
        var second = client.inline([UInt8](repeating: 1, count: 20))
        second.position.index = 1
        let answers = try await client.batch([
            .objectBegin(client.begin("key")), .segmentMakeInline(client.inline([UInt8](repeating: 1, count: 20))),
            .segmentMakeInline(second), .objectCommit(client.commit()),
        ])
        #expect(answers.count == 4)
        #expect(answers[3].objectCommit.object.plainSize == 8)
    }

    @Test func `what ran before a failing item stays done`() async throws {
        let client = try await client()
        var missing = Metainfo_GetBucketRequest()
        missing.name = Data("missing-bucket".utf8)
        await #expect(throws: RPCStatusError(.notFound, "bucket not found: missing-bucket")) {
            try await client.batch([
                .objectBegin(client.begin("key")), .segmentMakeInline(client.inline([1, 2, 3])),
                .objectCommit(client.commit()), .bucketGet(missing),
            ])
        }
        #expect(try await client.get("key").status == .committedUnversioned)
    }

    @Test func `a compressed batch is understood and answered compressed`() async throws {
        let client = try await client()
        var batch = Metainfo_BatchRequest()
        batch.header = client.header
        for index in 0..<20 {
            var item = Metainfo_BatchRequestItem()
            item.objectBegin = client.begin("key-\(index)")
            batch.requests.append(item)
        }
        var request = Metainfo_CompressedBatchRequest()
        request.supported = [.zstd]
        request.selected = .zstd
        request.data = Data(try #require(Compression.compress(batch.encoded(), level: 1)))
        let answer = try await client.call(MetainfoMethods.compressedBatch, request)
        #expect(answer.selected == .zstd)
        let bytes = try #require(Compression.decompress(Array(answer.data), maximum: 1 << 20))
        #expect(try Metainfo_BatchResponse.parse(bytes).responses.count == 20)
    }

    @Test func `an upload is named alike by its begin and by both listings`() async throws {
        let client = try await client()
        let begun = try await client.call(MetainfoMethods.beginObject, client.begin("dir/key"))
        var listing = Metainfo_ListObjectsRequest()
        listing.header = client.header
        listing.bucket = client.bucket
        listing.recursive = true
        listing.status = .uploading
        let listed = try await client.call(MetainfoMethods.listObjects, listing)
        #expect(listed.items.map(\.streamID) == [begun.streamID])
        var streams = Metainfo_ListPendingObjectStreamsRequest()
        streams.header = client.header
        streams.bucket = client.bucket
        streams.encryptedObjectKey = Data("dir/key".utf8)
        let pending = try await client.call(MetainfoMethods.listPendingObjectStreams, streams)
        #expect(pending.items.map(\.streamID) == [begun.streamID])
    }

    @Test func `an aborted upload takes no more segments`() async throws {
        let client = try await client()
        let begun = try await client.call(MetainfoMethods.beginObject, client.begin("key"))
        var abort = Metainfo_BeginDeleteObjectRequest()
        abort.header = client.header
        abort.bucket = client.bucket
        abort.encryptedObjectKey = Data("key".utf8)
        abort.status = 1
        abort.streamID = begun.streamID
        #expect(try await client.call(MetainfoMethods.beginDeleteObject, abort).object.status == .uploading)
        let failure = try await client.failure(
            MetainfoMethods.makeInlineSegment, client.inline([1], stream: begun.streamID))
        #expect(failure == RPCStatusError(.notFound, "pending object missing"))
        #expect(try await client.failure(MetainfoMethods.beginDeleteObject, abort)?.code == .notFound)
    }

    // MARK: - Who may do what

    @Test func `a token of another project is of no use`() async throws {
        let client = try await client()
        let object = try await client.put("key")
        let accounts = client.satellite.accounts
        let owner = try await accounts.createUser(email: "other@example.com", name: "other")
        let other = try await accounts.createProject(name: "other", owner: owner.id)
        let stranger = TestClient(
            client.satellite, key: try await accounts.createAPIKey(project: other.id, name: "key").key)
        var request = Metainfo_ListSegmentsRequest()
        request.header = stranger.header
        request.streamID = object.streamID
        let failure = try await stranger.failure(MetainfoMethods.listSegments, request)
        #expect(failure == RPCStatusError(.permissionDenied, "Unauthorized API credentials"))
    }

    @Test func `a key sees only the buckets its caveats name`() async throws {
        let client = try await client()
        for name in ["alpha", "beta", "gamma"] { try await client.makeBucket(name) }
        let paths = ["alpha", "gamma", "not-there"].map {
            Caveat.AllowedPath(bucket: Array($0.utf8), encryptedPrefix: [])
        }
        let key = client.satellite.key.restricted(by: Caveat(allowedPaths: paths))
        let restricted = TestClient(client.satellite, key: key)
        var request = Metainfo_ListBucketsRequest()
        request.header = restricted.header
        request.direction = .after
        let all = try await restricted.call(MetainfoMethods.listBuckets, request)
        #expect(all.items.map { String(decoding: $0.name, as: UTF8.self) } == ["alpha", "gamma"])
        request.limit = 1
        let page = try await restricted.call(MetainfoMethods.listBuckets, request)
        #expect(page.more && page.items.count == 1)
        request.cursor = page.items[0].name
        let rest = try await restricted.call(MetainfoMethods.listBuckets, request)
        #expect(!rest.more && rest.items.map(\.name) == [Data("gamma".utf8)])
    }

    @Test func `a revoked key and what was made of it are refused at once`() async throws {
        let client = try await client()
        let child = client.satellite.key.restricted(by: Caveat(nonce: [1, 2, 3, 4]))
        let grandchild = child.restricted(by: Caveat(nonce: [5, 6, 7, 8]))
        _ = try await TestClient(client.satellite, key: grandchild).put("key")
        var request = Metainfo_RevokeAPIKeyRequest()
        request.header = client.header
        request.apiKey = Data(child.serialized)
        _ = try await client.call(MetainfoMethods.revokeAPIKey, request)
        for key in [child, grandchild] {
            await #expect(throws: RPCStatusError(.permissionDenied, "Unauthorized API credentials")) {
                try await TestClient(client.satellite, key: key).get("key")
            }
        }
        _ = try await client.call(MetainfoMethods.revokeAPIKey, request)
    }

    @Test func `a rate of nothing disables all access`() async throws {
        var limits = ProjectLimits()
        limits.ratePerSecond = 0
        limits.burst = 0
        let satellite = try await TestSatellite(nodeCount: 0, limits: limits)
        let client = TestClient(satellite)
        var request = Metainfo_ProjectInfoRequest()
        request.header = client.header
        let failure = try await client.failure(MetainfoMethods.projectInfo, request)
        #expect(failure == RPCStatusError(.permissionDenied, "All access disabled"))
    }

    // MARK: - Settings of buckets

    @Test func `tags are kept when the operator wants them`() async throws {
        var settings = MetainfoSettings()
        settings.bucketTagging = true
        let client = try await client(settings)
        var request = Metainfo_SetBucketTaggingRequest()
        request.header = client.header
        request.name = client.bucket
        var tag = Metainfo_BucketTag()
        tag.key = Data("team".utf8)
        tag.value = Data("rot & blau".utf8)
        request.tags = [tag]
        #expect(try await client.failure(MetainfoMethods.setBucketTagging, request)?.code == .tagValueInvalid)
        request.tags[0].value = Data("rot + blau".utf8)
        _ = try await client.call(MetainfoMethods.setBucketTagging, request)
        var get = Metainfo_GetBucketTaggingRequest()
        get.header = client.header
        get.name = client.bucket
        #expect(try await client.call(MetainfoMethods.getBucketTagging, get).tags == request.tags)
        request.tags = [tag, tag]
        #expect(try await client.failure(MetainfoMethods.setBucketTagging, request)?.code == .tagValueInvalid)
    }

    @Test func `a new bucket remembers the program that made it`() async throws {
        let client = try await client()
        var request = Metainfo_ListBucketsRequest()
        request.header = client.header
        request.direction = .forward
        let buckets = try await client.call(MetainfoMethods.listBuckets, request).items
        #expect(buckets.map(\.userAgent) == [Data("test/1.0".utf8)])
    }
}
