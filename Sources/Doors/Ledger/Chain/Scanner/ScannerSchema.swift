package import Database

/// The scanners' tables: where each is, the blocks it knows, and what it found or took back, in one sequence.
package enum ScannerSchema {
    /// The room's name in the record of migrations.
    package static let room = "ledger-scanner"

    /// Everything that was ever shipped.
    package static let migrations = [
        Migration(
            "1-scanners",
            [
                """
                CREATE TABLE chain_scanners (
                    name {text} NOT NULL PRIMARY KEY, chain {integer} NOT NULL, subject {blob} NOT NULL,
                    next {integer} NOT NULL
                ) {table}
                """,
                """
                CREATE TABLE chain_blocks (
                    scanner {text} NOT NULL, height {integer} NOT NULL, hash {blob} NOT NULL,
                    PRIMARY KEY (scanner, height)
                ) {clustered}
                """,
                """
                CREATE TABLE chain_changes (
                    position {identity}, scanner {text} NOT NULL, retracts {integer}, live {integer} NOT NULL,
                    height {integer} NOT NULL, hash {blob} NOT NULL, time {integer} NOT NULL,
                    transaction_hash {blob} NOT NULL, transaction_index {integer} NOT NULL, log_index {integer} NOT NULL,
                    ordinal {integer} NOT NULL, contract {blob} NOT NULL, topics {blob} NOT NULL, data {blob} NOT NULL
                ) {table}
                """,
                "CREATE INDEX chain_changes_by_scanner ON chain_changes (scanner, position)",
                "CREATE INDEX chain_changes_live ON chain_changes (scanner, height) WHERE live = 1",
                """
                CREATE UNIQUE INDEX chain_changes_identity
                ON chain_changes (scanner, hash, transaction_hash, log_index) WHERE live = 1
                """,
            ]),
        Migration(
            "2-watched",
            [
                """
                CREATE TABLE chain_watched (
                    scanner {text} NOT NULL, address {blob} NOT NULL, PRIMARY KEY (scanner, address)
                ) {clustered}
                """
            ]),
    ]
}
