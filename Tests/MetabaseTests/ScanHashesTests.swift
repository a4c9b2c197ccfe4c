import Metabase
import StorageModel
import Synchronization
import TestSupport
import Testing

@Suite struct ScanHashesTests {
    @Test func `a scan for hashes shows every remote segment with its pieces' hashes and sizes`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        let segments = (0..<5).map { fixture.remote(0, $0, size: 100_000) }
        _ = try await fixture.metabase.putObject(
            fixture.newUpload("remote"), segments: segments, ObjectCommit(mayOverwrite: true))
        try await fixture.put("inline")
        let found = Mutex<[HashedPieces]>([])
        let nodes = Mutex<NodeTable?>(nil)
        try await fixture.metabase.scanHashes(batchSize: 2) { table in
            nodes.withLock { $0 = table }
        } _: { batch in
            found.withLock { $0 += batch }
            return true
        }
        let table = try #require(nodes.withLock { $0 })
        let shown = found.withLock { $0 }
        #expect(shown.count == segments.count)
        for (shown, segment) in zip(shown, segments) {
            guard case .remote(let remote) = segment.content else { continue }
            #expect(shown.rootPieceID == remote.rootPieceID)
            #expect(shown.pieceSize == remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize))
            #expect(shown.storedAt == fixture.clock.now)
            #expect(shown.hashAlgorithm == 1)
            #expect(shown.entries.map(\.number) == remote.pieces.map(\.number))
            #expect(shown.entries.map { table[$0.alias] } == remote.pieces.map(\.node))
            #expect(shown.hashes == remote.pieces.flatMap { ($0.hash ?? Bytes32()).bytes })
        }
    }

    @Test func `a scan for hashes ends when nobody wants more`() async throws {
        let fixture = try await Fixture()
        try await fixture.createBucket()
        _ = try await fixture.metabase.putObject(
            fixture.newUpload("remote"), segments: (0..<5).map { fixture.remote(0, $0) },
            ObjectCommit(mayOverwrite: true))
        let calls = Mutex(0)
        try await fixture.metabase.scanHashes(batchSize: 2) { _ in
        } _: { _ in
            calls.withLock { $0 += 1 }
            return false
        }
        #expect(calls.withLock { $0 } == 1)
    }
}
