import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct UploadTests {
    @Test func `an object appears with its segments at the commit and not before`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket()
        let upload = try await metabase.beginUpload(fixture.newUpload("key", metadata: fixture.metadata("begin")))
        fixture.clock.advance(by: .seconds(5))
        let segments = [fixture.remote(0, 0), fixture.remote(0, 1), fixture.inline(0, 2, size: 9)]
        for segment in segments.reversed() { try await metabase.commitSegment(segment, in: upload.reference) }
        #expect(await refuses(.objectNotFound) { _ = try await metabase.object(fixture.at("key")) })
        let object = try await metabase.commitObject(upload.reference, ObjectCommit(mayOverwrite: true))
        #expect(try await metabase.object(fixture.at("key")) == object)
        #expect(object.createdAt == upload.reference.createdAt)
        #expect(object.stream == upload.reference.stream)
        #expect(object.metadata == upload.metadata)
        #expect(object.status == .committedUnversioned)
        #expect(object.version == 1)
        #expect(object.segmentCount == 3)
        #expect(object.plainSize == 2 * (64 << 20) + 9)
        #expect(object.encryptedSize == object.plainSize + 48)
        #expect(object.fixedSegmentSize == 64 << 20)
        let page = try await metabase.segments(of: object.stream, limit: 10)
        #expect(page.segments.map(\.plainOffset) == [0, 64 << 20, 128 << 20])
        for segment in segments {
            let stored = try await metabase.segment(of: object.stream, at: segment.position)
            #expect(stored.content == segment.content)
            #expect(stored.summary.encryptedKey == segment.encryptedKey)
        }
        #expect(try await metabase.lastSegment(of: object.stream).position == segments[2].position)
        #expect(try await fixture.count("uploads") == 0)
    }

    @Test func `a committed or aborted upload is gone for good`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket()
        let first = try await metabase.beginUpload(fixture.newUpload("key")).reference
        let second = try await metabase.beginUpload(fixture.newUpload("key")).reference
        try await metabase.commitSegment(fixture.inline(), in: second)
        _ = try await metabase.commitObject(first, segments: [fixture.inline()], ObjectCommit(mayOverwrite: true))
        _ = try await metabase.abortUpload(second)
        for reference in [first, second] {
            #expect(await refuses(.pendingObjectMissing) { _ = try await metabase.upload(reference) })
            #expect(
                await refuses(.pendingObjectMissing) {
                    try await metabase.commitSegment(fixture.inline(), in: reference)
                })
            #expect(
                await refuses(.pendingObjectMissing) {
                    _ = try await metabase.commitObject(reference, ObjectCommit(mayOverwrite: true))
                })
            #expect(await refuses(.pendingObjectMissing) { _ = try await metabase.abortUpload(reference) })
        }
        #expect(try await fixture.count("segments") == 1)
    }

    @Test func `the last commit of a key wins and leaves nothing of the others`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket()
        let references = try await withThrowingTaskGroup(of: Upload.self) { group in
            for _ in 0..<20 { group.addTask { try await metabase.beginUpload(fixture.newUpload("key")) } }
            return try await group.reduce(into: [UploadReference]()) { $0.append($1.reference) }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reference in references {
                group.addTask {
                    _ = try await metabase.commitObject(
                        reference, segments: [fixture.remote()], ObjectCommit(mayOverwrite: true))
                }
            }
            try await group.waitForAll()
        }
        #expect(try await fixture.count("objects") == 1)
        #expect(try await fixture.count("segments") == 1)
        let object = try await metabase.object(fixture.at("key"))
        #expect(object.version == 1)
        #expect(try await metabase.segments(of: object.stream, limit: 5).segments.count == 1)
    }

    @Test func `parts but the last must have the least size`() async throws {
        var settings = MetabaseSettings()
        settings.minimumPartSize = 100
        settings.maximumParts = 3
        let fixture = try await Fixture(settings: settings)
        let metabase = fixture.metabase
        try await fixture.createBucket()
        let upload = try await metabase.beginUpload(fixture.newUpload("key", multipart: true)).reference
        try await metabase.commitSegment(fixture.inline(3, 0, size: 60), in: upload)
        try await metabase.commitSegment(fixture.inline(3, 1, size: 39), in: upload)
        try await metabase.commitSegment(fixture.inline(9, 0, size: 1), in: upload)
        #expect(
            await refuses(.partTooSmall(part: 3, size: 99, minimum: 100)) {
                _ = try await metabase.commitObject(upload, ObjectCommit(mayOverwrite: true))
            })
        try await metabase.commitSegment(fixture.inline(3, 1, size: 40), in: upload)
        for part in [Int32(10), 11] { try await metabase.commitSegment(fixture.inline(part, 0, size: 100), in: upload) }
        try await metabase.commitSegment(fixture.inline(9, 0, size: 100), in: upload)
        #expect(
            await refuses(.tooManyParts(3)) {
                _ = try await metabase.commitObject(upload, ObjectCommit(mayOverwrite: true))
            })
    }

    @Test func `the tail of a longer earlier upload of a part is dropped`() async throws {
        var settings = MetabaseSettings()
        settings.minimumPartSize = 1
        let fixture = try await Fixture(settings: settings)
        let metabase = fixture.metabase
        try await fixture.createBucket()
        let upload = try await metabase.beginUpload(fixture.newUpload("key", multipart: true)).reference
        for (index, size) in [64, 64, 64, 10].enumerated() {
            try await metabase.commitSegment(fixture.inline(1, Int32(index), size: Int64(size)), in: upload)
        }
        for (index, size) in [64, 5].enumerated() {
            try await metabase.commitSegment(fixture.inline(1, Int32(index), size: Int64(size)), in: upload)
        }
        try await metabase.commitSegment(fixture.inline(2, 0, size: 7), in: upload)
        let object = try await metabase.commitObject(upload, ObjectCommit(mayOverwrite: true))
        #expect(object.plainSize == 76)
        #expect(object.segmentCount == 3)
        #expect(object.fixedSegmentSize == -1)
        let stored = try await metabase.segments(of: object.stream, limit: 10).segments
        #expect(stored.map(\.plainOffset) == [0, 64, 69])
        #expect(stored.map(\.plainSize) == [64, 5, 7])
    }

    @Test func `overwriting needs permission and if-none-match refuses any object`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        try await fixture.createBucket("versions", versioning: .enabled)
        for bucket in ["bucket", "versions"] {
            try await fixture.put("key", in: bucket, mayOverwrite: false, mustNotExist: true)
            #expect(
                await refuses(.objectExists) {
                    try await fixture.put("key", in: bucket, mayOverwrite: false, mustNotExist: true)
                })
        }
        #expect(await refuses(.overwriteForbidden) { try await fixture.put("key", mayOverwrite: false) })
        try await fixture.put("key", in: "versions", mayOverwrite: false)
        #expect(try await fixture.count("objects") == 3)
        _ = try await fixture.metabase.deleteObject(fixture.at("key", in: "versions"))
        try await fixture.put("key", in: "versions", mayOverwrite: false, mustNotExist: true)
        #expect(try await fixture.metabase.object(fixture.at("key", in: "versions")).version == 4)
    }

    @Test func `an expired object may be replaced by anyone`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        try await fixture.put("key", expiresAt: fixture.clock.now.advanced(by: .seconds(10)))
        #expect(await refuses(.overwriteForbidden) { try await fixture.put("key", mayOverwrite: false) })
        fixture.clock.advance(by: .seconds(10))
        try await fixture.put("key", mayOverwrite: false, mustNotExist: true)
        #expect(try await fixture.count("objects") == 1)
        #expect(try await fixture.count("segments") == 1)
    }

    @Test func `an upload into a missing or deleted bucket is refused`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        #expect(await refuses(.bucketNotFound("bucket")) { _ = try await metabase.beginUpload(fixture.newUpload("a")) })
        #expect(await refuses(.bucketNotFound("bucket")) { try await fixture.put("a") })
        try await fixture.createBucket()
        let upload = try await metabase.beginUpload(fixture.newUpload("a")).reference
        _ = try await metabase.deleteBucket(fixture.bucket("bucket"), deletingContents: true)
        try await fixture.createBucket()
        #expect(
            await refuses(.pendingObjectMissing) {
                _ = try await metabase.commitObject(upload, ObjectCommit(mayOverwrite: true))
            })
        #expect(await refuses(.objectNotFound) { _ = try await metabase.object(fixture.at("a")) })
    }

    @Test func `the token's fields are the same at begin and in every listing`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket()
        let expiry = Timestamp(seconds: 1_900_000_000, nanoseconds: 123_456_789)
        var begun: [Upload] = []
        for _ in 0..<5 {
            begun.append(
                try await metabase.beginUpload(
                    fixture.newUpload("key", expiresAt: expiry, metadata: fixture.metadata("m"), multipart: true)))
        }
        let listed = try await metabase.list(ObjectListing(bucket: fixture.bucket("bucket"), scope: .uploads))
        let ordered = begun.sorted { $0.reference.versionID.streamSuffix < $1.reference.versionID.streamSuffix }
        #expect(listed.items == ordered.map { .upload($0) })
        #expect(try await metabase.uploads(of: fixture.at("key"), limit: 10).uploads == ordered)
        for (index, upload) in ordered.enumerated() {
            let rest = try await metabase.uploads(of: fixture.at("key"), after: upload.reference, limit: 1)
            #expect(rest.uploads == Array(ordered.dropFirst(index + 1).prefix(1)))
            #expect(rest.hasMore == (index < 3))
            #expect(try await metabase.upload(upload.reference) == upload)
        }
    }
}
