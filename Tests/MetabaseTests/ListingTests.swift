import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct ListingTests {
    private func keys(_ page: ObjectPage) -> [String] {
        page.items.map { String(decoding: $0.key, as: UTF8.self) }
    }

    @Test func `thousands of keys below a prefix and of versions of a key are sought past`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(versioning: .enabled)
        for index in 0..<600 { try await fixture.put("dir/\(index)") }
        for _ in 0..<300 { try await fixture.put("versions") }
        try await fixture.put("zoo")
        let bucket = fixture.bucket("bucket")
        let flat = try await metabase.list(ObjectListing(bucket: bucket, delimiter: [0x2f]))
        #expect(keys(flat) == ["dir/", "versions", "zoo"])
        let below = try await metabase.list(ObjectListing(bucket: bucket, prefix: Array("dir/".utf8), limit: 1000))
        #expect(below.items.count == 600 && !below.hasMore)
        // Every version once, page after page, only the first called the newest.
        var listing = ObjectListing(bucket: bucket, scope: .allVersions, prefix: Array("ver".utf8), limit: 70)
        var versions: [Int64] = []
        var newest: [Int64] = []
        var hasMore = true
        while hasMore {
            let page = try await metabase.list(listing)
            hasMore = page.hasMore
            for case .object(let object, let isLatest) in page.items {
                versions.append(object.version)
                if isLatest { newest.append(object.version) }
                listing.cursor = .init(key: Array("sions".utf8), version: object.versionID)
            }
        }
        #expect(versions == (1...300).reversed())
        #expect(newest == [300])
    }

    @Test func `metadata comes along only when asked for`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        let object = try await fixture.put("key", metadata: fixture.metadata("secret", etag: "tag"))
        let upload = try await fixture.metabase.beginUpload(
            fixture.newUpload("key", metadata: fixture.metadata("pending")))
        for includes in [false, true] {
            let bucket = fixture.bucket("bucket")
            let objects = try await fixture.metabase.list(
                ObjectListing(bucket: bucket, includesMetadata: includes))
            let uploads = try await fixture.metabase.list(
                ObjectListing(bucket: bucket, scope: .uploads, includesMetadata: includes))
            guard case .object(let listed, true) = objects.items.first, case .upload(let pending) = uploads.items.first
            else {
                Issue.record("an object and an upload are listed")
                continue
            }
            #expect(listed.metadata == (includes ? object.metadata : ObjectMetadata()))
            #expect(pending.metadata == (includes ? upload.metadata : ObjectMetadata()))
            #expect(listed.plainSize == object.plainSize && pending.reference == upload.reference)
        }
    }

    @Test func `keys of 0xff bytes end a listing as they should`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        let bucket = fixture.bucket("bucket")
        for key in [[0xff], [0xff, 0xff], [0xff, 0xff, 0x2f, 1], [0xff, 0xff, 0x2f, 2]] as [[UInt8]] {
            _ = try await fixture.metabase.putObject(
                NewUpload(
                    location: ObjectLocation(bucket: bucket, key: key),
                    encryption: ObjectEncryption(cipherSuite: 2, blockSize: 1)),
                segments: [], ObjectCommit(mayOverwrite: true))
        }
        let page = try await fixture.metabase.list(ObjectListing(bucket: bucket, prefix: [0xff], delimiter: [0xff]))
        #expect(page.items.map(\.key) == [[0xff], [0xff, 0xff]])
        let end = try await fixture.metabase.list(
            ObjectListing(bucket: bucket, delimiter: [0xff], cursor: .init(key: [0xff, 0xff])))
        #expect(end.items.isEmpty && !end.hasMore)
        let slash = try await fixture.metabase.list(
            ObjectListing(bucket: bucket, prefix: [0xff, 0xff], delimiter: [0x2f]))
        #expect(slash.items.map(\.key) == [[0xff, 0xff], [0xff, 0xff, 0x2f]])
    }

    @Test func `a missing bucket is not an empty one`() async throws {
        let fixture = try await Fixture()
        #expect(
            await refuses(.bucketNotFound("nowhere")) {
                _ = try await fixture.metabase.list(ObjectListing(bucket: fixture.bucket("nowhere")))
            })
    }
}
