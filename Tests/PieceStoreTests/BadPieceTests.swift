import PieceStore
import StorageModel
import TestSupport
import Testing

@Suite struct BadPieceTests {
    private func scrubAll(_ store: PieceStore, from position: ScrubPosition? = nil) async throws -> ScrubStep {
        let scrub = PieceScrub(store: store, from: position)
        var all = ScrubStep()
        while true {
            let step = try await scrub.step(bytes: 100_000)
            all.pieces += step.pieces
            all.bytes += step.bytes
            all.bad += step.bad
            if step.position == nil { return all }
        }
    }

    @Test func `all live pieces of all logs and satellites are read once`() async throws {
        var fixture = Fixture()
        fixture.settings.maximumLogSize = 200_000
        let store = try await fixture.open()
        let others = (0..<3).map { _ in NodeID.random(using: fixture.random) }
        for size in stride(from: 0, to: 90_000, by: 3000) {
            _ = try await fixture.store(fixture.makePiece(size: size), in: store)
            for other in others { _ = try await fixture.makePiece(size: size).store(in: store, satellite: other) }
        }
        let all = try await scrubAll(store)
        #expect(all.pieces == 120)
        #expect(all.bad.isEmpty)
        #expect(all.bytes == store.usage.liveBytes)
    }

    @Test func `a scrub can go on at any position and leaves nothing out`() async throws {
        var fixture = Fixture()
        fixture.settings.maximumLogSize = 200_000
        let store = try await fixture.open()
        for _ in 0..<40 { _ = try await fixture.store(fixture.makePiece(size: 20_000), in: store) }
        var position: ScrubPosition?
        var pieces = 0
        repeat {
            // A new process each time.
            let step = try await PieceScrub(store: store, from: position).step(bytes: 50_000)
            pieces += step.pieces
            position = step.position
        } while position != nil
        #expect(pieces == 40)
    }

    @Test func `a discarded piece is gone for good and its id can be stored again`() async throws {
        let fixture = Fixture()
        var store = try await fixture.open()
        let piece = fixture.makePiece(size: 30_000)
        _ = try await fixture.store(piece, in: store)
        #expect(try await store.discard(satellite: fixture.satellite, pieces: [piece.id, .random(using: fixture.random)]) == 1)
        #expect(try await code { _ = try await piece.isServed(by: store, satellite: fixture.satellite) } == .notFound)
        #expect(store.usage.livePieces == 0)
        fixture.disk.crash()
        store = try await fixture.open()
        #expect(store.usage.livePieces == 0)
        _ = try await fixture.store(piece, in: store)
        #expect(try await piece.isServed(by: store, satellite: fixture.satellite))
        #expect(store.usage.contentBytes == 30_000)
    }

    @Test func `a repaired copy wins over the rotten one when the index is made again`() async throws {
        let fixture = Fixture()
        var store = try await fixture.open()
        let piece = fixture.makePiece(size: 30_000)
        _ = try await fixture.store(piece, in: store)
        let log = try #require(fixture.paths("log-").first)
        fixture.disk.flipByte(of: log, at: 10_000)
        #expect(try await store.fault(satellite: fixture.satellite, pieceID: piece.id) == .rotten)
        _ = try await store.discard(satellite: fixture.satellite, pieces: [piece.id])
        fixture.clock.advance(by: .seconds(60))
        _ = try await fixture.store(piece, in: store)
        // Enough behind both that neither is checked for being torn.
        for _ in 0..<20 { _ = try await fixture.store(fixture.makePiece(size: 900_000), in: store) }
        await store.close()
        try fixture.disk.remove(fixture.indexPath)
        store = try await fixture.open()
        #expect(try await piece.isServed(by: store, satellite: fixture.satellite))
        #expect(store.usage.livePieces == 21)
    }

    @Test(arguments: ["missing", "cut", "header"])
    func `pieces of a log that is gone, cut or headless are listed, and only these`(damage: String) async throws {
        var fixture = Fixture()
        fixture.settings.maximumLogSize = 100_000
        var store = try await fixture.open()
        let pieces = (0..<12).map { _ in fixture.makePiece(size: 30_000) }
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        let log = try #require(fixture.paths("log-").first)
        switch damage {
        case "missing": try fixture.disk.remove(log)
        case "cut": try fixture.disk.open(log, .update).truncate(to: 40_000)
        default: fixture.disk.flipByte(of: log, at: 10)
        }
        store = try await fixture.open()
        let lost = try await store.lostPieces()
        #expect(!lost.isEmpty && lost.count < 12)
        #expect(lost.allSatisfy { $0.fault == .lost && $0.satellite == fixture.satellite })
        for piece in pieces {
            if lost.contains(where: { $0.pieceID == piece.id }) {
                #expect(try await store.fault(satellite: fixture.satellite, pieceID: piece.id) == .lost)
            } else {
                #expect(try await piece.isServed(by: store, satellite: fixture.satellite))
            }
        }
        _ = try await store.discard(satellite: fixture.satellite, pieces: lost.map(\.pieceID))
        #expect(try await store.lostPieces().isEmpty)
        // Upkeep goes on beside the damage, and the rest of the log is cleared away.
        _ = try await store.maintain()
        store = try await fixture.open()
        #expect(try await store.lostPieces().isEmpty)
        #expect(store.usage.livePieces == 12 - lost.count)
    }

    @Test(arguments: 0..<8)
    func `deleting a satellite's data, cut short anywhere, loses nothing of others and can be ended`(step: Int) async throws {
        var fixture = Fixture(seed: UInt64(step))
        fixture.settings.maximumLogSize = 60_000
        var store = try await fixture.open()
        let other = NodeID.random(using: fixture.random)
        let kept = fixture.makePiece(size: 20_000)
        try await kept.store(in: store, satellite: other)
        for _ in 0..<8 { _ = try await fixture.store(fixture.makePiece(size: 30_000), in: store) }
        fixture.disk.setFaults { $0.synchronizationsUntilFailure = step }
        _ = try? await store.deleteAll(of: fixture.satellite)
        fixture.disk.crash()
        store = try await fixture.open()
        // What is still there is served, never called lost.
        #expect(try await store.lostPieces().isEmpty)
        try await store.deleteAll(of: fixture.satellite)
        #expect(store.usage.livePieces == 1)
        #expect(fixture.paths("log-").isEmpty)
        #expect(try await kept.isServed(by: store, satellite: other))
    }
}
