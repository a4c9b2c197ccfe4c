import DRPC
import Identity
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct AmnestyTests {
    @Test func `a rotten piece that is asked for is reported, forgotten, and can come back repaired`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 100_000)
        try fixture.spoil(piece, at: 50_000)
        #expect(try await fixture.download(piece) == .internal)
        #expect(fixture.stub.now.lostPieces.isEmpty)
        // Noted and forgotten, while the satellite cannot be told: neither served nor called missing.
        fixture.stub.change { $0.reportFailures = 1 }
        try await fixture.node.reporter.work()
        #expect(!fixture.has(piece))
        #expect(fixture.node.reporter.summary.waiting == 1)
        #expect(try await fixture.download(piece) == .internal)
        // Told: from now on it is missing.
        fixture.clock.advance(by: .seconds(10))
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.lostPieces == [piece.id])
        #expect(fixture.node.reporter.summary.waiting == 0)
        #expect(try await fixture.download(piece) == .notFound)
    }

    @Test func `a suspicion that does not come true is forgotten`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 3000)
        fixture.node.reporter.suspect(satellite: fixture.satellite.id, pieceID: piece.id)
        fixture.node.reporter.suspect(satellite: fixture.satellite.id, pieceID: PieceID.random(using: fixture.random))
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.reportCount == 0)
        #expect(fixture.has(piece))
    }

    @Test func `reports travel in batches of fifty and are repeated until acknowledged`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        var pieces: [UploadedTestPiece] = []
        for _ in 0..<120 { pieces.append(try await fixture.store(size: 600)) }
        fixture.stub.change { $0.reportFailures = 2 }
        try await fixture.node.reporter.report(
            pieces.map { BadPiece(satellite: fixture.satellite.id, pieceID: $0.id, fault: .rotten) })
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.reportCount == 0)
        // Not asked again before the pause is over.
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.reportFailures == 1)
        fixture.clock.advance(by: .seconds(6))
        try await fixture.node.reporter.work()
        fixture.clock.advance(by: .seconds(12))
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.reportCount == 3)
        #expect(Set(fixture.stub.now.lostPieces) == Set(pieces.map(\.id)))
        #expect(fixture.node.reporter.summary.acknowledged == 120)
    }

    @Test func `a log that is gone at the start is reported piece by piece, others are served`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let small = try await fixture.store(size: 5000)
        // Large pieces take logs of their own while others write.
        let lost = try await fixture.store(size: 700_000)
        await fixture.node.store.close()
        let log = try #require(
            try fixture.disk.paths.first { path in
                guard path.contains("/log-") else { return false }
                let file = try fixture.disk.open(path, .read)
                return try file.bytes(at: 0, count: Int(try file.size())).firstRange(of: lost.content) != nil
            })
        try fixture.disk.remove(log)
        try await fixture.start()
        #expect(try await fixture.download(lost) == .internal)
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.lostPieces.contains(lost.id))
        #expect(!fixture.has(lost))
        #expect(fixture.stub.now.lostPieces.contains(small.id) == !fixture.has(small))
    }

    @Test func `a whole disk that is away is no lost piece`() async throws {
        struct DiskIsAway: Error {}
        let fixture = UpkeepFixture()
        let node = try await fixture.start()
        let piece = try await fixture.store(size: 3000)
        let reporter = try AmnestyReporter(
            parts: .init(
                store: node.store, trust: node.trust, pool: BlockingPool(threads: 1),
                dialer: fixture.network.dialer(as: fixture.identity.peer), clock: fixture.nodeClock,
                logger: UpkeepFixture.silent, checkDisk: { throw DiskIsAway() }),
            folder: "/node/state", fileSystem: fixture.disk)
        await #expect(throws: DiskIsAway.self) {
            try await reporter.report([
                BadPiece(satellite: fixture.satellite.id, pieceID: piece.id, fault: .unreadable)
            ])
        }
        #expect(fixture.has(piece))
        #expect(reporter.summary.waiting == 0)
    }

    @Test(arguments: 0..<14)
    func `a report killed or failing at any write loses no bad piece and spares the good ones`(step: Int) async throws {
        let fixture = UpkeepFixture(seed: UInt64(100 + step))
        try await fixture.start()
        let bad = try await fixture.store(size: 40_000)
        let good = try await fixture.store(size: 40_000)
        try fixture.spoil(bad, at: 20_000)
        fixture.disk.setFaults { faults in
            if step % 2 == 0 { faults.writesUntilFailure = step / 2 } else { faults.synchronizationsUntilFailure = step / 2 }
        }
        fixture.node.reporter.suspect(satellite: fixture.satellite.id, pieceID: bad.id)
        // What fails here is for the next start to make good.
        _ = try? await fixture.node.reporter.work()
        try await fixture.crash()
        try await fixture.node.scrubber.run()
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.lostPieces.contains(bad.id))
        #expect(!fixture.stub.now.lostPieces.contains(good.id))
        #expect(!fixture.has(bad))
        #expect(fixture.node.reporter.summary.waiting == 0)
        #expect(try await fixture.download(good) == nil)
    }

    @Test func `a repaired copy is not reported when the old report was never acknowledged`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 20_000)
        // Noted by a node that was killed before it could forget the piece, which is good after all.
        fixture.disk.setFaults { $0.freeSpace = 100 }
        _ = try? await fixture.node.reporter.report([
            BadPiece(satellite: fixture.satellite.id, pieceID: piece.id, fault: .unreadable)
        ])
        fixture.disk.setFaults { $0 = FaultyFileSystem.Faults() }
        #expect(fixture.has(piece))
        try await fixture.start()
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.lostPieces.isEmpty)
        #expect(fixture.node.reporter.summary.waiting == 0)
        #expect(try await fixture.download(piece) == nil)
    }
}
