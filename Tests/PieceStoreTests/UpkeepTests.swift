import NIOCore
import PieceStore
import StorageModel
import TestSupport
import Testing

@Suite struct UpkeepTests {
    private func filter(of pieces: some Sequence<TestPiece>) -> BloomFilter {
        var filter = BloomFilter(seed: 7, expectedCount: 1000, falsePositiveRate: 0.001, maximumSize: 100_000)
        for piece in pieces { filter.insert(piece.id) }
        return filter
    }

    @Test func `garbage goes to the trash, comes back when it is read, and leaves after seven days`() async throws {
        let fixture = Fixture()
        var store = try await fixture.open()
        let pieces = (0..<20).map { _ in fixture.makePiece(size: 5_000) }
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        fixture.clock.advance(by: .seconds(10))
        let young = fixture.makePiece(size: 5_000)
        _ = try await fixture.store(young, in: store)
        let before = fixture.clock.now.advanced(by: .seconds(-5))
        let result = try await store.retain(
            satellite: fixture.satellite, filter: filter(of: pieces.prefix(10)), createdBefore: before)
        #expect(result.examined == 20)
        #expect(result.trashed == 10)
        #expect(store.usage.trashPieces == 10)
        #expect(store.usage.livePieces == 11)

        store = try await fixture.open()
        #expect(store.usage.trashPieces == 10)
        let reader = try await store.openPiece(satellite: fixture.satellite, pieceID: pieces[10].id)
        #expect(reader.restoredFromTrash)
        let again = try await store.openPiece(satellite: fixture.satellite, pieceID: pieces[10].id)
        #expect(!again.restoredFromTrash)
        fixture.disk.crash()
        store = try await fixture.open()
        #expect(store.usage.trashPieces == 9)

        fixture.clock.advance(by: .seconds(7 * 86400 + 60))
        let report = try await store.maintain()
        #expect(report.emptied == 9)
        for piece in pieces.prefix(11) + [young] {
            #expect(try await piece.isServed(by: store, satellite: fixture.satellite))
        }
        let code = try await code {
            _ = try await store.openPiece(satellite: fixture.satellite, pieceID: pieces[15].id)
        }
        #expect(code == .notFound)
    }

    @Test func `the trash can be restored as a whole, for good`() async throws {
        let fixture = Fixture()
        var store = try await fixture.open()
        let pieces = (0..<20).map { _ in fixture.makePiece(size: 500) }
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        let result = try await store.retain(
            satellite: fixture.satellite, filter: filter(of: []), createdBefore: fixture.clock.now.advanced(by: .seconds(9)))
        #expect(result.trashed == 20)
        #expect(try await store.restoreTrash(satellite: fixture.satellite) == 20)
        fixture.disk.crash()
        store = try await fixture.open()
        #expect(store.usage.livePieces == 20)
        for piece in pieces { #expect(try await piece.isServed(by: store, satellite: fixture.satellite)) }
    }

    @Test func `a trashed piece can be uploaded again`() async throws {
        let fixture = Fixture()
        let store = try await fixture.open()
        let piece = fixture.makePiece(size: 500)
        _ = try await fixture.store(piece, in: store)
        _ = try await store.retain(
            satellite: fixture.satellite, filter: filter(of: []), createdBefore: fixture.clock.now.advanced(by: .seconds(9)))
        _ = try await fixture.store(piece, in: store)
        #expect(store.usage.livePieces == 1)
        #expect(store.usage.trashPieces == 0)
        #expect(try await piece.isServed(by: store, satellite: fixture.satellite))
    }

    @Test func `expired pieces go with their logs, others stay`() async throws {
        let fixture = Fixture()
        var store = try await fixture.open()
        var pieces = (0..<10).map { _ in fixture.makePiece(size: 40_000) }
        for index in 0..<5 { pieces[index].expires = fixture.clock.now.advanced(by: .seconds(3 * 86400)) }
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        #expect(fixture.paths("log-").count == 2)
        #expect(try await store.maintain().expired == 0)
        fixture.clock.advance(by: .seconds(3 * 86400 + 3700))
        let report = try await store.maintain()
        #expect(report.expired == 5)
        #expect(report.droppedLogs == 1)
        #expect(fixture.paths("log-").count == 1)
        fixture.disk.crash()
        store = try await fixture.open()
        #expect(store.usage.livePieces == 5)
        for piece in pieces.suffix(5) { #expect(try await piece.isServed(by: store, satellite: fixture.satellite)) }
    }

    @Test(arguments: [false, true])
    func `mostly dead logs are rewritten and give back their space`(crashes: Bool) async throws {
        var fixture = Fixture()
        fixture.settings.maximumLogSize = 1_000_000
        var store = try await fixture.open()
        var pieces = (0..<60).map { _ in fixture.makePiece(size: 50_000) }
        // Every sixth piece stays; the others expire far in the future and share the logs of those that never do.
        let expiry = fixture.clock.now.advanced(by: .seconds(200 * 86400))
        for index in pieces.indices where index % 6 != 0 { pieces[index].expires = expiry }
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        let logs = fixture.paths("log-")
        let before = store.usage
        fixture.clock.advance(by: .seconds(201 * 86400))
        let reader = try await store.openPiece(satellite: fixture.satellite, pieceID: pieces[0].id)
        let report = try await store.maintain()
        #expect(report.expired == 50)
        #expect(report.droppedLogs >= 2)
        #expect(report.copiedBytes > 0)
        #expect(store.usage.totalBytes < before.totalBytes / 3)
        #expect(Set(fixture.paths("log-")).isDisjoint(with: logs.prefix(2)))
        // A reader that was open keeps what it had.
        #expect(try await reader.read(offset: 0, count: 50_000).readableBytes == 50_000)
        if crashes { fixture.disk.crash() }
        store = try await fixture.open()
        #expect(store.usage.livePieces == 10)
        for index in pieces.indices where index % 6 == 0 {
            #expect(try await pieces[index].isServed(by: store, satellite: fixture.satellite))
        }
    }

    @Test(arguments: 0..<30)
    func `a crash anywhere in the upkeep loses nothing`(successes: Int) async throws {
        var fixture = Fixture(seed: UInt64(successes))
        fixture.settings.maximumLogSize = 300_000
        var store = try await fixture.open()
        var pieces = (0..<30).map { _ in fixture.makePiece(size: 50_000) }
        let expiry = fixture.clock.now.advanced(by: .seconds(200 * 86400))
        for index in pieces.indices where index % 6 != 0 { pieces[index].expires = expiry }
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        fixture.clock.advance(by: .seconds(201 * 86400))
        fixture.disk.setFaults { $0.writesUntilFailure = successes }
        _ = try? await store.maintain()
        fixture.disk.crash()
        store = try await fixture.open()
        _ = try await store.maintain()
        for index in pieces.indices where index % 6 == 0 {
            #expect(try await pieces[index].isServed(by: store, satellite: fixture.satellite))
        }
        #expect(store.usage.livePieces == 5)
    }

    @Test func `an index full of superseded records is rewritten while pieces come and go`() async throws {
        let fixture = Fixture()
        var store = try await fixture.open()
        let pieces = (0..<100).map { _ in fixture.makePiece(size: 100) }
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        for _ in 0..<30 {
            fixture.clock.advance(by: .seconds(60))
            _ = try await store.retain(
                satellite: fixture.satellite, filter: filter(of: []), createdBefore: fixture.clock.now)
            _ = try await store.restoreTrash(satellite: fixture.satellite)
        }
        let before = store.usage.indexBytes
        let more = (0..<50).map { _ in fixture.makePiece(size: 100) }
        let opened = store
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await opened.maintain() }
            for piece in more { group.addTask { _ = try await fixture.store(piece, in: opened) } }
            try await group.waitForAll()
        }
        #expect(store.usage.indexBytes < before / 10)
        for _ in 0..<2 {
            for piece in pieces + more { #expect(try await piece.isServed(by: store, satellite: fixture.satellite)) }
            #expect(store.usage.livePieces == 150)
            fixture.disk.crash()
            store = try await fixture.open()
        }
    }
}
