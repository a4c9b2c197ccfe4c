import Database
import StorageModel
import TestSupport
import Testing

@Suite struct SQLValueTests {
    @Test func `every kind of value comes back as it went in`() async throws {
        let database = try Database.open(.memory)
        try await database.migrate(
            room: "test",
            [Migration("1", ["CREATE TABLE v (i {integer}, r {real}, t {text}, b {blob}, n {blob}) {table}"])])
        let texts = ["", "a", "ünï\u{0}code 🚀", String(repeating: "x", count: 70_000)]
        let blobs: [[UInt8]] = [[], [0], Array(0...255), [UInt8](repeating: 7, count: 70_000)]
        for index in 0..<4 {
            let integer = [Int64.min, -1, 0, Int64.max][index]
            try await database.write { session in
                try session.execute("DELETE FROM v")
                try session.execute(
                    "INSERT INTO v VALUES (?1, ?2, ?3, ?4, ?5)",
                    [.integer(integer), 0.5, .text(texts[index]), .blob(blobs[index]), nil])
            }
            try await database.read { session in
                try session.each("SELECT i, r, t, b, n FROM v") { row in
                    #expect(row.integer(0) == integer)
                    #expect(row.real(1) == 0.5)
                    #expect(row.text(2) == texts[index])
                    #expect(row.blob(3) == blobs[index])
                    #expect(row.isNull(4) && row.optionalBlob(4) == nil && row.optionalInteger(4) == nil)
                    return true
                }
            }
        }
    }

    @Test func `ids and moments keep their bytes and microseconds`() async throws {
        let database = try Database.open(.memory)
        let random = RandomSource.seeded(1)
        let node = NodeID.random(using: random)
        let moment = Timestamp(microseconds: 1_767_225_600_123_456)
        try await database.read { session in
            let none: NodeID? = nil
            try session.each(
                "SELECT ?1, ?2, ?3, ?4", [SQLValue(node), SQLValue(moment), SQLValue(none), SQLValue(true)]
            ) { row in
                let (found, missing) = (try row.id(0, as: NodeID.self), try row.optionalID(2, as: NodeID.self))
                #expect(found == node && missing == nil)
                #expect(row.timestamp(1) == moment)
                #expect(row.bool(3))
                #expect(throws: DatabaseError.self) { try row.id(0, as: StreamID.self) }
                return true
            }
        }
    }

    @Test func `blobs sort by their bytes`() async throws {
        let database = try Database.open(.memory)
        let sorted = try await database.read { session in
            try session.query(
                "SELECT column1 FROM (VALUES (?1), (?2), (?3), (?4)) ORDER BY column1",
                [.blob([0xff]), .blob([]), .blob([0x61, 0]), .blob([0x61])]
            ) { $0.blob(0) }
        }
        #expect(sorted == [[], [0x61], [0x61, 0], [0xff]])
    }
}
