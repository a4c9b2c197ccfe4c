import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct ObjectLockTests {
    private func retention(_ mode: RetentionMode, _ seconds: Int, _ fixture: Fixture) -> Retention {
        Retention(mode: mode, retainUntil: fixture.clock.now.advanced(by: .seconds(seconds)))
    }

    @Test func `a locked version cannot be deleted or moved before its time`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(lock: true)
        for mode in [RetentionMode.compliance, .governance] {
            let object = try await fixture.put("key", lock: ObjectLock(retention: retention(mode, 60, fixture)))
            let place = fixture.at("key")
            #expect(
                await refuses(.objectLocked) {
                    _ = try await metabase.deleteObject(place, version: object.versionID)
                })
            let begun = try await metabase.beginCopy(place, to: fixture.bucket("bucket"))
            let move = ObjectTransfer(
                source: ObjectReference(
                    bucket: object.bucket, key: object.key, version: object.version, stream: object.stream),
                destination: fixture.at("elsewhere"), segmentKeys: begun.segmentKeys, mayOverwrite: true)
            #expect(await refuses(.objectLocked) { _ = try await metabase.finishMove(move) })
            #expect(
                await refuses(.objectLocked) {
                    _ = try await metabase.deleteBucket(fixture.bucket("bucket"), deletingContents: true)
                })
            if mode == .compliance {
                #expect(
                    await refuses(.objectLocked) {
                        _ = try await metabase.deleteObject(
                            place, version: object.versionID, bypassingGovernance: true)
                    })
                fixture.clock.advance(by: .seconds(60))
                #expect(try await metabase.deleteObject(place, version: object.versionID).removed == [object])
            } else {
                let deletion = try await metabase.deleteObject(
                    place, version: object.versionID, bypassingGovernance: true)
                #expect(deletion.removed == [object])
            }
        }
    }

    @Test func `a default retention is given to what is put, copied and moved`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(lock: true)
        try await fixture.createBucket("plain")
        try await metabase.setLock(
            fixture.bucket("bucket"), defaultRetention: DefaultRetention(mode: .compliance, period: .days(2)))
        let until = fixture.clock.now.advanced(by: .seconds(2 * 86_400))
        let expected = ObjectLock(retention: Retention(mode: .compliance, retainUntil: until))
        #expect(try await fixture.put("key").lock == expected)
        #expect(try await metabase.beginUpload(fixture.newUpload("up")).lock == expected)
        let own = ObjectLock(retention: retention(.governance, 5, fixture))
        #expect(try await fixture.put("own", lock: own).lock == own)
        #expect(
            await refuses(.expiryWithDefaultRetention) {
                try await fixture.put("x", expiresAt: until)
            })
        #expect(await refuses(.expiryWithLock) { try await fixture.put("x", expiresAt: until, lock: own) })
        #expect(await refuses(.bucketLockNotEnabled) { try await fixture.put("x", in: "plain", lock: own) })
        let source = try await fixture.put("source", in: "plain")
        let begun = try await metabase.beginCopy(fixture.at("source", in: "plain"), to: fixture.bucket("bucket"))
        let copied = try await metabase.finishCopy(
            ObjectTransfer(
                source: ObjectReference(
                    bucket: source.bucket, key: source.key, version: source.version, stream: source.stream),
                destination: fixture.at("copy"), segmentKeys: begun.segmentKeys, mayOverwrite: true))
        #expect(copied.lock == expected)
    }

    @Test func `an active retention can only be made stronger`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(lock: true)
        let place = fixture.at("key")
        func change(_ retention: Retention?, bypass: Bool = false) async -> Bool {
            await !refuses(.objectLocked) {
                try await metabase.setRetention(place, retention, bypassingGovernance: bypass)
            }
        }
        try await fixture.put("key")
        #expect(await change(retention(.governance, 60, fixture)))
        #expect(await !change(nil))
        #expect(await !change(retention(.governance, 59, fixture)))
        #expect(await change(retention(.governance, 59, fixture), bypass: true))
        #expect(await change(nil, bypass: true))
        #expect(await change(retention(.governance, 60, fixture)))
        #expect(await change(retention(.compliance, 60, fixture)))
        for bypass in [false, true] {
            #expect(await !change(nil, bypass: bypass))
            #expect(await !change(retention(.compliance, 59, fixture), bypass: bypass))
            #expect(await !change(retention(.governance, 90, fixture), bypass: bypass))
        }
        #expect(await change(retention(.compliance, 90, fixture)))
        try await metabase.setLegalHold(place, true)
        let lock = try await metabase.objectLock(place)
        #expect(lock == ObjectLock(retention: retention(.compliance, 90, fixture), legalHold: true))
        fixture.clock.advance(by: .seconds(90))
        #expect(await change(nil))
        let object = try await metabase.object(place)
        #expect(
            await refuses(.objectLocked) {
                _ = try await metabase.deleteObject(place, version: object.versionID, bypassingGovernance: true)
            })
        try await metabase.setLegalHold(place, version: object.versionID, false)
        #expect(try await metabase.deleteObject(place, version: object.versionID).removed.count == 1)
    }

    @Test func `locks need a bucket, an object and no expiry`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(lock: true)
        try await fixture.createBucket("plain")
        try await fixture.put("key", in: "plain")
        let expiring = fixture.at("expiring")
        try await fixture.put("expiring", expiresAt: fixture.clock.now.advanced(by: .seconds(60)))
        #expect(
            await refuses(.bucketLockNotEnabled) {
                try await metabase.setLegalHold(fixture.at("key", in: "plain"), true)
            })
        #expect(await refuses(.objectNotFound) { _ = try await metabase.objectLock(fixture.at("missing")) })
        #expect(await refuses(.objectStateInvalid) { try await metabase.setLegalHold(expiring, true) })
        #expect(
            await refuses(.objectStateInvalid) {
                try await metabase.setRetention(
                    expiring, self.retention(.compliance, 9, fixture), bypassingGovernance: false)
            })
        let marker = try #require(try await metabase.deleteObject(expiring).marker)
        #expect(
            await refuses(.methodNotAllowed) {
                _ = try await metabase.objectLock(expiring, version: marker.versionID)
            })
    }
}
