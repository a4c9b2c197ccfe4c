import NIOCore
import PieceStore
import StorageModel
import TestSupport
import Testing

/// Random work on a store, with crashes and faults, against a model that knows which pieces must be there.
@Suite struct ModelTests {
    /// What the model knows of a piece.
    private struct Known {
        let piece: TestPiece
        /// False once the store may have deleted it.
        var mustBeServed = true
        /// When it went to the trash; nil when it is live for sure.
        var trashed: Timestamp?
    }

    /// The store, the model and the random choices of one run.
    private final class Run {
        let fixture: Fixture
        var random: RandomSource
        var store: PieceStore
        var known: [Known] = []

        init(seed: UInt64) async throws {
            var fixture = Fixture(seed: seed)
            fixture.settings.maximumLogSize = 1_500_000
            fixture.settings.compactionLiveFraction = 0.6
            self.fixture = fixture
            random = fixture.random
            store = try await fixture.open()
        }

        func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

        func step() async throws {
            switch number(20) {
            case 0..<8: try await put()
            case 8: try await abort()
            case 9..<12: try await readOne()
            case 12: try await retain()
            case 13: try await restore()
            case 14..<16: try await maintain()
            case 16: fixture.clock.advance(by: .seconds(number(3 * 86400)))
            case 17: await putDuringFault()
            case 18: try await reopen(crashing: true)
            default: try await reopen(crashing: false)
            }
        }

        private func makePiece() -> TestPiece {
            var piece = fixture.makePiece(size: number(3) == 0 ? 262_000 + number(300_000) : number(40_000))
            if number(4) == 0 {
                piece.expires = fixture.clock.now.advanced(by: .seconds(number(10 * 86400)))
            }
            return piece
        }

        private func put() async throws {
            let pieces = (0...number(4)).map { _ in makePiece() }
            let (store, fixture) = (store, fixture)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for piece in pieces { group.addTask { _ = try await fixture.store(piece, in: store) } }
                try await group.waitForAll()
            }
            known += pieces.map { Known(piece: $0) }
        }

        private func abort() async throws {
            let piece = makePiece()
            let writer = store.beginPiece(
                satellite: fixture.satellite, pieceID: piece.id, algorithm: .blake3, expires: piece.expires)
            try await writer.append(ByteBuffer(bytes: piece.content))
            writer.abort()
        }

        private func putDuringFault() async {
            let limit = number(12)
            fixture.disk.setFaults { faults in
                if limit % 2 == 0 {
                    faults.writesUntilFailure = limit
                } else {
                    faults.synchronizationsUntilFailure = limit / 4
                }
            }
            let piece = makePiece()
            // Whether it failed is what the model learns.
            if (try? await fixture.store(piece, in: store)) != nil { known.append(Known(piece: piece)) }
            fixture.disk.setFaults { faults in
                faults.writesUntilFailure = nil
                faults.synchronizationsUntilFailure = nil
            }
        }

        private func readOne() async throws {
            guard !known.isEmpty else { return }
            try await check(number(known.count))
        }

        /// Reads a piece; one that may be gone may only be gone, never wrong.
        func check(_ index: Int) async throws {
            let entry = known[index]
            do {
                let isServed = try await entry.piece.isServed(by: store, satellite: fixture.satellite)
                #expect(isServed)
                known[index].trashed = nil
            } catch let error as PieceStoreError where error.code == .notFound {
                #expect(!entry.mustBeServed, "piece \(entry.piece.id) is lost")
            }
        }

        private func retain() async throws {
            var filter = BloomFilter(seed: 3, expectedCount: 500, falsePositiveRate: 0.001, maximumSize: 10_000)
            let now = fixture.clock.now
            for index in known.indices {
                if number(2) == 0 { filter.insert(known[index].piece.id) }
                if !filter.mayContain(known[index].piece.id), known[index].trashed == nil { known[index].trashed = now }
            }
            _ = try await store.retain(satellite: fixture.satellite, filter: filter, createdBefore: now)
        }

        private func restore() async throws {
            _ = try await store.restoreTrash(satellite: fixture.satellite)
            for index in known.indices { known[index].trashed = nil }
        }

        private func maintain() async throws {
            let now = fixture.clock.now
            for index in known.indices {
                if let expires = known[index].piece.expires, expires < now { known[index].mustBeServed = false }
                if let trashed = known[index].trashed, now.duration(since: trashed) > .seconds(7 * 86400 - 5) {
                    known[index].mustBeServed = false
                }
            }
            let report = try await store.maintain()
            #expect(report.damaged.isEmpty)
        }

        private func reopen(crashing: Bool) async throws {
            if crashing { fixture.disk.crash() } else { await store.close() }
            if number(5) == 0, fixture.disk.paths.contains(fixture.indexPath) {
                try fixture.disk.remove(fixture.indexPath)
                // The trash is live again, and what was deleted may be back.
                for index in known.indices { known[index].trashed = nil }
            }
            store = try await fixture.open()
        }
    }

    @Test(arguments: UInt64(0)..<30)
    func `whatever happens, what must be there is there, and nothing wrong is served`(seed: UInt64) async throws {
        let run = try await Run(seed: seed)
        for _ in 0..<80 { try await run.step() }
        for index in run.known.indices { try await run.check(index) }
        let usage = run.store.usage
        #expect(usage.deadBytes >= 0)
        #expect(usage.liveBytes >= 0)
        #expect(usage.trashBytes >= 0)
    }
}
