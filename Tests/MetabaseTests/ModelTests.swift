import Metabase
import StorageModel
import TestSupport
import Testing

/// Random events on the metabase and on the naive model, compared after each.
@Suite struct ModelTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `random events leave the metabase and a naive model alike`(seed: UInt64) async throws {
        var run = try await ModelRun(seed: seed)
        for _ in 0..<120 {
            try await run.event()
            try await run.compare()
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `every way of listing agrees with a naive model`(seed: UInt64) async throws {
        var run = try await ModelRun(seed: 100 + seed)
        for _ in 0..<150 { try await run.event() }
        for _ in 0..<300 { try await run.compareListing() }
        for scope in [ObjectListing.Scope.latest, .allVersions, .uploads] {
            for delimiter in [[], Array("/".utf8)] { try await run.comparePaging(scope, delimiter) }
        }
    }
}

private struct ModelRun {
    private let fixture: Fixture
    private var random: RandomSource
    private var model = BucketModel()
    private static let alphabet: [UInt8] = [0x61, 0x62, 0x2f, 0x2f, 0x00, 0xff]

    init(seed: UInt64) async throws {
        fixture = try await Fixture(seed: seed)
        random = RandomSource.seeded(seed &* 7919)
        try await fixture.createBucket()
    }

    private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
    private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    private mutating func bytes(upTo count: Int) -> [UInt8] {
        (0..<below(count + 1)).map { _ in Self.alphabet[below(Self.alphabet.count)] }
    }

    private mutating func newKey() -> [UInt8] {
        let key = bytes(upTo: 4)
        return key.isEmpty ? [0x61] : key
    }

    /// A key that often exists.
    private mutating func key() -> [UInt8] {
        if chance(60), !model.rows.isEmpty { return model.rows[below(model.rows.count)].key }
        return newKey()
    }

    private func location(_ key: [UInt8]) -> ObjectLocation {
        ObjectLocation(bucket: fixture.bucket("bucket"), key: key)
    }

    private var now: Timestamp { fixture.clock.now }

    mutating func event() async throws {
        fixture.clock.advance(by: .milliseconds(below(3)))
        switch below(20) {
        case 0..<7: try await put()
        case 7..<10: try await delete()
        case 10..<12: try await deleteExactly()
        case 12: try await switchVersioning()
        case 13, 14: try await transfer(isMove: chance(50))
        case 15, 16: try await begin()
        case 17: try await finishUpload()
        case 18: fixture.clock.advance(by: .seconds(below(30)))
        default: try await sweep()
        }
    }

    private mutating func put() async throws {
        let key = key()
        let expiresAt = chance(25) ? now.advanced(by: .seconds(1 + below(60))) : nil
        let commit = ObjectCommit(mayOverwrite: chance(80), mustNotExist: chance(15))
        let upload = NewUpload(
            location: location(key), expiresAt: expiresAt, encryption: ObjectEncryption(cipherSuite: 2, blockSize: 1))
        let fixture = fixture
        let result = await outcome {
            try await fixture.metabase.putObject(upload, segments: [fixture.inline()], commit)
        }
        expect(result, key: key, expiresAt: expiresAt, versioned: model.versioning == .enabled, commit: commit)
    }

    /// Compares what was stored, or refused, with what the model says.
    private mutating func expect(
        _ result: Result<Object, MetabaseError>, key: [UInt8], expiresAt: Timestamp?, versioned: Bool,
        commit: ObjectCommit
    ) {
        let stream = (try? result.get())?.stream ?? StreamID()
        let expected = model.place(
            key, stream: stream, status: (.committedVersioned, .committedUnversioned), expiresAt: expiresAt,
            versioned: versioned, mayOverwrite: commit.mayOverwrite, mustNotExist: commit.mustNotExist, now: now)
        #expect(result.map { BucketModel.Row($0) } == expected)
    }

    private mutating func delete() async throws {
        let key = key()
        let deletion = try await fixture.metabase.deleteObject(location(key))
        if model.versioning == .unversioned {
            let removed = model.newest(key, now)
            model.rows.removeAll { $0 == removed }
            #expect(deletion.removed.map { BucketModel.Row($0) } == (removed.map { [$0] } ?? []))
            #expect(deletion.marker == nil)
            return
        }
        guard let marker = deletion.marker else {
            Issue.record("a bucket with versions got no marker")
            return
        }
        let expected = model.place(
            key, stream: marker.stream, status: (.deleteMarkerVersioned, .deleteMarkerUnversioned), expiresAt: nil,
            versioned: model.versioning == .enabled, mayOverwrite: true, mustNotExist: false, now: now)
        #expect(.success(BucketModel.Row(marker)) == expected)
    }

    private mutating func deleteExactly() async throws {
        guard !model.rows.isEmpty else { return }
        let row = model.rows[below(model.rows.count)]
        let isWrong = chance(25)
        let version = ObjectVersionID(version: row.version, stream: isWrong ? StreamID() : row.stream)
        let deletion = try await fixture.metabase.deleteObject(location(row.key), version: version)
        if isWrong || !model.visible(now).contains(row) {
            #expect(deletion.isEmpty)
        } else {
            #expect(deletion.removed.map { BucketModel.Row($0) } == [row])
            model.rows.removeAll { $0 == row }
        }
    }

    private mutating func switchVersioning() async throws {
        let enabled = model.versioning != .enabled
        try await fixture.metabase.setVersioning(fixture.bucket("bucket"), enabled: enabled)
        model.versioning = enabled ? .enabled : .suspended
    }

    private mutating func transfer(isMove: Bool) async throws {
        let (sourceKey, targetKey) = (key(), key())
        let fixture = fixture
        let (source, target) = (location(sourceKey), location(targetKey))
        let begun = await outcome {
            try await fixture.metabase.beginCopy(source, to: fixture.bucket("bucket"))
        }
        let expected = model.newest(sourceKey, now).flatMap { $0.status.isDeleteMarker ? nil : $0 }
        #expect((try? begun.get()).map { BucketModel.Row($0.object) } == expected)
        guard let row = expected, case .success(let copy) = begun else { return }
        let commit = ObjectCommit(mayOverwrite: chance(80), mustNotExist: !isMove && chance(20))
        let transfer = ObjectTransfer(
            source: ObjectReference(
                bucket: copy.object.bucket, key: sourceKey, version: row.version, stream: row.stream),
            destination: target, segmentKeys: copy.segmentKeys, mayOverwrite: commit.mayOverwrite,
            mustNotExist: commit.mustNotExist)
        let result = await outcome {
            isMove ? try await fixture.metabase.finishMove(transfer) : try await fixture.metabase.finishCopy(transfer)
        }
        let before = model
        if isMove { model.rows.removeAll { $0 == row } }
        expect(
            result, key: targetKey, expiresAt: row.expiresAt, versioned: model.versioning == .enabled, commit: commit)
        if case .failure = result { model = before }
    }

    private mutating func begin() async throws {
        let upload = NewUpload(
            location: location(key()), expiresAt: chance(20) ? now.advanced(by: .seconds(1 + below(60))) : nil,
            encryption: ObjectEncryption(cipherSuite: 2, blockSize: 1), isMultipart: chance(50))
        model.uploads.append(try await fixture.metabase.beginUpload(upload))
    }

    private mutating func finishUpload() async throws {
        guard !model.uploads.isEmpty else { return }
        let upload = model.uploads.remove(at: below(model.uploads.count))
        if chance(50) {
            #expect(try await fixture.metabase.abortUpload(upload.reference) == upload)
            return
        }
        let commit = ObjectCommit(mayOverwrite: chance(80), mustNotExist: chance(15))
        let fixture = fixture
        let result = await outcome {
            try await fixture.metabase.commitObject(upload.reference, segments: [fixture.inline()], commit)
        }
        if case .failure = result { model.uploads.append(upload) }
        expect(
            result, key: upload.reference.key, expiresAt: upload.expiresAt, versioned: upload.isVersioned,
            commit: commit)
    }

    private mutating func sweep() async throws {
        while try await fixture.metabase.deleteExpiredObjects(limit: 2) > 0 {}
        while try await fixture.metabase.deleteStaleUploads(limit: 2) > 0 {}
        let now = now
        model.rows.removeAll { $0.expiresAt.map { $0 <= now } ?? false }
        model.uploads.removeAll { $0.expiresAt.map { $0 <= now } ?? false || $0.deadline <= now }
    }

    private func outcome<Value>(_ body: () async throws -> Value) async -> Result<Value, MetabaseError> {
        do {
            return .success(try await body())
        } catch let error as MetabaseError {
            return .failure(error)
        } catch {
            Issue.record(error)
            return .failure(.bucketExists)
        }
    }

    /// Compares everything there is.
    mutating func compare() async throws {
        try await compare(ObjectListing(bucket: fixture.bucket("bucket"), scope: .allVersions))
        try await compareListing()
        let key = key()
        let fixture = fixture
        let place = location(key)
        let newest = await outcome { try await fixture.metabase.object(place) }
        let expected = model.newest(key, now).flatMap { $0.status.isDeleteMarker ? nil : $0 }
        #expect((try? newest.get()).map { BucketModel.Row($0) } == expected)
        // No segment outlives its stream: every object and nothing else has one here.
        let objects = model.rows.filter { !$0.status.isDeleteMarker }.count
        #expect(try await fixture.count("segments") == objects)
    }

    /// Compares a random page.
    mutating func compareListing() async throws {
        let delimiters: [[UInt8]] = [[], [0x2f], [0x2f], [0x2f, 0x2f], [0xff], [0x61, 0x2f]]
        let scopes: [ObjectListing.Scope] = [.latest, .allVersions, .uploads]
        var listing = ObjectListing(
            bucket: fixture.bucket("bucket"), scope: scopes[below(3)], prefix: chance(50) ? [] : bytes(upTo: 2),
            delimiter: delimiters[below(delimiters.count)], limit: chance(50) ? 1 + below(5) : 1000,
            includesMetadata: chance(50))
        if chance(70) { listing.cursor = cursor(listing) }
        try await compare(listing)
    }

    private mutating func cursor(_ listing: ObjectListing) -> ObjectListing.Cursor {
        var key = bytes(upTo: 3)
        var version: ObjectVersionID?
        if listing.scope == .uploads, let upload = model.uploads.randomElement(using: &random) {
            key = Array(upload.reference.key.dropFirst(listing.prefix.count))
            version = upload.reference.versionID
        } else if chance(70), let row = model.rows.randomElement(using: &random) {
            key = Array(row.key.dropFirst(listing.prefix.count))
            version = row.versionID
        }
        if chance(25) { version = nil }
        if chance(10) { version = ObjectVersionID(version: Int64(below(5)), stream: StreamID()) }
        return ObjectListing.Cursor(key: key, version: version)
    }

    /// Follows a listing page by page as clients do, and compares it with one page of all.
    mutating func comparePaging(_ scope: ObjectListing.Scope, _ delimiter: [UInt8]) async throws {
        let whole = ObjectListing(bucket: fixture.bucket("bucket"), scope: scope, delimiter: delimiter)
        let expected = try await fixture.metabase.list(whole).items
        var listing = whole
        var found: [ObjectListingItem] = []
        var hasMore = true
        while hasMore {
            listing.limit = 1 + below(4)
            let page = try await fixture.metabase.list(listing)
            found += page.items
            hasMore = page.hasMore
            if let last = page.items.last {
                listing.cursor = ObjectListing.Cursor(key: last.key, version: Self.item(last).version)
            }
        }
        #expect(found == expected)
    }

    private func compare(_ listing: ObjectListing) async throws {
        let page = try await fixture.metabase.list(listing)
        let expected = model.list(listing, now)
        // `isLatest` only means something where versions are listed.
        let ignoresLatest = listing.scope != .allVersions
        func normal(_ items: [BucketModel.Item]) -> [BucketModel.Item] {
            items.map { BucketModel.Item(key: $0.key, version: $0.version, isLatest: !ignoresLatest && $0.isLatest) }
        }
        #expect(normal(page.items.map(Self.item)) == normal(expected.items), "\(listing)")
        #expect(page.hasMore == expected.hasMore, "\(listing)")
    }

    private static func item(_ item: ObjectListingItem) -> BucketModel.Item {
        switch item {
        case .prefix(let key): BucketModel.Item(key: key)
        case .object(let object, let isLatest):
            BucketModel.Item(key: object.key, version: object.versionID, isLatest: isLatest)
        case .upload(let upload): BucketModel.Item(key: upload.reference.key, version: upload.reference.versionID)
        }
    }
}
