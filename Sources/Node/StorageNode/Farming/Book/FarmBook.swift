package import Database
import StorageModel
import Synchronization

/// All a farmer knows about money, on the disk: sheets, payers, channels, vouchers, statements, claims, agreements.
///
/// What has returned from here survives a power cut. Every change that belongs together is one transaction.
package final class FarmBook: Sendable {
    /// Where it is kept; others may keep tables of their own beside.
    package let database: Database

    /// How far statements were searched for the last one that a payout root pays, by payer.
    let rootSearches = Mutex<[NodeID: RootSearch]>([:])

    private init(_ database: Database) { self.database = database }

    /// Opens the book, making its tables when they are missing.
    ///
    /// - Throws: `DatabaseError`.
    package static func open(_ database: Database) async throws -> FarmBook {
        try await database.migrate(room: "farming", migrations)
        return FarmBook(database)
    }

    private static let migrations = [
        Migration(
            "1-money",
            [
                "CREATE TABLE farming_sheets (sequence {integer} NOT NULL PRIMARY KEY, sheet {blob} NOT NULL) {table}",
                "CREATE TABLE farming_bindings (sequence {integer} NOT NULL PRIMARY KEY, binding {blob} NOT NULL) {table}",
                """
                CREATE TABLE farming_payers (satellite {blob} NOT NULL PRIMARY KEY, manifest {blob}, refusal {text},
                    checked_at {integer}, payment {integer} NOT NULL, channel {blob}, problem {text},
                    registered_at {integer}) {clustered}
                """,
                """
                CREATE TABLE farming_confirmed (satellite {blob} NOT NULL, sequence {integer} NOT NULL,
                    since {integer} NOT NULL, PRIMARY KEY (satellite, sequence)) {clustered}
                """,
                """
                CREATE TABLE farming_channels (id {blob} NOT NULL PRIMARY KEY, payer {blob} NOT NULL,
                    channel {blob} NOT NULL, funded {integer} NOT NULL, claimed {integer} NOT NULL, closes_at {integer},
                    is_closed {integer} NOT NULL, seen_at {integer}) {clustered}
                """,
                """
                CREATE TABLE farming_vouchers (channel {blob} NOT NULL PRIMARY KEY, voucher {blob} NOT NULL,
                    cumulative {integer} NOT NULL, period {integer} NOT NULL, received_at {integer} NOT NULL) {clustered}
                """,
                """
                CREATE TABLE farming_statements (satellite {blob} NOT NULL, period {integer} NOT NULL,
                    statement {blob} NOT NULL, digest {blob} NOT NULL, amount {integer} NOT NULL, held {integer} NOT NULL,
                    received_at {integer} NOT NULL, PRIMARY KEY (satellite, period)) {clustered}
                """,
                """
                CREATE TABLE farming_refusals (satellite {blob} NOT NULL, period {integer} NOT NULL,
                    digest {blob} NOT NULL, reason {text} NOT NULL, refused_at {integer} NOT NULL,
                    PRIMARY KEY (satellite, period)) {clustered}
                """,
                """
                CREATE TABLE farming_periods (satellite {blob} NOT NULL, period {integer} NOT NULL,
                    starts {integer} NOT NULL, ends {integer} NOT NULL, root {blob} NOT NULL,
                    chunk_count {integer} NOT NULL, byte_count {integer} NOT NULL, answered_at {integer},
                    PRIMARY KEY (satellite, period)) {clustered}
                """,
                """
                CREATE TABLE farming_orders (satellite {blob} NOT NULL, hour {integer} NOT NULL, action {integer} NOT NULL,
                    bytes {integer} NOT NULL, settled_at {integer} NOT NULL, period {integer},
                    PRIMARY KEY (satellite, hour, action)) {clustered}
                """,
                """
                CREATE TABLE farming_claims (id {blob} NOT NULL PRIMARY KEY, subject {blob} NOT NULL, kind {text} NOT NULL,
                    amount {integer} NOT NULL, fee {integer}, begun_at {integer} NOT NULL, ended_at {integer},
                    problem {text}) {clustered}
                """,
                "CREATE TABLE farming_views (name {text} NOT NULL PRIMARY KEY, seen_at {integer} NOT NULL) {clustered}",
            ]),
        Migration(
            "2-statements-by-time", ["CREATE INDEX farming_statements_by_time ON farming_statements (received_at)"]),
    ]
}
