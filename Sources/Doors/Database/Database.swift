import GRDB

/// The one SQL door of a process: connections, transactions and migrations, with no trace of what stands behind it.
///
/// Today that is SQLite in write-ahead mode: readers see snapshots and never wait, one writer gathers concurrent
/// writes into one commit. A write that has returned survives a power cut (`synchronous = FULL`).
package final class Database: Sendable {
    private let connections: any DatabaseWriter
    private let writes: WriteQueue
    private let restrictsReaders: Bool

    /// Opens the database, creating it when missing.
    ///
    /// - Throws: `DatabaseError` when the file cannot be opened or is not a database.
    package static func open(
        _ location: DatabaseLocation, settings: DatabaseSettings = DatabaseSettings()
    ) throws -> Database {
        do {
            return try Database(location, settings)
        } catch {
            throw DatabaseError(sqlite: error)
        }
    }

    private init(_ location: DatabaseLocation, _ settings: DatabaseSettings) throws {
        let configuration = SQLDialect.configuration(settings)
        switch location {
        case .file(let path):
            connections = try DatabasePool(path: path, configuration: configuration)
            restrictsReaders = false
        case .memory:
            connections = try DatabaseQueue(configuration: configuration)
            restrictsReaders = true
        }
        writes = WriteQueue(connections, maximumWritesPerCommit: settings.maximumWritesPerCommit)
        // Opening a pool lowers the level that the configuration chose, so it is set again on the one writer.
        try connections.writeWithoutTransaction { connection in
            for pragma in SQLDialect.writerPragmas { try connection.execute(sql: pragma) }
        }
    }

    /// Runs `body` on one snapshot: it sees every write acknowledged before, and none that happens meanwhile.
    ///
    /// `body` runs on a database thread; it must not block on anything else.
    /// - Throws: what `body` throws, or `DatabaseError`.
    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (SQLSession) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            connections.asyncUnsafeRead { [restrictsReaders] access in
                do {
                    let session = SQLSession(try access.get())
                    continuation.resume(returning: try session.snapshot(restricted: restrictsReaders, body))
                } catch {
                    continuation.resume(throwing: DatabaseError.translate(error))
                }
            }
        }
    }

    /// Runs `body` in the next transaction and returns once that is on disk.
    ///
    /// Concurrent writes share a transaction; each has its own savepoint, so that a `body` that throws undoes its own
    /// changes only. `body` runs on the database thread, at most once. What it changes outside the database is not
    /// undone when the commit fails: change caches after this call returned.
    /// - Throws: what `body` throws, or `DatabaseError` (then nothing of `body` is stored).
    @discardableResult
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (SQLSession) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            writes.enqueue(QueuedWrite(body, continuation))
        }
    }

    /// Brings a room's tables to the newest of `migrations`, each in its own transaction, and records them.
    ///
    /// - Parameters:
    ///   - room: the room's name in lower case, part of the record; never changed later.
    ///   - migrations: everything the room ever shipped, oldest first.
    /// - Throws: `DatabaseError` with kind `newerSchema` when the database holds a migration this program does not know,
    ///   `changedMigration` when a recorded one is not what it was.
    package func migrate(room: String, _ migrations: [Migration]) async throws {
        try await write { session in
            try session.execute(SQLDialect.expand(MigrationRecord.table))
        }
        let done = try await read { session in try MigrationRecord.applied(room: room, session) }
        try MigrationRecord.verify(room: room, applied: done, known: migrations)
        for (position, migration) in migrations.enumerated().dropFirst(done.count) {
            try await write { session in
                try MigrationRecord.apply(migration, room: room, position: position, session)
            }
        }
    }

    /// Closes every connection. Calls made afterwards throw `DatabaseError` with kind `closed`.
    package func close() throws {
        do {
            try connections.close()
        } catch {
            throw DatabaseError(sqlite: error)
        }
    }
}
