import Blake3
import NIOCore
import PieceStore
import StorageModel
import TestSupport
import Testing

@Suite struct PieceStoreTests {
    static let sizes = [0, 1, 63, 64, 16_384, 16_385, 262_143, 262_144, 262_145, 1_000_000, 2_314_240]

    @Test(arguments: sizes, [StoredHashAlgorithm.blake3, .sha256])
    func `a piece of any size comes back, also after a restart and from the logs alone`(
        size: Int, algorithm: StoredHashAlgorithm
    ) async throws {
        let fixture = Fixture()
        var piece = fixture.makePiece(size: size)
        piece.algorithm = algorithm
        var store = try await fixture.open()
        let stored = try await fixture.store(piece, in: store)
        #expect(stored.size == Int64(size))
        #expect(stored.root == Blake3Hasher.hash(piece.content))
        #expect((stored.hash == stored.root) == (algorithm == .blake3))
        #expect(try await piece.isServed(by: store, satellite: fixture.satellite))

        store = try await fixture.open()
        #expect(try await piece.isServed(by: store, satellite: fixture.satellite))
        #expect(store.usage.livePieces == 1)

        try fixture.disk.remove(fixture.indexPath)
        store = try await fixture.open()
        #expect(try await piece.isServed(by: store, satellite: fixture.satellite))
        let reader = try await store.openPiece(satellite: fixture.satellite, pieceID: piece.id)
        #expect(reader.piece == stored)
    }

    @Test func `any range of a piece can be read`() async throws {
        let fixture = Fixture()
        let piece = fixture.makePiece(size: 300_000)
        let store = try await fixture.open()
        _ = try await fixture.store(piece, in: store)
        let reader = try await store.openPiece(satellite: fixture.satellite, pieceID: piece.id)
        for (offset, count) in [(0, 1), (1, 16_384), (16_383, 2), (16_384, 16_384), (299_999, 1), (100_000, 200_000)] {
            let bytes = try await reader.read(offset: Int64(offset), count: count)
            #expect(Array(bytes.readableBytesView) == Array(piece.content[offset..<offset + count]))
        }
        for (offset, count) in [(-1, 1), (300_000, 1), (299_999, 2), (0, 0), (0, 262_145), (Int64.max, 1)] {
            #expect(try await code { _ = try await reader.read(offset: Int64(offset), count: count) } == .tooLarge)
        }
    }

    @Test func `a piece nobody stored is not found`() async throws {
        let fixture = Fixture()
        let store = try await fixture.open()
        let id = PieceID.random(using: fixture.random)
        #expect(
            try await code { _ = try await store.openPiece(satellite: fixture.satellite, pieceID: id) } == .notFound)
        let piece = fixture.makePiece(size: 10)
        _ = try await fixture.store(piece, in: store)
        let other = NodeID.random(using: fixture.random)
        #expect(
            try await code { _ = try await store.openPiece(satellite: other, pieceID: piece.id) } == .notFound)
    }

    @Test(arguments: [100, 600_000])
    func `a piece that is stored already is refused and stays`(size: Int) async throws {
        let fixture = Fixture()
        let piece = fixture.makePiece(size: size)
        let store = try await fixture.open()
        _ = try await fixture.store(piece, in: store)
        let usage = store.usage
        let rival = TestPiece(id: piece.id, content: fixture.random.bytes(count: size))
        #expect(try await code { _ = try await fixture.store(rival, in: store) } == .alreadyExists)
        #expect(try await piece.isServed(by: store, satellite: fixture.satellite))
        #expect(store.usage == usage)
    }

    @Test(arguments: [100, 600_000])
    func `an aborted piece leaves nothing behind`(size: Int) async throws {
        let fixture = Fixture()
        let store = try await fixture.open()
        let kept = fixture.makePiece(size: 500_000)
        _ = try await fixture.store(kept, in: store)
        let usage = store.usage
        let piece = fixture.makePiece(size: size)
        let writer = store.beginPiece(
            satellite: fixture.satellite, pieceID: piece.id, algorithm: .blake3, expires: nil)
        try await writer.append(ByteBuffer(bytes: piece.content))
        writer.abort()
        #expect(try await code { _ = try await writer.commit(piece.proof) } == .closed)
        let next = fixture.makePiece(size: 500_000)
        _ = try await fixture.store(next, in: store)
        #expect(store.usage.liveBytes == usage.liveBytes * 2)
        #expect(store.usage.deadBytes == 0)
        #expect(try await kept.isServed(by: store, satellite: fixture.satellite))
        #expect(try await next.isServed(by: store, satellite: fixture.satellite))
    }

    @Test func `many uploads at once share the disk's synchronisations and all come back`() async throws {
        let fixture = Fixture()
        let store = try await fixture.open()
        let pieces = (0..<200).map { fixture.makePiece(size: $0 % 10 == 0 ? 700_000 : 1 + $0 * 100) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for piece in pieces { group.addTask { _ = try await fixture.store(piece, in: store) } }
            try await group.waitForAll()
        }
        for opened in [store, try await fixture.open()] {
            #expect(opened.usage.livePieces == 200)
            for piece in pieces { #expect(try await piece.isServed(by: opened, satellite: fixture.satellite)) }
        }
    }

    @Test func `a piece beyond the largest size is refused before it fills the disk`() async throws {
        var fixture = Fixture()
        fixture.settings.maximumPieceSize = 500_000
        let store = try await fixture.open()
        let piece = fixture.makePiece(size: 500_001)
        #expect(try await code { _ = try await fixture.store(piece, in: store) } == .tooLarge)
    }

    @Test func `a full log is followed by another`() async throws {
        var fixture = Fixture()
        fixture.settings.maximumLogSize = 100_000
        let store = try await fixture.open()
        let pieces = (0..<10).map { _ in fixture.makePiece(size: 30_000) }
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        #expect(fixture.paths("log-").count == 3)
        for piece in pieces { #expect(try await piece.isServed(by: store, satellite: fixture.satellite)) }
    }
}
