/// What the database remembers of a migration.
struct MigrationRecord: Sendable {
    let name: String
    let fingerprint: Int64

    static let table = """
        CREATE TABLE IF NOT EXISTS migrations (
            room {text} NOT NULL, position {integer} NOT NULL, name {text} NOT NULL, fingerprint {integer} NOT NULL,
            PRIMARY KEY (room, position)) {clustered}
        """

    /// The migrations of a room that were applied, oldest first.
    static func applied(room: String, _ session: SQLSession) throws -> [MigrationRecord] {
        try session.query(
            "SELECT name, fingerprint FROM migrations WHERE room = ?1 ORDER BY position", [.text(room)]
        ) { row in MigrationRecord(name: row.text(0), fingerprint: row.integer(1)) }
    }

    /// Checks that what was applied is the beginning of what is known.
    static func verify(room: String, applied: [MigrationRecord], known: [Migration]) throws {
        for (position, record) in applied.enumerated() {
            guard position < known.count, known[position].name == record.name else {
                throw DatabaseError(
                    .newerSchema,
                    "the \(room) tables were changed by \(record.name), which this program does not know; "
                        + "run the newer program that did it")
            }
            guard known[position].fingerprint == record.fingerprint else {
                throw DatabaseError(.changedMigration, "migration \(record.name) of \(room) was edited after use")
            }
        }
    }

    /// Runs a migration and records it, both or neither.
    static func apply(_ migration: Migration, room: String, position: Int, _ session: SQLSession) throws {
        for statement in migration.statements {
            try session.execute(SQLDialect.expand(statement))
        }
        try session.execute(
            "INSERT INTO migrations (room, position, name, fingerprint) VALUES (?1, ?2, ?3, ?4)",
            [.text(room), SQLValue(position), .text(migration.name), .integer(migration.fingerprint)])
    }
}
