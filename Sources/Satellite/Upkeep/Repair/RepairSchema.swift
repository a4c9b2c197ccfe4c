import Database

/// The table of segments that wait for repair.
enum RepairSchema {
    static let migrations = [
        Migration(
            "1-repair-queue",
            [
                """
                CREATE TABLE repair_queue (
                    stream {blob} NOT NULL,
                    position {integer} NOT NULL,
                    placement {integer} NOT NULL,
                    survival {real} NOT NULL,
                    healthy {integer} NOT NULL,
                    retrievable {integer} NOT NULL,
                    required {integer} NOT NULL,
                    inserted_at {integer} NOT NULL,
                    updated_at {integer} NOT NULL,
                    attempted_at {integer},
                    attempt_count {integer} NOT NULL,
                    problem {text},
                    PRIMARY KEY (stream, position)
                ) {clustered}
                """,
                "CREATE INDEX repair_queue_by_survival ON repair_queue (survival, retrievable)",
                "CREATE INDEX repair_queue_by_update ON repair_queue (updated_at)",
            ])
    ]
}
