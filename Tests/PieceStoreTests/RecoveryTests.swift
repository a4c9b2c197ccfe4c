import NIOCore
import PieceStore
import StorageModel
import TestSupport
import Testing

@Suite struct RecoveryTests {
    @Test(arguments: UInt64(0)..<40)
    func `a power loss takes nothing that was acknowledged and invents nothing`(seed: UInt64) async throws {
        let fixture = Fixture(seed: seed)
        var acknowledged: [TestPiece] = []
        var attempted: [TestPiece] = []
        for _ in 0..<3 {
            let store = try await fixture.open()
            for piece in acknowledged { #expect(try await piece.isServed(by: store, satellite: fixture.satellite)) }
            let pieces = (0..<8).map { _ in
                fixture.makePiece(size: Int(fixture.random.bytes(count: 1)[0]) * (fixture.isHeads ? 4_000 : 100))
            }
            fixture.disk.setFaults { $0.synchronizationsUntilFailure = Int(fixture.random.bytes(count: 1)[0] % 12) }
            attempted += pieces
            let done = await withTaskGroup(of: TestPiece?.self) { group in
                for piece in pieces {
                    group.addTask { (try? await fixture.store(piece, in: store)) == nil ? nil : piece }
                }
                return await group.reduce(into: []) { $0.append($1) }.compactMap { $0 }
            }
            acknowledged += done
            fixture.disk.crash()
        }
        let store = try await fixture.open()
        for piece in acknowledged { #expect(try await piece.isServed(by: store, satellite: fixture.satellite)) }
        for piece in attempted {
            // What was not acknowledged is there whole, or not at all.
            let served = try? await piece.isServed(by: store, satellite: fixture.satellite)
            #expect(served != false)
        }
    }

    @Test func `a torn end of a log is cut off`() async throws {
        let fixture = Fixture()
        let pieces = (0..<3).map { _ in fixture.makePiece(size: 20_000) }
        var store = try await fixture.open()
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        let path = try #require(fixture.paths("log-").first)
        let log = try fixture.disk.open(path, .update)
        let size = try log.size()
        try fixture.random.bytes(count: 5_000).withUnsafeBytes { try log.writeAll($0, at: size) }
        store = try await fixture.open()
        #expect(try log.size() == size)
        for piece in pieces { #expect(try await piece.isServed(by: store, satellite: fixture.satellite)) }
    }

    @Test func `a torn end of the index is made again from the logs`() async throws {
        let fixture = Fixture()
        let pieces = (0..<5).map { _ in fixture.makePiece(size: 20_000) }
        var store = try await fixture.open()
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        let index = try fixture.disk.open(fixture.indexPath, .update)
        try index.truncate(to: index.size() - 100)
        store = try await fixture.open()
        #expect(store.usage.livePieces == 5)
        for piece in pieces { #expect(try await piece.isServed(by: store, satellite: fixture.satellite)) }
        store = try await fixture.open()
        #expect(store.usage.livePieces == 5)
    }

    @Test(arguments: [Int64(0), 3, 70, 130, 200])
    func `a spoiled index is made again from the logs`(offset: Int64) async throws {
        let fixture = Fixture()
        let pieces = (0..<5).map { fixture.makePiece(size: 20_000 * $0) }
        var store = try await fixture.open()
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        fixture.disk.flipByte(of: fixture.indexPath, at: offset)
        for _ in 0..<2 {
            store = try await fixture.open()
            #expect(store.usage.livePieces == 5)
            for piece in pieces { #expect(try await piece.isServed(by: store, satellite: fixture.satellite)) }
        }
    }

    @Test(arguments: [Int64(64), 30_000, 60_700])
    func `rotten bytes are never served and do not hide other pieces`(offset: Int64) async throws {
        let fixture = Fixture()
        let pieces = (0..<4).map { _ in fixture.makePiece(size: 30_000) }
        var store = try await fixture.open()
        for piece in pieces { _ = try await fixture.store(piece, in: store) }
        let path = try #require(fixture.paths("log-").first)
        fixture.disk.flipByte(of: path, at: offset)
        for isRebuilt in [false, true] {
            if isRebuilt { try fixture.disk.remove(fixture.indexPath) }
            store = try await fixture.open()
            var codes: [PieceStoreError.Code?] = []
            for piece in pieces {
                codes.append(
                    try await code {
                        let isServed = try await piece.isServed(by: store, satellite: fixture.satellite)
                        #expect(isServed)
                    })
            }
            #expect(codes.filter { $0 == nil }.count == 3)
            #expect(codes.compactMap { $0 }.count == 1)
            if !isRebuilt { #expect(codes.contains(.corrupt)) }
        }
    }

    @Test func `an uploader cannot smuggle in pieces through the content of others`() async throws {
        let fixture = Fixture()
        var store = try await fixture.open()
        let victim = fixture.makePiece(size: 1000)
        _ = try await fixture.store(victim, in: store)
        let path = try #require(fixture.paths("log-").first)
        let log = try fixture.disk.open(path, .read)
        let forged = try log.bytes(at: 64, count: Int(log.size()) - 64)
        let carrier = TestPiece(id: .random(using: fixture.random), content: forged)
        let other = NodeID.random(using: fixture.random)
        _ = try await carrier.store(in: store, satellite: other)
        try fixture.disk.remove(fixture.folder(of: other) + "index")
        let logs = fixture.disk.paths.filter { $0.hasPrefix(fixture.folder(of: other) + "log-") }
        let spoiled = try #require(logs.first)
        let size = try fixture.disk.open(spoiled, .read).size()
        fixture.disk.flipByte(of: spoiled, at: size - 1)
        store = try await fixture.open()
        #expect(store.usage(of: other).livePieces == 0)
    }
}

extension Fixture {
    /// A coin.
    var isHeads: Bool { random.bytes(count: 1)[0] & 1 == 0 }
}
