import Database
import Foundation
import Metabase
import StorageModel
import Synchronization
import TestSupport
import Testing

@Suite struct ScanTests {
    @Test(arguments: [1, 2, 3, 7])
    func `a scan in ranges and batches sees every segment once, with its nodes`(count: Int) async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket()
        var expected: [PieceID: [NodeID]] = [:]
        for index in 0..<60 {
            let segments = (0...Int32(index % 4)).map { fixture.remote(0, $0) }
            for case .remote(let remote) in segments.map(\.content) {
                expected[remote.rootPieceID] = remote.pieces.map(\.node)
            }
            _ = try await metabase.putObject(
                fixture.newUpload("key\(index)"), segments: segments, ObjectCommit(mayOverwrite: true))
            // Rows that are gone leave holes between those that stay.
            if index % 5 == 0 {
                _ = try await metabase.deleteObject(fixture.at("key\(index)"))
                for case .remote(let remote) in segments.map(\.content) { expected[remote.rootPieceID] = nil }
            }
        }
        let found = Mutex<[(PieceID, [NodeID])]>([])
        let ranges = try await metabase.scanRanges(count)
        #expect(ranges.count == count)
        for range in ranges {
            let table = Mutex<NodeTable?>(nil)
            try await metabase.scan(range, batchSize: 7) { nodes in
                table.withLock { $0 = nodes }
            } _: { segments in
                guard segments.count <= 7, let nodes = table.withLock({ $0 }) else { return false }
                for segment in segments {
                    guard let pieces = segment.pieces else { continue }
                    found.withLock { $0.append((pieces.rootPieceID, pieces.entries.compactMap { nodes[$0.alias] })) }
                }
                return true
            }
        }
        let seen = found.withLock { $0 }
        #expect(seen.count == expected.count)
        #expect(Dictionary(seen) { first, _ in first } == expected)
    }

    @Test func `a scan ends when it is told to`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        for index in 0..<10 { try await fixture.put("key\(index)") }
        let seen = Mutex(0)
        try await fixture.metabase.scan(batchSize: 3) { segments in
            seen.withLock { $0 += segments.count }
            return seen.withLock { $0 } < 6
        }
        #expect(seen.withLock { $0 } == 6)
    }

    @Test func `damaged pieces end a scan with an error, not with fewer segments`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        _ = try await fixture.metabase.putObject(
            fixture.newUpload("key"), segments: [fixture.remote()], ObjectCommit(mayOverwrite: true))
        _ = try await fixture.database.write { session in try session.execute("UPDATE segments SET pieces = x'0209'") }
        await #expect(throws: DatabaseError.self) {
            try await fixture.metabase.scan(batchSize: 3) { _ in true }
        }
    }

    @Test func `node aliases survive a restart and stay what they were`() async throws {
        try await withTemporaryFolder { folder in
            let location = DatabaseLocation.file(path: folder.appending(path: "test.db").path)
            let nodes = (UInt64(0)..<8).map { seed in NodeID.random(using: .seeded(seed)) }
            func objectNodes(_ fixture: Fixture, _ key: String) async throws -> [[NodeID]] {
                try await fixture.metabase.objectNodes(fixture.at(key)).remoteSegments
            }
            let first = try await Fixture(location: location)
            try await first.createBucket()
            for (key, some) in [("a", Array(nodes[0..<5])), ("b", Array(nodes[3..<8]))] {
                _ = try await first.metabase.putObject(
                    first.newUpload(key), segments: [first.remote(nodes: some)], ObjectCommit(mayOverwrite: true))
            }
            try first.database.close()
            let second = try await Fixture(location: location)
            #expect(try await objectNodes(second, "a") == [Array(nodes[0..<5])])
            #expect(try await objectNodes(second, "b") == [Array(nodes[3..<8])])
            #expect(try await second.count("node_aliases") == 8)
            try second.database.close()
        }
    }

    @Test func `totals count what is stored, bucket by bucket`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        for name in ["one", "two", "six"] { try await fixture.createBucket(name) }
        try await fixture.put("a", in: "one", metadata: fixture.metadata("12345"))
        try await fixture.put("b", in: "one", expiresAt: fixture.clock.now.advanced(by: .seconds(1)))
        _ = try await metabase.putObject(
            fixture.newUpload("c", in: "two"),
            segments: [fixture.remote(0, 0, size: 100), fixture.remote(0, 1, size: 7)],
            ObjectCommit(mayOverwrite: true))
        _ = try await metabase.beginUpload(fixture.newUpload("d", in: "two"))
        fixture.clock.advance(by: .seconds(1))
        let first = try await metabase.bucketTotals(after: nil, limit: 2)
        let rest = try await metabase.bucketTotals(after: first.last?.id, limit: 2)
        let totals = (first + rest)
        #expect(totals.map(\.location.name) == ["one", "two", "six"])
        #expect(totals.map(\.objects) == [1, 1, 0])
        #expect(totals.map(\.uploads) == [0, 1, 0])
        #expect(totals.map(\.segments) == [1, 2, 0])
        #expect(totals.map(\.plainBytes) == [3, 107, 0])
        #expect(totals.map(\.encryptedBytes) == [19, 139, 0])
        #expect(totals.map(\.metadataBytes) == [5, 0, 0])
    }
}
