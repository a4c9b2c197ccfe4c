import Chores
import DRPC
import Database
import Foundation
import Identity
import Metabase
import Overlay
import PieceStore
import StorageModel
import TestSupport
import Testing
import Upkeep
import WireMessages

/// No live piece is ever thrown away, and garbage is, on real nodes.
@Suite struct GarbageProofTests {
    @Test(arguments: 0..<12)
    func `whatever is in flight, no live piece is trashed, and garbage goes in the end`(seed: Int) async throws {
        let campaign = try await GarbageCampaign(seed: UInt64(seed))
        for step in 0..<250 where try await campaign.step() {
            #expect(try await campaign.missing().isEmpty, "seed \(seed), step \(step)")
        }
        #expect(try await campaign.missing().isEmpty, "seed \(seed)")
        let kept = try await campaign.cleanUp()
        #expect(try await campaign.missing().isEmpty, "seed \(seed)")
        #expect(kept < 0.05, "seed \(seed)")
    }

    /// A place with objects that live and objects that were deleted long ago.
    private func place(
        nodes count: Int = 8, database: DatabaseLocation = .memory
    ) async throws -> (place: Neighbourhood, nodes: [Neighbour], live: [Pieces], dead: [Pieces]) {
        let place = try await Neighbourhood(database: database)
        let nodes = try await place.startNeighbours(count)
        var (live, dead): ([Pieces], [Pieces]) = ([], [])
        for index in 0..<20 {
            let segment = try await place.upload("key\(index)", place.random.bytes(count: 2000), to: nodes)
            if index % 2 == 0 { live.append(Neighbourhood.pieces(of: segment)) } else { dead.append(Neighbourhood.pieces(of: segment)) }
        }
        for index in stride(from: 1, to: 20, by: 2) { try await delete("key\(index)", place) }
        return (place, nodes, live, dead)
    }

    private typealias Pieces = [(node: NodeID, piece: PieceID)]

    private func delete(_ key: String, _ place: Neighbourhood) async throws {
        _ = try await place.metabase.deleteObject(ObjectLocation(bucket: place.bucket, key: Array(key.utf8)))
    }

    private func collector(_ place: Neighbourhood) async throws -> GarbageCollector {
        var settings = GarbageSettings()
        settings.expectedPieceCount = 100
        return try await place.collector(settings)
    }

    private func held(_ pieces: [Pieces], _ nodes: [Neighbour]) throws -> Int {
        let held = try Dictionary(nodes.map { ($0.id, try $0.heldPieces()) }) { first, _ in first }
        return pieces.joined().count { held[$0.node]?.contains($0.piece) == true }
    }

    @Test func `garbage is trashed after three days, leaves after seven more, and gives its space back`() async throws {
        let (place, nodes, live, dead) = try await place()
        var settings = GarbageSettings()
        settings.expectedPieceCount = 100
        settings.suspiciousRatio = 0
        let collector = try await place.collector(settings)
        try await place.upload("now", [1, 2, 3], to: nodes)
        _ = try await collector.collect()
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(dead, nodes) == 80)
        place.clock.advance(by: .seconds(73 * 3600))
        try await place.upload("later", [1, 2, 3], to: nodes)
        let report = try await collector.collect()
        #expect(report.sentCount == 8)
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(live, nodes) == 80)
        #expect(try held(dead, nodes) < 20)
        let before = nodes.map(\.store.usage.totalBytes).reduce(0, +)
        #expect(nodes.map(\.store.usage.trashPieces).reduce(0, +) > 60)
        place.clock.advance(by: .seconds(8 * 24 * 3600))
        for node in nodes { _ = try await node.store.maintain() }
        #expect(nodes.allSatisfy { $0.store.usage.trashPieces == 0 })
        #expect(try held(live, nodes) == 80)
        // A log is rewritten when little of it lives: two objects of twenty stay.
        for index in stride(from: 0, to: 16, by: 2) { try await delete("key\(index)", place) }
        try await place.upload("last", [1, 2, 3], to: nodes)
        _ = try await collector.collect()
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        place.clock.advance(by: .seconds(8 * 24 * 3600))
        for node in nodes { for _ in 0..<2 { _ = try await node.store.maintain() } }
        #expect(nodes.map(\.store.usage.totalBytes).reduce(0, +) < before / 2)
        #expect(try held(Array(live.suffix(2)), nodes) == 16)
    }

    @Test func `the emergency brake brings everything back and keeps it`() async throws {
        let (place, nodes, live, dead) = try await place()
        let collector = try await collector(place)
        place.clock.advance(by: .seconds(73 * 3600))
        try await place.upload("later", [1, 2, 3], to: nodes)
        _ = try await collector.collect()
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        nodes[0].stop()
        let outcomes = try await collector.restoreTrash()
        #expect(outcomes.count == 8)
        #expect(outcomes.values.count { $0 == nil } == 7)
        nodes[0].start()
        // The one that was away is asked again; nothing is sent.
        #expect(try await collector.collect().heldUntil != nil)
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(dead, nodes) == 80)
        #expect(try held(live, nodes) == 80)
        place.clock.advance(by: .seconds(73 * 3600))
        #expect(try await collector.collect().sentCount == 8)
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(dead, nodes) < 20)
        #expect(try held(live, nodes) == 80)
    }

    @Test func `a collection that is stopped while it sends is made good by the next, also after a restart`() async throws {
        let (place, nodes, live, dead) = try await place()
        place.clock.advance(by: .seconds(73 * 3600))
        try await place.upload("later", [1, 2, 3], to: nodes)
        var hanging = RPCRouter()
        let reached = AsyncStream.makeStream(of: Void.self)
        hanging.unary(PiecestoreMethods.retain) { _, _ in
            reached.continuation.yield()
            try await neverEnding()
            return Piecestore_RetainResponse()
        }
        place.network.register(hanging, identity: nodes[3].identity.peer, address: nodes[3].address)
        let first = try await collector(place)
        let collection = Task { try await first.collect() }
        for await _ in reached.stream { break }
        collection.cancel()
        await #expect(throws: CancellationError.self) { try await collection.value }
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(live, nodes) == 80)
        nodes[3].start()
        let second = try await collector(place)
        #expect(try await second.collect().sentCount == 8)
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(live, nodes) == 80)
        #expect(try held(dead, nodes) < 20)
    }

    @Test func `the brake, pulled while filters go out, comes after every one of them`() async throws {
        let (place, nodes, live, dead) = try await place()
        place.clock.advance(by: .seconds(73 * 3600))
        try await place.upload("later", [1, 2, 3], to: nodes)
        let reached = AsyncStream.makeStream(of: Void.self)
        let gate = AsyncStream.makeStream(of: Void.self)
        // One filter is on its way until the brake was pulled.
        var slow = RPCRouter()
        let front = NodeURL(id: nodes[3].id, address: "behind \(nodes[3].address)")
        slow.unary(PiecestoreMethods.retain) { request, _ in
            reached.continuation.yield()
            for await _ in gate.stream { break }
            return try await place.dialer.connect(to: front).call(PiecestoreMethods.retain, request)
        }
        slow.unary(PiecestoreMethods.restoreTrash) { request, _ in
            try await place.dialer.connect(to: front).call(PiecestoreMethods.restoreTrash, request)
        }
        place.network.register(slow, identity: nodes[3].identity.peer, address: nodes[3].address)
        let collector = try await collector(place)
        async let collection = collector.collect()
        for await _ in reached.stream { break }
        async let brake = collector.restoreTrash()
        while collector.caution.heldUntil == nil { await Task.yield() }
        gate.continuation.yield()
        _ = try await collection
        #expect(try await brake.values.allSatisfy { $0 == nil })
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(live, nodes) == 80)
        #expect(try held(dead, nodes) == 80)
    }

    @Test func `a node that loses power between taking a filter and applying it applies it later`() async throws {
        let (place, nodes, live, dead) = try await place()
        place.clock.advance(by: .seconds(73 * 3600))
        try await place.upload("later", [1, 2, 3], to: nodes)
        _ = try await collector(place).collect()
        for node in nodes {
            node.crash()
            try await node.restart()
        }
        #expect(try held(live, nodes) == 80)
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(live, nodes) == 80)
        #expect(try held(dead, nodes) < 20)
    }

    @Test(arguments: 0..<10)
    func `a node that loses power anywhere while it applies a filter loses no live piece`(writes: Int) async throws {
        let (place, nodes, live, dead) = try await place()
        place.clock.advance(by: .seconds(73 * 3600))
        try await place.upload("later", [1, 2, 3], to: nodes)
        let collector = try await collector(place)
        _ = try await collector.collect()
        for node in nodes {
            node.disk.setFaults { faults in
                if writes % 2 == 0 {
                    faults.writesUntilFailure = writes / 2
                } else {
                    faults.synchronizationsUntilFailure = writes / 2
                }
            }
            // Whether it fails depends on how many writes it takes.
            try? await node.garbageCollection.triggerAndWait()
            node.crash()
            node.disk.setFaults { faults in
                faults.writesUntilFailure = nil
                faults.synchronizationsUntilFailure = nil
            }
            try await node.restart()
        }
        #expect(try held(live, nodes) == 80)
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(live, nodes) == 80)
        // What was put in the trash and forgotten again is found by the next filter.
        _ = try await collector.collect()
        for node in nodes { try await node.garbageCollection.triggerAndWait() }
        #expect(try held(live, nodes) == 80)
        #expect(try held(dead, nodes) < 20)
    }

    @Test func `a satellite restored from an old backup has deleted pieces restored, and holds its filters back`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "satellite.db").path
            let (place, nodes, live, _) = try await place(database: .file(path: path))
            let original = try await collector(place)
            let backup = folder.appending(path: "backup.db").path
            for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: backup + suffix) }
            // After the backup: half of what lived is deleted and thrown away, and new objects come.
            for index in stride(from: 0, to: 20, by: 4) { try await delete("key\(index)", place) }
            place.clock.advance(by: .seconds(80 * 3600))
            let late = Neighbourhood.pieces(of: try await place.upload("late", [1, 2, 3], to: nodes))
            _ = try await original.collect()
            for node in nodes { try await node.garbageCollection.triggerAndWait() }
            #expect(try held(live, nodes) < 60)
            try place.database.close()

            let restored = try await RestoredSatellite(place, path: backup)
            let held = try await restored.collector.collect()
            #expect(held.heldUntil != nil)
            for node in nodes { try await node.garbageCollection.triggerAndWait() }
            // What the backup knows is all there again; what it does not know is not thrown away.
            #expect(try self.held(live, nodes) == 80)
            #expect(try self.held([late], nodes) == 8)
            place.clock.advance(by: .seconds(73 * 3600))
            try await restored.put("new", place.segment(nodes.map(\.id)), place)
            #expect(try await restored.collector.collect().sentCount == 8)
            for node in nodes { try await node.garbageCollection.triggerAndWait() }
            #expect(try self.held(live, nodes) == 80)
            try restored.database.close()
        }
    }

    @Test func `what is committed, moved or deleted during a pass does not change what it shows`() async throws {
        try await withTemporaryFolder { folder in
            let location = DatabaseLocation.file(path: folder.appending(path: "satellite.db").path)
            let place = try await Neighbourhood(batchSize: 2, database: location)
            let nodes = try await place.startNodes(4)
            var expected: Set<PieceID> = []
            for index in 0..<20 {
                expected.formUnion(try await place.put("key\(index)", [place.segment(nodes.map(\.id))]).map(\.piece))
            }
            let gate = GatedObserver()
            let filters = PieceFilters(
                expectedCounts: Dictionary(nodes.map { ($0.id, 1000) }) { first, _ in first },
                settings: GarbageSettings(), random: place.random)
            async let pass = place.loop.run([gate, filters], isSnapshot: true)
            await gate.waitForFork()
            for index in 0..<10 { try await delete("key\(index)", place) }
            for index in 20..<30 { try await place.put("key\(index)", [place.segment(nodes.map(\.id))]) }
            gate.open()
            #expect(try await pass.segmentCount == 20)
            let found = try #require(filters.take())
            for piece in expected {
                #expect(found.filters.values.contains { BloomFilter(encoded: $0)?.mayContain(piece) == true })
            }
            #expect(found.pieceCount == 80)
            try place.database.close()
        }
    }
}

/// A satellite's rooms over another database file, as the same satellite.
private struct RestoredSatellite {
    let database: Database
    let metabase: Metabase
    let collector: GarbageCollector

    init(_ place: Neighbourhood, path: String) async throws {
        database = try Database.open(.file(path: path))
        metabase = Metabase(database: database, clock: place.clock.wallClock, random: place.random)
        try await metabase.load()
        let sleeper = Sleeper { _ in try await neverEnding() }
        let overlay = Overlay(
            database: database, settings: OverlaySettings(), dialer: place.dialer,
            resolver: AddressResolver { _ in throw OverlayError.badAddress("no names here") },
            clock: place.clock.wallClock, sleeper: sleeper, random: place.random, logger: place.logger)
        try await overlay.load()
        let parts = UpkeepParts(
            database: database, metabase: metabase, overlay: overlay, issuer: place.issuer, identity: place.satellite,
            dialer: place.dialer, clock: place.clock.wallClock, sleeper: sleeper, random: place.random,
            logger: place.logger)
        collector = GarbageCollector(
            parts: parts, settings: GarbageSettings(),
            loop: RangedLoop(
                metabase: metabase, settings: RangedLoopSettings(), clock: place.clock.wallClock,
                logger: place.logger))
        try await collector.load()
    }

    func put(_ key: String, _ segment: NewSegment, _ place: Neighbourhood) async throws {
        _ = try await metabase.putObject(place.newUpload(key), segments: [segment], ObjectCommit(mayOverwrite: true))
    }
}

/// Holds a pass at its beginning, inside its snapshot.
private final class GatedObserver: SegmentObserver {
    private final class Idle: SegmentFork {
        func process(_ segments: [ScannedSegment]) throws {}
    }

    let name = "gate"
    private let forked = AsyncStream.makeStream(of: Void.self)
    private let gate = DispatchSemaphore(value: 0)

    func begin(_ pass: RangedLoopPass) async throws {}

    func fork(_ nodes: NodeTable) throws -> any SegmentFork {
        forked.continuation.yield()
        gate.wait()
        return Idle()
    }

    func join(_ fork: any SegmentFork) throws {}
    func finish(_ pass: RangedLoopPass) async throws {}

    func waitForFork() async {
        for await _ in forked.stream { return }
    }

    func open() { gate.signal() }
}
