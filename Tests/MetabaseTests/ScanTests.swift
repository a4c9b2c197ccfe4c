import Database
import Foundation
import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct ScanTests {
    @Test func `ranges cover every id once`() {
        for count in [1, 2, 3, 7, 256, 65536] {
            let ranges = StreamRange.all(in: count)
            #expect(ranges.count == count)
            #expect(ranges.first?.first == StreamID())
            #expect(ranges.last?.last == StreamID([UInt8](repeating: 0xff, count: 16)))
            for (left, right) in zip(ranges, ranges.dropFirst()) {
                #expect(left.last.storage.words[0] &+ 1 == right.first.storage.words[0])
                #expect(left.last.storage.words[1] == .max && right.first.storage.words[1] == 0)
            }
        }
    }

    @Test func `a scan in ranges and batches sees every segment once, with its nodes and hashes`() async throws {
        let fixture = try await Fixture()
        let metabase = fixture.metabase
        try await fixture.createBucket()
        var expected: [SegmentPosition: Int] = [:]
        var contents: Set<SegmentContent> = []
        for index in 0..<60 {
            let segments = (0...Int32(index % 4)).map { fixture.remote(0, $0) }
            for segment in segments {
                expected[segment.position, default: 0] += 1
                contents.insert(segment.content)
            }
            _ = try await metabase.putObject(
                fixture.newUpload("key\(index)"), segments: segments, ObjectCommit(mayOverwrite: true))
        }
        var found: [Segment] = []
        for range in StreamRange.all(in: 3) {
            var cursor: (stream: StreamID, position: SegmentPosition)?
            while true {
                let batch = try await metabase.scanSegments(in: range, after: cursor, limit: 7)
                guard let last = batch.last else { break }
                found += batch
                cursor = (last.stream, last.position)
            }
        }
        #expect(Dictionary(grouping: found, by: \.position).mapValues(\.count) == expected)
        #expect(Set(found.map(\.content)) == contents)
        #expect(Set(found.map { "\($0.stream)\($0.position.encoded)" }).count == found.count)
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
