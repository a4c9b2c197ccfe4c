import NIOCore
import PieceStore
import StorageModel
import TestSupport
import Testing

@Suite struct DiskFaultTests {
    @Test func `short writes are finished`() async throws {
        let fixture = Fixture()
        fixture.disk.setFaults { $0.shortWriteInterval = 2 }
        let store = try await fixture.open()
        let pieces = [1, 5_000, 400_000].map(fixture.makePiece)
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        let again = try await fixture.open()
        for piece in pieces { #expect(try await piece.isServed(by: again, satellite: fixture.satellite)) }
    }

    @Test(arguments: [10_000, 900_000])
    func `a full disk refuses a piece and takes the next when there is space again`(size: Int) async throws {
        let fixture = Fixture()
        let store = try await fixture.open()
        let first = fixture.makePiece(size: size)
        _ = try await fixture.store(first, in: store)
        let usage = store.usage
        let second = fixture.makePiece(size: size)
        fixture.disk.setFaults { $0.freeSpace = Int64(size / 2) }
        #expect(try await code { _ = try await fixture.store(second, in: store) } == .noSpace)
        #expect(store.usage == usage)
        fixture.disk.setFaults { $0.freeSpace = nil }
        _ = try await fixture.store(second, in: store)
        for opened in [store, try await fixture.open()] {
            for piece in [first, second] {
                #expect(try await piece.isServed(by: opened, satellite: fixture.satellite))
            }
        }
    }

    @Test(arguments: [10_000, 900_000], 0..<4)
    func `a piece whose synchronisation failed is not acknowledged and its log takes no more`(
        size: Int, successes: Int
    ) async throws {
        let fixture = Fixture()
        let store = try await fixture.open()
        let kept = fixture.makePiece(size: 10)
        _ = try await fixture.store(kept, in: store)
        fixture.disk.setFaults { $0.synchronizationsUntilFailure = 0 }
        let piece = fixture.makePiece(size: size)
        #expect(try await code { _ = try await fixture.store(piece, in: store) } == .system(5))
        #expect(
            try await code { _ = try await store.openPiece(satellite: fixture.satellite, pieceID: piece.id) }
                == .notFound)
        fixture.disk.setFaults { $0.synchronizationsUntilFailure = nil }
        _ = try await fixture.store(piece, in: store)
        #expect(fixture.paths("log-").count == 2)
        fixture.disk.crash()
        let again = try await fixture.open()
        #expect(try await piece.isServed(by: again, satellite: fixture.satellite))
        #expect(try await kept.isServed(by: again, satellite: fixture.satellite))
    }

    @Test(arguments: 0..<12)
    func `a write that fails anywhere leaves a store that works`(successes: Int) async throws {
        let fixture = Fixture()
        let store = try await fixture.open()
        let first = fixture.makePiece(size: 600_000)
        _ = try await fixture.store(first, in: store)
        fixture.disk.setFaults { $0.writesUntilFailure = successes }
        let second = fixture.makePiece(size: 600_000)
        let failure = try await code { _ = try await fixture.store(second, in: store) }
        fixture.disk.setFaults { $0.writesUntilFailure = nil }
        let third = fixture.makePiece(size: 20_000)
        _ = try await fixture.store(third, in: store)
        for opened in [store, try await fixture.open()] {
            #expect(try await first.isServed(by: opened, satellite: fixture.satellite))
            #expect(try await third.isServed(by: opened, satellite: fixture.satellite))
            if failure == nil { #expect(try await second.isServed(by: opened, satellite: fixture.satellite)) }
        }
    }

    @Test func `a read that fails is never called not found`() async throws {
        let fixture = Fixture()
        let store = try await fixture.open()
        let piece = fixture.makePiece(size: 50_000)
        _ = try await fixture.store(piece, in: store)
        fixture.disk.setFaults { $0.readsUntilFailure = 0 }
        let open = try await code { _ = try await store.openPiece(satellite: fixture.satellite, pieceID: piece.id) }
        #expect(open == .system(5))
        fixture.disk.setFaults { $0.readsUntilFailure = nil }
        #expect(try await piece.isServed(by: store, satellite: fixture.satellite))
    }

    @Test func `pieces of a log that disappeared are not called not found`() async throws {
        let fixture = Fixture()
        let piece = fixture.makePiece(size: 50_000)
        _ = try await fixture.store(piece, in: try await fixture.open())
        for path in fixture.paths("log-") { try fixture.disk.remove(path) }
        let store = try await fixture.open()
        let code = try await code { _ = try await store.openPiece(satellite: fixture.satellite, pieceID: piece.id) }
        #expect(code == .missingFile)
        let next = fixture.makePiece(size: 50_000)
        _ = try await fixture.store(next, in: store)
        #expect(try await next.isServed(by: store, satellite: fixture.satellite))
    }
}
