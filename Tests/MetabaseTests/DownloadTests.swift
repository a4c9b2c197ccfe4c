import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct DownloadTests {
    /// An object of plain sizes 10, 10, 0 and 5 at offsets 0, 10, 20 and 20.
    private func fixture() async throws -> Fixture {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        let segments = [Int64(10), 10, 0, 5].enumerated().map { fixture.inline(0, Int32($0), size: $1) }
        _ = try await fixture.metabase.putObject(
            fixture.newUpload("key"), segments: segments, ObjectCommit(mayOverwrite: true))
        return fixture
    }

    @Test(arguments: [
        (PlainRange.whole, [0, 1, 2, 3]), (.start(0), [0, 1, 3]), (.start(-5), [0, 1, 3]), (.start(9), [0, 1, 3]),
        (.start(10), [1, 3]), (.start(20), [3]), (.start(25), []), (.start(.max), []), (.suffix(0), []),
        (.suffix(1), [3]), (.suffix(6), [1, 3]), (.suffix(.max), [0, 1, 3]), (.startLimit(0, 1), [0]),
        (.startLimit(9, 11), [0, 1]), (.startLimit(10, 20), [1]), (.startLimit(12, .max), [1, 3]),
        (.startLimit(12, 12), [1]), (.startLimit(.min, 3), [0]), (.startLimit(25, 30), []), (.startLimit(-5, -2), []),
        (.startLimit(.max, .max), []), (.startLimit(.min, .min), []), (.suffix(.min), []), (.start(.min), [0, 1, 3]),
        (.startLimit(24, 24), [3]), (.startLimit(25, 25), []), (.startLimit(0, 0), [0]),
    ])
    func `a range lists the segments it overlaps`(range: PlainRange, expected: [Int32]) async throws {
        let fixture = try await fixture()
        let download = try await fixture.metabase.download(fixture.at("key"), range: range, limit: 100)
        #expect(download.page.segments.map(\.position.index) == expected)
        #expect(download.first?.position.index == expected.first)
        #expect(!download.page.hasMore)
        let cut = try await fixture.metabase.download(fixture.at("key"), range: range, limit: 1)
        #expect(cut.page.segments.map(\.position.index) == Array(expected.prefix(1)))
        #expect(cut.page.hasMore == (expected.count > 1))
    }

    @Test func `a range that begins behind its end is refused`() async throws {
        let fixture = try await fixture()
        #expect(
            await refuses(.invalidRange(start: 50, limit: 40)) {
                _ = try await fixture.metabase.download(fixture.at("key"), range: .startLimit(50, 40), limit: 1)
            })
    }

    @Test func `segments are paged after a position`() async throws {
        let fixture = try await fixture()
        let stream = try await fixture.metabase.object(fixture.at("key")).stream
        let page = try await fixture.metabase.segments(
            of: stream, after: SegmentPosition(part: 0, index: 1), limit: 1)
        #expect(page.segments.map(\.position.index) == [2])
        #expect(page.hasMore)
        let rest = try await fixture.metabase.segments(
            of: stream, after: SegmentPosition(part: 0, index: 0), range: 19..<22, limit: 9)
        #expect(rest.segments.map(\.position.index) == [1, 3])
        #expect(
            await refuses(.segmentNotFound) {
                _ = try await fixture.metabase.segment(of: stream, at: SegmentPosition(encoded: 9))
            })
    }

    @Test func `an empty object has one empty segment and no range`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        _ = try await fixture.metabase.putObject(
            fixture.newUpload("empty"), segments: [fixture.inline(size: 0)], ObjectCommit(mayOverwrite: true))
        for range in [PlainRange.start(0), .suffix(5), .startLimit(0, 10)] {
            let download = try await fixture.metabase.download(fixture.at("empty"), range: range, limit: 5)
            #expect(download.page.segments.isEmpty && download.object.segmentCount == 1)
        }
        let whole = try await fixture.metabase.download(fixture.at("empty"), range: .whole, limit: 5)
        #expect(whole.page.segments.count == 1)
    }

    @Test func `metadata is replaced group by group, on older versions too`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket(versioning: .enabled)
        let place = fixture.at("key")
        let old = try await fixture.put("key", metadata: fixture.metadata("old"))
        let object = try await fixture.put("key", metadata: fixture.metadata("custom", etag: "etag"))
        let new = fixture.metadata("other", etag: "tag")
        try await metabase.updateMetadata(place, stream: object.stream, ObjectMetadataUpdate(metadata: new))
        var stored = try await metabase.object(place).metadata
        #expect(stored.encrypted == new.encrypted && stored.encryptedETag == object.metadata.encryptedETag)
        #expect(stored.encryptedKey == new.encryptedKey && stored.nonce == new.nonce)
        try await metabase.updateMetadata(
            place, stream: object.stream,
            ObjectMetadataUpdate(metadata: fixture.metadata("x", etag: "y"), replacesCustom: false, replacesETag: true))
        stored = try await metabase.object(place).metadata
        #expect(stored.encrypted == new.encrypted && stored.encryptedETag == Array("y".utf8))
        #expect(
            await refuses(.metadataKeyMismatch) {
                try await metabase.updateMetadata(
                    place, stream: object.stream, ObjectMetadataUpdate(metadata: ObjectMetadata(encrypted: [1])))
            })
        try await metabase.updateMetadata(place, stream: old.stream, ObjectMetadataUpdate(metadata: new))
        #expect(try await metabase.object(place, version: old.versionID).metadata.encrypted == new.encrypted)
        #expect(try await metabase.object(place).metadata.encryptedETag == Array("y".utf8))
        #expect(
            await refuses(.objectNotFound) {
                try await metabase.updateMetadata(
                    fixture.at("other"), stream: old.stream, ObjectMetadataUpdate(metadata: new))
            })
        try await metabase.updateMetadata(
            place, stream: object.stream,
            ObjectMetadataUpdate(metadata: ObjectMetadata(), replacesETag: true))
        #expect(try await metabase.object(place).metadata == ObjectMetadata())
    }
}
