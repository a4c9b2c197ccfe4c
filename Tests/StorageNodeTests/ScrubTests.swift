import Identity
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import Testing

@Suite struct ScrubTests {
    @Test func `everything is read and bad pieces of all kinds are found`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        var pieces: [UploadedTestPiece] = []
        for index in 0..<30 { pieces.append(try await fixture.store(size: 1 + index * index * 700)) }
        // The first byte, the last, one in between, and one of the smallest piece.
        try fixture.spoil(pieces[25], at: 0)
        try fixture.spoil(pieces[26], at: pieces[26].content.count - 1)
        try fixture.spoil(pieces[20], at: 100_000)
        try fixture.spoil(pieces[2], at: 3)
        try await fixture.node.scrubber.run()
        let status = await fixture.node.scrubber.status
        #expect(status.last?.bad == 4)
        #expect(status.last?.pieces == 30)
        #expect(status.current == nil)
        try await fixture.node.reporter.work()
        #expect(Set(fixture.stub.now.lostPieces) == Set([25, 26, 20, 2].map { pieces[$0].id }))
        for (index, piece) in pieces.enumerated() {
            #expect(fixture.has(piece) == ![25, 26, 20, 2].contains(index))
        }
        // Nothing is due again for a month.
        try await fixture.node.scrubber.run()
        #expect(await fixture.node.scrubber.status.last == status.last)
        fixture.clock.advance(by: .seconds(31 * 86400))
        try await fixture.node.scrubber.run()
        #expect(await fixture.node.scrubber.status.last?.bad == 0)
        #expect(await fixture.node.scrubber.status.last?.pieces == 26)
    }

    @Test func `a scrub goes on where a killed node was`() async throws {
        let fixture = UpkeepFixture(scrubRate: 50_000)
        try await fixture.start()
        for _ in 0..<40 { try await fixture.store(size: 25_000) }
        // The sixtieth second's reading has been noted at the latest; here the node is stopped after some steps.
        let limited = try Scrubber(
            store: fixture.node.store, reporter: fixture.node.reporter, folder: "/node/state", fileSystem: fixture.disk,
            pool: BlockingPool(threads: 1), rate: 50_000, interval: .seconds(86400), clock: fixture.nodeClock,
            sleeper: StoppingSleeper(after: 5).sleeper, logger: UpkeepFixture.silent)
        await #expect(throws: CancellationError.self) { try await limited.run() }
        try await limited.pause()
        let read = try #require(await limited.status.current)
        #expect(read.pieces >= 5 && read.pieces < 40)
        try await fixture.crash()
        #expect(await fixture.node.scrubber.status.isPaused)
        #expect(await fixture.node.scrubber.status.current == read)
        try await fixture.node.scrubber.run()
        #expect(await fixture.node.scrubber.status.current == read)
        try await fixture.node.scrubber.start(rate: nil)
        try await fixture.node.scrubber.run()
        // Not a piece is read twice, not one is left out.
        #expect(await fixture.node.scrubber.status.last?.pieces == 40)
    }

    @Test(arguments: 0..<12)
    func `a read that fails once takes no piece with it`(reads: Int) async throws {
        let fixture = UpkeepFixture(seed: UInt64(reads))
        try await fixture.start()
        for _ in 0..<10 { try await fixture.store(size: 30_000) }
        fixture.disk.setFaults { faults in
            faults.readsUntilFailure = reads
            faults.failingReads = 1
        }
        try await fixture.node.scrubber.run()
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.lostPieces.isEmpty)
        #expect(fixture.node.store.usage.livePieces == 10)
    }

    @Test func `pieces that the disk does not give back are told, the others stay`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        for _ in 0..<10 { try await fixture.store(size: 30_000) }
        fixture.disk.setFaults { faults in
            faults.readsUntilFailure = 5
            faults.failingReads = 4
        }
        try await fixture.node.scrubber.run()
        try await fixture.node.reporter.work()
        let lost = fixture.stub.now.lostPieces
        #expect(!lost.isEmpty && lost.count <= 2)
        #expect(fixture.node.store.usage.livePieces == 10 - lost.count)
    }

    @Test func `a damaged position begins from the start`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        for _ in 0..<5 { try await fixture.store(size: 5000) }
        try await fixture.node.scrubber.pause()
        fixture.disk.flipByte(of: "/node/state/scrub.json", at: 0)
        try await fixture.start()
        try await fixture.node.scrubber.run()
        #expect(await fixture.node.scrubber.status.last?.pieces == 5)
    }

    @Test func `trashed pieces are not read, and what is deleted meanwhile is no loss`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        for _ in 0..<6 { try await fixture.store(size: 5000) }
        fixture.clock.advance(by: .seconds(10))
        _ = try await fixture.node.store.retain(
            satellite: fixture.satellite.id, filter: BloomFilter(seed: 1, hashCount: 1, tableSize: 1),
            createdBefore: fixture.clock.now)
        let kept = try await fixture.store(size: 5000)
        try await fixture.node.scrubber.run()
        #expect(await fixture.node.scrubber.status.last?.pieces == 1)
        #expect(await fixture.node.scrubber.status.last?.bad == 0)
        #expect(fixture.has(kept))
    }
}
