import Database

/// The tables of buckets: whose they are, what their owners wrote about them, and what happened in them that somebody
/// asked to be told.
enum BucketRecordsSchema {
    static let migrations = [
        Migration(
            "1-owners-documents-events",
            [
                """
                CREATE TABLE bucket_owners (
                    bucket {text} NOT NULL PRIMARY KEY,
                    owner {text} NOT NULL,
                    location {text} NOT NULL,
                    created_at {integer} NOT NULL
                ) {table}
                """,
                "CREATE INDEX bucket_owners_owner ON bucket_owners (owner, bucket)",
                """
                CREATE TABLE bucket_documents (
                    owner {text} NOT NULL,
                    bucket {text} NOT NULL,
                    kind {text} NOT NULL,
                    document {blob} NOT NULL,
                    changed_at {integer} NOT NULL,
                    PRIMARY KEY (owner, bucket, kind)
                ) {clustered}
                """,
                "CREATE INDEX bucket_documents_kind ON bucket_documents (kind, owner, bucket)",
                """
                CREATE TABLE event_outbox (
                    id {identity},
                    owner {text} NOT NULL,
                    bucket {text} NOT NULL,
                    target {text} NOT NULL,
                    payload {blob} NOT NULL,
                    attempts {integer} NOT NULL,
                    created_at {integer} NOT NULL,
                    due_at {integer} NOT NULL
                ) {table}
                """,
                "CREATE INDEX event_outbox_due_at ON event_outbox (due_at, id)",
            ])
    ]
}
