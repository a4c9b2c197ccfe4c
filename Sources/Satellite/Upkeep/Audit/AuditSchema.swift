import Database

/// The tables of audits: what waits, what is owed, what has to leave the metadata, and how nodes did. Times are
/// microseconds since 1970.
enum AuditSchema {
    static let migrations = [
        Migration(
            "1-audits",
            [
                """
                CREATE TABLE audit_queue (
                    place {identity},
                    stream {blob} NOT NULL,
                    position {integer} NOT NULL,
                    UNIQUE (stream, position)
                ) {table}
                """,
                """
                CREATE TABLE reverifications (
                    node_id {blob} NOT NULL,
                    stream {blob} NOT NULL,
                    position {integer} NOT NULL,
                    piece_number {integer} NOT NULL,
                    root_piece {blob} NOT NULL,
                    reason {integer} NOT NULL,
                    is_disguised {integer} NOT NULL,
                    inserted_at {integer} NOT NULL,
                    attempted_at {integer},
                    tries {integer} NOT NULL,
                    PRIMARY KEY (node_id, stream, position)
                ) {clustered}
                """,
                """
                CREATE TABLE audit_removals (
                    stream {blob} NOT NULL,
                    position {integer} NOT NULL,
                    piece_number {integer} NOT NULL,
                    node_id {blob} NOT NULL,
                    root_piece {blob} NOT NULL,
                    PRIMARY KEY (stream, position, piece_number)
                ) {clustered}
                """,
                """
                CREATE TABLE audit_totals (
                    node_id {blob} NOT NULL PRIMARY KEY,
                    successes {integer} NOT NULL,
                    failures {integer} NOT NULL,
                    unknowns {integer} NOT NULL,
                    offlines {integer} NOT NULL,
                    last_audit_at {integer} NOT NULL,
                    last_success_at {integer}
                ) {clustered}
                """,
                """
                CREATE TABLE audit_history (
                    number {identity},
                    node_id {blob} NOT NULL,
                    at {integer} NOT NULL,
                    kind {text} NOT NULL,
                    result {text} NOT NULL,
                    stream {blob} NOT NULL,
                    position {integer} NOT NULL,
                    piece_number {integer} NOT NULL,
                    detail {text} NOT NULL
                ) {table}
                """,
                "CREATE INDEX audit_history_node ON audit_history (node_id, number)",
                """
                CREATE TABLE audit_state (
                    name {text} NOT NULL PRIMARY KEY,
                    value {integer} NOT NULL
                ) {clustered}
                """,
            ]),
        Migration(
            "2-losses",
            [
                """
                CREATE TABLE audit_losses (
                    node_id {blob} NOT NULL,
                    root_piece {blob} NOT NULL,
                    piece_number {integer} NOT NULL,
                    lost_at {integer} NOT NULL,
                    PRIMARY KEY (node_id, root_piece, piece_number)
                ) {clustered}
                """
            ]),
    ]
}
