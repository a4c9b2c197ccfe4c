import Database
import Foundation
import Metabase
import StorageModel
import TestSupport
import Testing

/// Kills this very program while it commits objects, and looks for all it had acknowledged.
@Suite struct CrashTests {
    @Test func `every object acknowledged before a kill is there afterwards`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "crash.db").path
            // More acknowledgements before each kill than the last time, so that kills meet different moments.
            var acknowledged: Set<String> = []
            for round in 0..<4 {
                let seen = try await CrashChild.run(path: path, round: round, killAfter: 60 + round * 170)
                acknowledged.formUnion(seen)
                try await Self.verify(acknowledged, path: path)
            }
            #expect(acknowledged.count >= 4 * 60)
        }
    }

    /// Opens the database as a new process would, and checks objects, segments and the file itself.
    private static func verify(_ keys: Set<String>, path: String) async throws {
        let fixture = try await Fixture(location: .file(path: path))
        let bucket = BucketLocation(project: CrashChild.project, name: "bucket")
        for key in keys {
            let object = try await fixture.metabase.object(ObjectLocation(bucket: bucket, key: Array(key.utf8)))
            let segments = try await fixture.metabase.segments(of: object.stream, limit: 10).segments
            #expect(segments.count == object.segmentCount && object.segmentCount == 1)
        }
        let check = try await fixture.database.read { session in
            try session.first("PRAGMA integrity_check") { $0.text(0) }
        }
        #expect(check == "ok")
        let orphans = try await fixture.database.read { session in
            try session.first(
                """
                SELECT COUNT(*) FROM segments WHERE stream NOT IN (SELECT stream FROM objects)
                    AND stream NOT IN (SELECT CAST(substr(tail, 9) || substr(tail, 1, 8) AS BLOB) FROM uploads)
                """
            ) { $0.int(0) }
        }
        #expect(orphans == 0)
        try fixture.database.close()
    }
}
