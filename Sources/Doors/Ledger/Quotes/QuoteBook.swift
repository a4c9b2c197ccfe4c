package import Contracts
package import Database
package import StorageModel

/// Remembers what a source said, so that the price at the time of a block can be known minutes later, and numbers it.
///
/// `record` is called every minute by whoever runs the book; a past moment is answered from what was written then.
package struct QuoteBook: QuoteSource {
    package static let migrations = [
        Migration(
            "1-quotes",
            [
                """
                CREATE TABLE quotes (
                    sequence {identity}, time {integer} NOT NULL, micro_usd {integer} NOT NULL, source {blob} NOT NULL
                ) {table}
                """,
                "CREATE INDEX quotes_by_time ON quotes (time)",
            ])
    ]

    package var name: String { source.name }
    private let source: any QuoteSource
    private let database: Database
    private let staleAfter: UInt64
    private let clock: WallClock

    /// A book over a source.
    ///
    /// - Parameter staleAfter: seconds for which a written price counts.
    package init(_ source: any QuoteSource, database: Database, staleAfter: UInt64 = 300, clock: WallClock) {
        self.source = source
        self.database = database
        self.staleAfter = staleAfter
        self.clock = clock
    }

    /// Makes the tables.
    ///
    /// - Throws: `DatabaseError`.
    package func migrate() async throws { try await database.migrate(room: "quotes", Self.migrations) }

    /// Writes down the price of now; nil when the source has none.
    ///
    /// - Throws: what the source throws, `DatabaseError`.
    @discardableResult
    package func record() async throws -> Quote? {
        guard let quote = try await source.quote(at: UInt64(clamping: clock.now().seconds)) else { return nil }
        let sequence = try await database.write { session in
            try session.first(
                "INSERT INTO quotes (time, micro_usd, source) VALUES (?1, ?2, ?3) RETURNING sequence",
                [SQLValue(Int64(clamping: quote.time)), SQLValue(quote.microUSD), SQLValue.blob(quote.source.bytes)]
            ) { UInt64(clamping: $0.integer(0)) }
        }
        return sequence.map { Quote(microUSD: quote.microUSD, time: quote.time, source: quote.source, sequence: $0) }
    }

    /// The newest written price that is not after the moment and not stale. For the present, the minute that is just over
    /// included, the source is asked when nothing fresh is written.
    package func quote(at seconds: UInt64) async throws -> Quote? {
        if let quote = try await written(at: seconds) { return quote }
        let now = UInt64(clamping: clock.now().seconds)
        guard now >= seconds, now - seconds <= 60 else { return nil }
        return try await record()
    }

    /// The newest quotes, the newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func newest(limit: Int) async throws -> [Quote] {
        try await database.read { session in
            try session.query(
                "SELECT sequence, time, micro_usd, source FROM quotes ORDER BY sequence DESC LIMIT ?1",
                [SQLValue(limit)], Self.quote)
        }
    }

    private func written(at seconds: UInt64) async throws -> Quote? {
        let last = Int64(clamping: seconds)
        let first = max(0, last - Int64(clamping: staleAfter))
        return try await database.read { session in
            try session.first(
                """
                SELECT sequence, time, micro_usd, source FROM quotes WHERE time BETWEEN ?1 AND ?2
                ORDER BY time DESC, sequence DESC LIMIT 1
                """, [.integer(first), .integer(last)], Self.quote)
        }
    }

    private static func quote(_ row: SQLRow) throws -> Quote {
        guard let source = Bytes32(row.blob(3)) else { throw DatabaseError(.corrupt, "a quote's source is no word") }
        return Quote(
            microUSD: UInt64(clamping: row.integer(2)), time: UInt64(clamping: row.integer(1)), source: source,
            sequence: UInt64(clamping: row.integer(0)))
    }
}
