import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct DeletionTests {
    @Test func `an unversioned object is gone with its segments, and deleting nothing is no error`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        let object = try await fixture.put("key")
        #expect(try await fixture.metabase.deleteObject(fixture.at("key")) == ObjectDeletion(removed: [object]))
        #expect(try await fixture.metabase.deleteObject(fixture.at("key")).isEmpty)
        #expect(try await fixture.count("segments") == 0)
        #expect(
            await refuses(.bucketNotFound("none")) {
                _ = try await fixture.metabase.deleteObject(fixture.at("key", in: "none"))
            })
    }

    @Test func `a marker hides the key, and exact versions stay until they are deleted exactly`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(versioning: .enabled)
        let place = fixture.at("key")
        let first = try await fixture.put("key")
        let deletion = try await metabase.deleteObject(place)
        let marker = try #require(deletion.marker)
        #expect(deletion.removed.isEmpty)
        #expect(marker.status == .deleteMarkerVersioned && marker.version == 2)
        #expect(marker.versionID.bytes[8...].count == 8)
        #expect(marker.stream.bytes.prefix(6).allSatisfy { $0 == 0xff })
        #expect(await refuses(.objectNotFound) { _ = try await metabase.object(place) })
        #expect(await refuses(.methodNotAllowed) { _ = try await metabase.object(place, version: marker.versionID) })
        #expect(try await metabase.object(place, version: first.versionID) == first)
        #expect(try await metabase.deleteObject(place, version: marker.versionID).removed == [marker])
        #expect(try await metabase.object(place) == first)
        let foreign = ObjectVersionID(version: first.version, stream: StreamID.random(using: fixture.random))
        #expect(await refuses(.objectNotFound) { _ = try await metabase.object(place, version: foreign) })
        #expect(try await metabase.deleteObject(place, version: foreign).isEmpty)
        #expect(try await metabase.deleteObject(place, version: first.versionID).removed == [first])
        #expect(try await fixture.count("objects") == 0)
        #expect(try await metabase.deleteObject(place).marker?.version == 1)
    }

    @Test func `a suspended bucket keeps one null version, object or marker`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(versioning: .enabled)
        let kept = try await fixture.put("key")
        try await metabase.setVersioning(fixture.bucket("bucket"), enabled: false)
        let null = try await fixture.put("key")
        #expect(null.status == .committedUnversioned && null.version == 2)
        let again = try await fixture.put("key")
        #expect(again.version == 2)
        let deletion = try await metabase.deleteObject(fixture.at("key"))
        #expect(deletion.removed == [again])
        #expect(deletion.marker?.status == .deleteMarkerUnversioned)
        #expect(deletion.marker?.version == 2)
        let last = try await fixture.put("key")
        #expect(try await fixture.count("objects") == 2)
        #expect(try await metabase.object(fixture.at("key")) == last)
        #expect(try await metabase.object(fixture.at("key"), version: kept.versionID) == kept)
    }

    @Test func `many deletions answer one by one`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(lock: true)
        let now = fixture.clock.now
        let free = try await fixture.put("free")
        let held = try await fixture.put("held", lock: ObjectLock(legalHold: true))
        let governed = try await fixture.put(
            "governed",
            lock: ObjectLock(retention: Retention(mode: .governance, retainUntil: now.advanced(by: .seconds(60)))))
        let items =
            [free, held, governed, free].map {
                ObjectDeletionItem(key: $0.key, version: $0.versionID)
            } + [ObjectDeletionItem(key: [1], version: free.versionID)]
        let outcomes = try await metabase.deleteObjects(fixture.bucket("bucket"), items)
        let deleted = ObjectDeletionOutcome.deleted(ObjectDeletion(removed: [free]))
        #expect(outcomes == [deleted, .locked, .locked, deleted, .notFound])
        let bypassed = try await metabase.deleteObjects(
            fixture.bucket("bucket"), Array(items[1...2]), bypassingGovernance: true)
        #expect(bypassed == [.locked, .deleted(ObjectDeletion(removed: [governed]))])
    }

    @Test func `expired rows are absent to readers and removed by the sweeper`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(versioning: .enabled)
        let stays = try await fixture.put("key")
        let expiry = fixture.clock.now.advanced(by: .seconds(60))
        let goes = try await fixture.put("key", expiresAt: expiry)
        try await fixture.put("other", expiresAt: expiry)
        #expect(try await metabase.object(fixture.at("key")) == goes)
        fixture.clock.advance(by: .seconds(60))
        #expect(try await metabase.object(fixture.at("key")) == stays)
        #expect(
            await refuses(.objectNotFound) {
                _ = try await metabase.object(fixture.at("key"), version: goes.versionID)
            })
        #expect(await refuses(.segmentNotFound) { _ = try await metabase.segment(of: goes.stream, at: .zero) })
        #expect(try await metabase.segments(of: goes.stream, limit: 5).segments.isEmpty)
        #expect(try await metabase.list(ObjectListing(bucket: fixture.bucket("bucket"))).items.count == 1)
        #expect(try await fixture.count("objects") == 3)
        #expect(try await metabase.deleteExpiredObjects(limit: 1) == 1)
        #expect(try await metabase.deleteExpiredObjects(limit: 10) == 1)
        #expect(try await metabase.deleteExpiredObjects(limit: 10) == 0)
        #expect(try await fixture.count("objects") == 1)
        #expect(try await fixture.count("segments") == 1)
    }

    @Test func `a stale upload is swept, one that is worked on is not`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket()
        let stale = try await metabase.beginUpload(fixture.newUpload("stale")).reference
        let alive = try await metabase.beginUpload(fixture.newUpload("alive")).reference
        let parts = try await metabase.beginUpload(fixture.newUpload("parts", multipart: true)).reference
        for reference in [stale, alive] { try await metabase.commitSegment(fixture.inline(), in: reference) }
        fixture.clock.advance(by: .seconds(13 * 3600))
        try await metabase.commitSegment(fixture.inline(0, 1), in: alive)
        fixture.clock.advance(by: .seconds(12 * 3600))
        #expect(try await metabase.deleteStaleUploads(limit: 10) == 1)
        #expect(await refuses(.pendingObjectMissing) { _ = try await metabase.upload(stale) })
        _ = try await metabase.upload(alive)
        _ = try await metabase.upload(parts)
        #expect(try await fixture.count("segments") == 2)
    }
}
