package import Database
package import StorageModel

/// The satellite's record of buckets, objects, uploads and segments: the only SQL that touches them.
///
/// Every operation is one transaction. Writes return once they are on disk; reads see everything acknowledged before.
/// All functions throw `MetabaseError` for refusals and `DatabaseError` when the database fails.
package final class Metabase: Sendable {
    let database: Database
    let settings: MetabaseSettings
    let clock: WallClock
    let random: RandomSource
    let buckets = BucketCache()
    let aliases = NodeAliases()

    /// A metabase in `database`; `load` comes before anything else.
    package init(
        database: Database, settings: MetabaseSettings = MetabaseSettings(), clock: WallClock, random: RandomSource
    ) {
        self.database = database
        self.settings = settings
        self.clock = clock
        self.random = random
    }

    /// Brings the tables up to date and reads the node aliases.
    package func load() async throws {
        try await database.migrate(room: "metabase", MetabaseSchema.migrations)
        try await aliases.load(database)
    }

    /// The current moment at the resolution of the tables.
    var now: Timestamp { clock.now().truncatedToMicroseconds }

    /// Runs a read with the tables at hand.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let now = now
        return try await database.read { session in
            try body(Transaction(session: session, metabase: self, now: now, isWriter: false))
        }
    }

    /// Runs a write with the tables at hand.
    @discardableResult
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let now = now
        do {
            return try await database.write { session in
                try body(Transaction(session: session, metabase: self, now: now, isWriter: true))
            }
        } catch let failure as DatabaseError {
            // The lost transaction may have filled the cache with buckets it changed.
            buckets.clear()
            throw failure
        }
    }
}
