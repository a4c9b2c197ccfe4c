import Database

/// The tables of what a node remembers of its days.
enum HistorySchema {
    /// `span` is how many seconds a row is about, from `start` (seconds since 1970) on: an hour or a day.
    static let migrations = [
        Migration(
            "1-days",
            [
                """
                CREATE TABLE history_traffic (satellite {blob} NOT NULL, span {integer} NOT NULL, start {integer} NOT NULL,
                    action {integer} NOT NULL, bytes {integer} NOT NULL, transfers {integer} NOT NULL,
                    PRIMARY KEY (span, start, satellite, action)) {clustered}
                """,
                """
                CREATE TABLE history_space (satellite {blob} NOT NULL, span {integer} NOT NULL, start {integer} NOT NULL,
                    byte_hours {integer} NOT NULL, content {integer} NOT NULL, live {integer} NOT NULL,
                    trash {integer} NOT NULL, pieces {integer} NOT NULL,
                    PRIMARY KEY (span, start, satellite)) {clustered}
                """,
                """
                CREATE TABLE history_uptime (span {integer} NOT NULL, start {integer} NOT NULL, seconds {integer} NOT NULL,
                    reached {integer} NOT NULL, PRIMARY KEY (span, start)) {clustered}
                """,
                """
                CREATE TABLE history_reputation (satellite {blob} NOT NULL, start {integer} NOT NULL,
                    audits {integer} NOT NULL, successes {integer} NOT NULL, audit_score {integer} NOT NULL,
                    unknown_score {integer} NOT NULL, online_score {integer} NOT NULL, joined_at {integer},
                    vetted_at {integer}, suspended_at {integer}, offline_suspended_at {integer},
                    under_review_at {integer}, disqualified_at {integer}, asked_at {integer} NOT NULL,
                    PRIMARY KEY (satellite, start)) {clustered}
                """,
            ])
    ]
}
