import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct BucketTests {
    @Test func `a bucket is unique in its project and counted`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        let bucket = try await fixture.createBucket("one")
        #expect(try await metabase.bucket(fixture.bucket("one")) == bucket)
        #expect(try await metabase.bucket(id: bucket.id) == bucket)
        #expect(await refuses(.bucketExists) { try await fixture.createBucket("one") })
        #expect(await refuses(.bucketNotFound("two")) { _ = try await metabase.bucket(fixture.bucket("two")) })
        let limited = NewBucket(location: fixture.bucket("two"), maximumBuckets: 1)
        #expect(await refuses(.bucketLimitReached(1)) { _ = try await metabase.createBucket(limited) })
        #expect(try await metabase.countBuckets(project: fixture.project) == 1)
        let other = BucketLocation(project: ProjectID.random(using: fixture.random), name: "one")
        #expect(try await metabase.createBucket(NewBucket(location: other)).id != bucket.id)
    }

    @Test func `buckets are listed by name in pages`() async throws {
        let fixture = try await Fixture()
        let names = ["abc", "abc-d", "abd", "b", "b.b"]
        for name in names.shuffled() { try await fixture.createBucket(name) }
        func page(_ cursor: String, _ inclusive: Bool, _ limit: Int) async throws -> ([String], Bool) {
            let page = try await fixture.metabase.listBuckets(
                project: fixture.project, from: cursor, includingCursor: inclusive, limit: limit)
            return (page.buckets.map(\.name), page.hasMore)
        }
        #expect(try await page("", false, 10) == (names, false))
        #expect(try await page("", true, 5) == (names, false))
        #expect(try await page("", false, 2) == (["abc", "abc-d"], true))
        #expect(try await page("abc-d", false, 2) == (["abd", "b"], true))
        #expect(try await page("abc-d", true, 2) == (["abc-d", "abd"], true))
        #expect(try await page("zzz", true, 2) == ([], false))
    }

    @Test func `a deleted bucket frees its name at once and is purged later`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        let old = try await fixture.createBucket()
        for index in 0..<25 { try await fixture.put("key\(index)") }
        let upload = try await metabase.beginUpload(fixture.newUpload("pending")).reference
        try await metabase.commitSegment(fixture.remote(), in: upload)
        #expect(
            await refuses(.bucketNotEmpty) {
                _ = try await metabase.deleteBucket(fixture.bucket("bucket"), deletingContents: false)
            })
        let deleted = try await metabase.deleteBucket(fixture.bucket("bucket"), deletingContents: true)
        #expect(deleted.bucket == old)
        #expect(deleted.deletedObjects == 26)
        #expect(await refuses(.bucketNotFound("bucket")) { _ = try await metabase.object(fixture.at("key1")) })
        let new = try await fixture.createBucket()
        #expect(new.id != old.id)
        try await fixture.put("key1")
        while try await metabase.purgeBuckets(limit: 7) > 0 {}
        #expect(try await fixture.count("objects") == 1)
        #expect(try await fixture.count("segments") == 1)
        #expect(try await fixture.count("uploads") == 0)
        #expect(try await fixture.count("buckets") == 1)
    }

    @Test func `only what has not expired keeps a bucket from being deleted`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        try await fixture.put("a", expiresAt: fixture.clock.now.advanced(by: .seconds(1)))
        fixture.clock.advance(by: .seconds(1))
        _ = try await fixture.metabase.deleteBucket(fixture.bucket("bucket"), deletingContents: false)
        #expect(try await fixture.metabase.countBuckets(project: fixture.project) == 0)
    }

    @Test func `versioning is enabled and suspended but never undone`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        let location = fixture.bucket("bucket")
        try await fixture.createBucket()
        #expect(
            await refuses(.versioningNeverEnabled) {
                try await metabase.setVersioning(location, enabled: false)
            })
        #expect(
            await refuses(.lockRequiresVersioning) {
                try await metabase.setLock(location, defaultRetention: nil)
            })
        for enabled in [true, false, true] {
            try await metabase.setVersioning(location, enabled: enabled)
            #expect(try await metabase.bucket(location).versioning == (enabled ? .enabled : .suspended))
        }
        let rule = DefaultRetention(mode: .governance, period: .days(3))
        try await metabase.setLock(location, defaultRetention: rule)
        #expect(try await metabase.bucket(location).defaultRetention == rule)
        #expect(
            await refuses(.versioningRequiredByLock) {
                try await metabase.setVersioning(location, enabled: false)
            })
        try await metabase.setLock(location, defaultRetention: nil)
        let bucket = try await metabase.bucket(location)
        #expect(bucket.isLockEnabled && bucket.defaultRetention == nil)
    }

    @Test func `tags, notifications and attribution are kept`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        let location = fixture.bucket("bucket")
        try await fixture.createBucket()
        let tags = [BucketTag(key: "ключ", value: ""), BucketTag(key: "b", value: String(repeating: "ü", count: 256))]
        try await metabase.setTags(location, tags)
        try await metabase.setNotifications(location, [1, 2, 3])
        try await metabase.setUserAgent(location, Array("rclone".utf8))
        try await metabase.setUserAgent(location, Array("other".utf8))
        let bucket = try await metabase.bucket(location)
        #expect(bucket.tags == tags)
        #expect(bucket.notifications == [1, 2, 3])
        #expect(bucket.userAgent == Array("rclone".utf8))
        try await metabase.setTags(location, [])
        #expect(try await metabase.bucket(location).tags.isEmpty)
        try await fixture.createBucket("full")
        try await fixture.put("a", in: "full")
        try await metabase.setUserAgent(fixture.bucket("full"), [1])
        #expect(try await metabase.bucket(fixture.bucket("full")).userAgent.isEmpty)
    }
}
