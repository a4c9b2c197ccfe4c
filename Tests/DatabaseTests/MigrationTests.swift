import Database
import Foundation
import TestSupport
import Testing

@Suite struct MigrationTests {
    static let first = Migration("1-first", ["CREATE TABLE a (id {integer} NOT NULL PRIMARY KEY) {table}"])
    static let second = Migration(
        "2-second", ["ALTER TABLE a ADD COLUMN note {text}", "INSERT INTO a (id, note) VALUES (7, 'new')"])

    func notes(_ database: Database) async throws -> [String?] {
        try await database.read { try $0.query("SELECT note FROM a ORDER BY id") { $0.optionalText(0) } }
    }

    @Test func `migrations run once, in order, and rows survive them`() async throws {
        let database = try Database.open(.memory)
        try await database.migrate(room: "test", [Self.first])
        try await database.write { try $0.execute("INSERT INTO a (id) VALUES (1)") }
        for _ in 0..<2 {
            try await database.migrate(room: "test", [Self.first, Self.second])
            #expect(try await notes(database) == [nil, "new"])
        }
    }

    @Test func `rooms do not see each other's migrations`() async throws {
        let database = try Database.open(.memory)
        try await database.migrate(room: "test", [Self.first])
        try await database.migrate(room: "other", [Migration("1-first", ["CREATE TABLE b (id {blob}) {table}"])])
    }

    @Test func `a database of a newer program is refused`() async throws {
        let database = try Database.open(.memory)
        try await database.migrate(room: "test", [Self.first, Self.second])
        await #expect {
            try await database.migrate(room: "test", [Self.first])
        } throws: { error in
            (error as? DatabaseError)?.kind == .newerSchema && "\(error)".contains("2-second")
        }
    }

    @Test func `an edited migration is refused`() async throws {
        let database = try Database.open(.memory)
        try await database.migrate(room: "test", [Self.first])
        let edited = Migration("1-first", ["CREATE TABLE a (id {integer} NOT NULL PRIMARY KEY, x {text}) {table}"])
        await #expect {
            try await database.migrate(room: "test", [edited])
        } throws: { error in (error as? DatabaseError)?.kind == .changedMigration }
    }

    @Test func `a migration that fails leaves nothing behind`() async throws {
        let database = try Database.open(.memory)
        let broken = Migration("1-broken", ["CREATE TABLE a (id {integer}) {table}", "INSERT INTO nowhere VALUES (1)"])
        await #expect(throws: DatabaseError.self) { try await database.migrate(room: "test", [broken]) }
        try await database.migrate(room: "test", [Self.first])
    }
}
