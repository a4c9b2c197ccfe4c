import Accounting
import Chores
import Database
import Identity
import Metabase
import Orders
import Overlay
import StorageModel
import TestSupport
import Testing
import Upkeep

@Suite struct NodeTallyTests {
    private func accounting(_ place: Neighbourhood) async throws -> Accounting {
        let accounting = Accounting(
            database: place.database, metabase: place.metabase, satellite: place.satellite.peer,
            cipher: OrderMetadataCipher(keys: [place.random.bytes(count: 32)]), settings: AccountingSettings(),
            clock: place.clock.wallClock, sleeper: Sleeper { _ in try await neverEnding() }, logger: place.logger)
        try await accounting.load()
        return accounting
    }

    private func byteHours(_ place: Neighbourhood) async throws -> [NodeID: Double] {
        let rows = try await place.database.read { session in
            try session.query("SELECT node_id, SUM(byte_hours) FROM storagenode_storage_tallies GROUP BY node_id") {
                (try $0.id(0, as: NodeID.self), $0.real(1))
            }
        }
        return Dictionary(rows) { first, _ in first }
    }

    @Test(arguments: [1, 2, 5])
    func `bytes and pieces are counted for every node, in whatever ranges`(parallelism: Int) async throws {
        let place = try await Neighbourhood(parallelism: parallelism)
        let nodes = try await place.startNodes(4).map(\.id)
        for index in 0..<30 { try await place.put("key\(index)", [place.segment(Array(nodes[0..<(2 + index % 3)]))]) }
        let tally = NodeTally(accounting: try await accounting(place), overlay: place.overlay)
        #expect(try await place.loop.run([tally]).failures.isEmpty)
        #expect(try await byteHours(place).isEmpty)
        #expect(nodes.map { place.overlay.record(of: $0)?.pieceCount } == [30, 30, 20, 10])
        place.clock.advance(by: .seconds(7200))
        #expect(try await place.loop.run([tally]).failures.isEmpty)
        let size = Double(RedundancyScheme.development.pieceSize(encryptedSize: 100_000))
        let hours = try await byteHours(place)
        #expect(nodes.map { hours[$0] } == [60 * size, 60 * size, 40 * size, 20 * size])
    }

    @Test func `nobody is paid for what has expired, and a node that lost all its pieces has none`() async throws {
        let place = try await Neighbourhood()
        let nodes = try await place.startNodes(2).map(\.id)
        var expiring = place.newUpload("expires")
        expiring.expiresAt = place.clock.now.advanced(by: .seconds(60))
        _ = try await place.metabase.putObject(
            expiring, segments: [place.segment([nodes[0]])], ObjectCommit(mayOverwrite: true))
        try await place.put("stays", [place.segment([nodes[1]])])
        let tally = NodeTally(accounting: try await accounting(place), overlay: place.overlay)
        _ = try await place.loop.run([tally])
        place.clock.advance(by: .seconds(3600))
        _ = try await place.loop.run([tally])
        #expect(try await byteHours(place).keys.sorted() == [nodes[1]])
        #expect(nodes.map { place.overlay.record(of: $0)?.pieceCount } == [1, 1])
        while try await place.metabase.deleteExpiredObjects(limit: 10) > 0 {}
        _ = try await place.loop.run([tally])
        #expect(nodes.map { place.overlay.record(of: $0)?.pieceCount } == [0, 1])
    }
}
