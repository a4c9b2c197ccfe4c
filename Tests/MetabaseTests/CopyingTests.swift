import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct CopyingTests {
    /// A bucket with an object of three segments, and what begin answered.
    private func begin(
        _ fixture: Fixture, metadata: ObjectMetadata = ObjectMetadata()
    ) async throws -> (object: Object, source: CopySource) {
        try await fixture.createBucket()
        let object = try await fixture.metabase.putObject(
            fixture.newUpload("source", metadata: metadata),
            segments: [fixture.remote(0, 0), fixture.remote(0, 1), fixture.inline(0, 2)],
            ObjectCommit(mayOverwrite: true))
        let source = try await fixture.metabase.beginCopy(fixture.at("source"), to: fixture.bucket("bucket"))
        return (object, source)
    }

    private func transfer(
        _ object: Object, _ source: CopySource, to destination: ObjectLocation, _ fixture: Fixture
    ) -> ObjectTransfer {
        let keys = source.segmentKeys.map {
            SegmentKey(
                position: $0.position, encryptedKey: fixture.random.bytes(count: 48),
                encryptedKeyNonce: fixture.random.bytes(count: 24))
        }
        return ObjectTransfer(
            source: ObjectReference(
                bucket: object.bucket, key: object.key, version: object.version, stream: object.stream),
            destination: destination, segmentKeys: keys, mayOverwrite: true)
    }

    private func contents(_ stream: StreamID, _ fixture: Fixture) async throws -> [SegmentContent] {
        var contents: [SegmentContent] = []
        for summary in try await fixture.metabase.segments(of: stream, limit: 100).segments {
            contents.append(try await fixture.metabase.segment(of: stream, at: summary.position).content)
        }
        return contents
    }

    @Test func `a copy refers to the same pieces under new keys and outlives its source`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        let (object, source) = try await begin(fixture, metadata: fixture.metadata("m", etag: "e"))
        #expect(source.object == object)
        var step = transfer(object, source, to: fixture.at("target"), fixture)
        #expect(await refuses(.metadataKeyMismatch) { _ = try await metabase.finishCopy(step) })
        step.metadataKey = fixture.random.bytes(count: 48)
        step.metadataNonce = object.metadata.nonce
        fixture.clock.advance(by: .seconds(7))
        let copy = try await metabase.finishCopy(step)
        #expect(copy.stream != object.stream)
        #expect(copy.createdAt == fixture.clock.now)
        #expect(copy.metadata.encrypted == object.metadata.encrypted)
        #expect(copy.metadata.encryptedETag == object.metadata.encryptedETag)
        #expect(copy.metadata.encryptedKey == step.metadataKey)
        #expect(copy.plainSize == object.plainSize && copy.segmentCount == 3)
        let contents = try await contents(object.stream, fixture)
        #expect(try await self.contents(copy.stream, fixture) == contents)
        _ = try await metabase.deleteObject(fixture.at("source"))
        #expect(try await self.contents(copy.stream, fixture) == contents)
        let stored = try await metabase.beginCopy(fixture.at("target"), to: fixture.bucket("bucket"))
        #expect(stored.segmentKeys == step.segmentKeys)
        #expect(stored.object == copy)
    }

    @Test func `a copy onto itself changes metadata and loses no segment`() async throws {
        let fixture = try await Fixture()
        let (object, source) = try await begin(fixture)
        var step = transfer(object, source, to: fixture.at("source"), fixture)
        step.replacingMetadata = fixture.metadata("new")
        let copy = try await fixture.metabase.finishCopy(step)
        #expect(copy.metadata == step.replacingMetadata)
        #expect(try await fixture.count("objects") == 1)
        #expect(try await fixture.count("segments") == 3)
        #expect(try await fixture.metabase.segments(of: copy.stream, limit: 10).segments.count == 3)
    }

    @Test func `a move keeps stream and creation time, onto itself too`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        let (object, source) = try await begin(fixture)
        try await fixture.put("target")
        var step = transfer(object, source, to: fixture.at("target"), fixture)
        step.mayOverwrite = false
        #expect(await refuses(.overwriteForbidden) { _ = try await metabase.finishMove(step) })
        #expect(try await metabase.object(fixture.at("source")) == object)
        step.mayOverwrite = true
        let moved = try await metabase.finishMove(step)
        #expect(moved.stream == object.stream && moved.createdAt == object.createdAt)
        #expect(await refuses(.objectNotFound) { _ = try await metabase.object(fixture.at("source")) })
        #expect(await refuses(.sourceChanged) { _ = try await metabase.finishMove(step) })
        let again = try await metabase.beginCopy(fixture.at("target"), to: fixture.bucket("bucket"))
        #expect(again.segmentKeys == step.segmentKeys)
        let same = try await metabase.finishMove(transfer(moved, again, to: fixture.at("target"), fixture))
        #expect(same.stream == object.stream)
        #expect(try await fixture.count("objects") == 1)
        #expect(try await fixture.count("segments") == 3)
    }

    @Test func `keys must match the segments and the source must be what it was`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        let (object, source) = try await begin(fixture)
        let step = transfer(object, source, to: fixture.at("target"), fixture)
        var short = step
        short.segmentKeys.removeLast()
        #expect(
            await refuses(.segmentKeyCountMismatch(got: 2, expected: 3)) {
                _ = try await metabase.finishCopy(short)
            })
        var shuffled = step
        shuffled.segmentKeys.swapAt(0, 1)
        #expect(await refuses(.segmentKeyPositionMismatch) { _ = try await metabase.finishMove(shuffled) })
        var elsewhere = step
        elsewhere.destination = fixture.at("target", in: "missing")
        #expect(await refuses(.bucketNotFound("missing")) { _ = try await metabase.finishCopy(elsewhere) })
        try await fixture.put("source")
        #expect(await refuses(.sourceChanged) { _ = try await metabase.finishCopy(step) })
        #expect(
            await refuses(.objectNotFound) {
                _ = try await metabase.beginCopy(fixture.at("nothing"), to: fixture.bucket("bucket"))
            })
        try await fixture.createBucket("far", placement: 9)
        #expect(
            await refuses(.placementMismatch) {
                _ = try await metabase.beginCopy(fixture.at("source"), to: fixture.bucket("far"))
            })
    }

    @Test func `too many segments are refused`() async throws {
        var settings = MetabaseSettings()
        settings.maximumCopySegments = 2
        let fixture = try await Fixture(settings: settings)
        await #expect(throws: MetabaseError.tooManySegments) { _ = try await begin(fixture) }
    }
}
