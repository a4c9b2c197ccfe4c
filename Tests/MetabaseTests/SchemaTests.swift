import Database
import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct SchemaTests {
    @Test func `shipped migrations never change`() async throws {
        let fixture = try await Fixture()
        let recorded = try await fixture.database.read { session in
            try session.query("SELECT name, fingerprint FROM migrations WHERE room = 'metabase' ORDER BY position") {
                "\($0.text(0)) \($0.integer(1))"
            }
        }
        #expect(recorded == ["1-buckets-objects-uploads-segments 6569716285241921853"])
    }

    @Test func `listings, commits and scans use the keys the tables are clustered on`() async throws {
        let fixture = try await Fixture()
        func plan(_ sql: String, _ count: Int) async throws -> String {
            let arguments = [SQLValue](repeating: .blob([1]), count: count)
            return try await fixture.database.read { session in
                try session.query("EXPLAIN QUERY PLAN " + sql, arguments) { $0.text(3) }.joined(separator: "; ")
            }
        }
        let listing = try await plan(
            "SELECT status FROM objects WHERE bucket = ?1 AND (key, ver_desc) > (?2, ?3) ORDER BY key, ver_desc", 3)
        #expect(listing.contains("USING PRIMARY KEY (bucket=? AND (key,ver_desc)>(?,?))"))
        let uploads = try await plan(
            """
            SELECT deadline FROM uploads WHERE bucket = ?1 AND (key, created_at, tail) > (?2, ?3, ?4)
            ORDER BY key, created_at, tail
            """, 4)
        #expect(uploads.contains("USING PRIMARY KEY (bucket=? AND (key,created_at,tail)>(?,?,?))"))
        let scan = try await plan(
            "SELECT k FROM segments WHERE (stream, position) > (?1, ?2) AND stream <= ?3 ORDER BY stream, position", 3)
        #expect(scan.contains("(stream,position)>(?,?) AND stream<?"))
        for plan in [listing, uploads, scan] { #expect(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN")) }
    }
}
