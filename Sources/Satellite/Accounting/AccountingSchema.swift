import Database

/// The tables of bandwidth and storage, by node, bucket and project. Hours and days are the Unix seconds they start at.
///
/// - Source: protocol document 3 §4.4.
enum AccountingSchema {
    static let migrations = [
        Migration(
            "1-rollups",
            [
                """
                CREATE TABLE storagenode_bandwidth_rollups (
                    node_id {blob} NOT NULL,
                    hour {integer} NOT NULL,
                    action {integer} NOT NULL,
                    settled {integer} NOT NULL,
                    PRIMARY KEY (node_id, hour, action)
                ) {clustered}
                """,
                "CREATE INDEX storagenode_bandwidth_rollups_hour ON storagenode_bandwidth_rollups (hour)",
                """
                CREATE TABLE bucket_bandwidth_rollups (
                    project_id {blob} NOT NULL,
                    bucket {blob} NOT NULL,
                    hour {integer} NOT NULL,
                    action {integer} NOT NULL,
                    inline {integer} NOT NULL,
                    allocated {integer} NOT NULL,
                    settled {integer} NOT NULL,
                    PRIMARY KEY (project_id, bucket, hour, action)
                ) {clustered}
                """,
                """
                CREATE TABLE project_bandwidth_daily_rollups (
                    project_id {blob} NOT NULL,
                    day {integer} NOT NULL,
                    egress_allocated {integer} NOT NULL,
                    egress_settled {integer} NOT NULL,
                    egress_dead {integer} NOT NULL,
                    PRIMARY KEY (project_id, day)
                ) {clustered}
                """,
                """
                CREATE TABLE storagenode_storage_tallies (
                    interval_end {integer} NOT NULL,
                    node_id {blob} NOT NULL,
                    byte_hours {real} NOT NULL,
                    PRIMARY KEY (interval_end, node_id)
                ) {clustered}
                """,
                """
                CREATE TABLE accounting_rollups (
                    node_id {blob} NOT NULL,
                    day {integer} NOT NULL,
                    put_total {integer} NOT NULL,
                    get_total {integer} NOT NULL,
                    get_audit_total {integer} NOT NULL,
                    get_repair_total {integer} NOT NULL,
                    put_repair_total {integer} NOT NULL,
                    at_rest_total {real} NOT NULL,
                    interval_end {integer} NOT NULL,
                    PRIMARY KEY (node_id, day)
                ) {clustered}
                """,
                """
                CREATE TABLE accounting_times (
                    name {text} NOT NULL PRIMARY KEY,
                    time {integer} NOT NULL
                ) {table}
                """,
            ]),
        Migration(
            "2-bucket-tallies",
            [
                """
                CREATE TABLE bucket_storage_tallies (
                    project_id {blob} NOT NULL,
                    bucket {blob} NOT NULL,
                    interval_start {integer} NOT NULL,
                    interval_end {integer} NOT NULL,
                    bytes {integer} NOT NULL,
                    segments {integer} NOT NULL,
                    objects {integer} NOT NULL,
                    PRIMARY KEY (interval_end, project_id, bucket)
                ) {clustered}
                """,
                """
                CREATE TABLE bucket_attributions (
                    project_id {blob} NOT NULL,
                    bucket {blob} NOT NULL,
                    placement {integer} NOT NULL,
                    user_agent {blob} NOT NULL,
                    PRIMARY KEY (project_id, bucket)
                ) {clustered}
                """,
            ]),
    ]
}

/// When work was last done, by name.
enum AccountingTime: String {
    case tally
    case rollup
    case buckets

    /// When; nil before the first time.
    func fetch(in session: SQLSession) throws -> Int64? {
        try session.first("SELECT time FROM accounting_times WHERE name = ?1", [SQLValue(rawValue)]) { $0.integer(0) }
    }

    /// Sets it, in microseconds since 1970.
    func save(_ time: Int64, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO accounting_times (name, time) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET time = excluded.time
            """, [SQLValue(rawValue), SQLValue(time)])
    }
}
