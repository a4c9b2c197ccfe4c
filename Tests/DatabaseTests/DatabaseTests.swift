import Database
import Foundation
import TestSupport
import Testing

@Suite struct DatabaseTests {
    static let numbers = [
        Migration("1-numbers", ["CREATE TABLE numbers (value {integer} NOT NULL PRIMARY KEY, note {text}) {table}"])
    ]

    /// Runs a body on a database in memory and on one in a file.
    func withEveryDatabase(_ body: (Database) async throws -> Void) async throws {
        let memory = try Database.open(.memory)
        try await memory.migrate(room: "test", Self.numbers)
        try await body(memory)
        try await withTemporaryFolder { folder in
            let file = try Database.open(.file(path: folder.appending(path: "test.db").path))
            try await file.migrate(room: "test", Self.numbers)
            try await body(file)
            try file.close()
        }
    }

    func insert(_ value: Int, in database: Database) async throws {
        try await database.write { session in
            try session.execute("INSERT INTO numbers (value) VALUES (?1)", [SQLValue(value)])
        }
    }

    func count(_ database: Database) async throws -> Int {
        try await database.read { session in
            try session.first("SELECT COUNT(*) FROM numbers") { $0.int(0) } ?? 0
        }
    }

    @Test func `concurrent writes are all stored and each is visible once acknowledged`() async throws {
        try await withEveryDatabase { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for value in 0..<300 {
                    group.addTask {
                        try await self.insert(value, in: database)
                        let found = try await database.read { session in
                            try session.first("SELECT value FROM numbers WHERE value = ?1", [SQLValue(value)]) {
                                $0.int(0)
                            }
                        }
                        #expect(found == value)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await count(database) == 300)
        }
    }

    @Test func `a write that throws undoes itself and not its companions`() async throws {
        struct Refusal: Error {}
        try await withEveryDatabase { database in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for value in 0..<100 {
                    group.addTask {
                        do {
                            try await database.write { session in
                                try session.execute("INSERT INTO numbers (value) VALUES (?1)", [SQLValue(value)])
                                if value % 3 == 0 { throw Refusal() }
                            }
                            return true
                        } catch {
                            #expect(error is Refusal)
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            let stored = try await count(database)
            #expect(outcomes == 66)
            #expect(stored == 66)
        }
    }

    @Test func `a broken rule is a constraint error and leaves the database usable`() async throws {
        try await withEveryDatabase { database in
            try await insert(1, in: database)
            await #expect {
                try await insert(1, in: database)
            } throws: { error in
                (error as? DatabaseError)?.kind == .constraint && (error as? DatabaseError)?.isTransient == false
            }
            try await insert(2, in: database)
            #expect(try await count(database) == 2)
        }
    }

    @Test func `a read cannot write`() async throws {
        try await withEveryDatabase { database in
            await #expect {
                try await database.read { session in try session.execute("INSERT INTO numbers (value) VALUES (1)") }
            } throws: { error in (error as? DatabaseError)?.kind == .readOnly }
            try await insert(1, in: database)
            #expect(try await count(database) == 1)
        }
    }

    @Test func `bad SQL is an error for its caller alone`() async throws {
        try await withEveryDatabase { database in
            await #expect(throws: DatabaseError.self) {
                try await database.write { session in try session.execute("INSERT INTO nowhere VALUES (1)") }
            }
            await #expect(throws: DatabaseError.self) {
                try await database.read { session in try session.execute("SELECT FROM") }
            }
            try await insert(1, in: database)
        }
    }

    @Test func `a statement may run inside the rows of itself`() async throws {
        let database = try Database.open(.memory)
        try await database.migrate(room: "test", Self.numbers)
        for value in 1...3 { try await insert(value, in: database) }
        let pairs = try await database.read { session in
            try session.query("SELECT value FROM numbers ORDER BY value") { outer in
                try session.query("SELECT value FROM numbers ORDER BY value") { $0.int(0) }.map { outer.int(0) * $0 }
            }
        }
        #expect(pairs == [[1, 2, 3], [2, 4, 6], [3, 6, 9]])
    }

    @Test func `a closed database refuses calls`() async throws {
        try await withTemporaryFolder { folder in
            let database = try Database.open(.file(path: folder.appending(path: "test.db").path))
            try database.close()
            await #expect(throws: DatabaseError.self) { try await database.read { _ in } }
            await #expect(throws: DatabaseError.self) { try await database.write { _ in } }
        }
    }

    @Test func `a file that is no database is refused`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "test.db")
            try Data(repeating: 0x41, count: 8192).write(to: path)
            #expect(throws: DatabaseError.self) { try Database.open(.file(path: path.path)) }
            #expect(throws: DatabaseError.self) {
                try Database.open(.file(path: folder.appending(path: "missing/test.db").path))
            }
        }
    }

    @Test func `the writer syncs each commit and keeps a write-ahead log`() async throws {
        try await withTemporaryFolder { folder in
            let database = try Database.open(.file(path: folder.appending(path: "test.db").path))
            let pragmas = try await database.write { session in
                (
                    try session.first("PRAGMA synchronous") { $0.int(0) },
                    try session.first("PRAGMA journal_mode") { $0.text(0) },
                    try session.first("PRAGMA page_size") { $0.int(0) }
                )
            }
            #expect(pragmas.0 == 2)
            #expect(pragmas.1 == "wal")
            #expect(pragmas.2 == DatabaseSettings().pageSize)
            try database.close()
        }
    }

    @Test func `a full disk fails whole commits, is called temporary, and loses nothing acknowledged`() async throws {
        try await withEveryDatabase { database in
            func limitPages(_ count: Int) async throws {
                let sql = "PRAGMA max_page_count = \(count)"
                try await database.write { session in try session.execute(sql) }
            }
            let note = String(repeating: "x", count: 3000)
            try await limitPages(40)
            let outcomes = await withTaskGroup(of: (Int, (any Error)?).self) { group in
                for value in 0..<200 {
                    group.addTask {
                        do {
                            try await database.write { session in
                                try session.execute(
                                    "INSERT INTO numbers (value, note) VALUES (?1, ?2)",
                                    [SQLValue(value), .text(note)])
                            }
                            return (value, nil)
                        } catch {
                            return (value, error)
                        }
                    }
                }
                return await group.reduce(into: [(Int, (any Error)?)]()) { $0.append($1) }
            }
            let stored = outcomes.filter { $0.1 == nil }.map(\.0)
            let failures = outcomes.compactMap { $0.1 as? DatabaseError }
            #expect(!failures.isEmpty && stored.count + failures.count == 200)
            #expect(failures.allSatisfy { $0.kind == .full && $0.isTransient })
            let found = try await database.read { session in
                try session.query("SELECT value FROM numbers") { $0.int(0) }
            }
            #expect(Set(found) == Set(stored))
            try await limitPages(100_000)
            try await insert(1000, in: database)
        }
    }
}
