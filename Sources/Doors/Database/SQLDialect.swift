import GRDB

/// Everything that differs between the databases that can stand behind the door.
///
/// Rooms write one SQL: `?1` placeholders, `ON CONFLICT … DO UPDATE`, `RETURNING`, blobs for all that sorts bytewise.
/// What cannot be said in common stands in braces in migrations and is filled in here.
enum SQLDialect {
    /// The words in braces and what SQLite calls them.
    private static let words = [
        "{blob}": "BLOB", "{integer}": "INTEGER", "{text}": "TEXT", "{real}": "REAL",
        "{identity}": "INTEGER PRIMARY KEY AUTOINCREMENT", "{table}": "STRICT", "{clustered}": "STRICT, WITHOUT ROWID",
    ]

    /// What the writer needs beyond the configuration: an acknowledged write is on disk, not in a cache.
    static let writerPragmas = ["PRAGMA synchronous = FULL"]

    /// Fills in the words in braces.
    static func expand(_ sql: String) -> String {
        words.reduce(sql) { $0.replacing($1.key, with: $1.value) }
    }

    /// How SQLite's connections are opened.
    static func configuration(_ settings: DatabaseSettings) -> Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = settings.readers
        configuration.busyMode = .timeout(10)
        configuration.label = "database"
        configuration.prepareDatabase { connection in
            if !connection.configuration.readonly {
                try connection.execute(sql: "PRAGMA page_size = \(settings.pageSize)")
                try connection.execute(
                    sql: "PRAGMA wal_autocheckpoint = \(max(1, settings.checkpointBytes / settings.pageSize))")
                try connection.execute(sql: "PRAGMA journal_size_limit = \(settings.checkpointBytes * 4)")
            }
            try connection.execute(sql: "PRAGMA cache_size = -\(settings.cacheBytesPerConnection / 1024)")
            try connection.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }
}
