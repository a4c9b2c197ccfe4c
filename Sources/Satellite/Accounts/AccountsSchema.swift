import Database

/// The tables of users, projects, API keys and revocations.
enum AccountsSchema {
    static let migrations = [
        Migration(
            "1-users-projects-keys",
            [
                """
                CREATE TABLE users (
                    id {blob} NOT NULL PRIMARY KEY,
                    email {text} NOT NULL UNIQUE,
                    name {text} NOT NULL,
                    is_disabled {integer} NOT NULL,
                    created_at {integer} NOT NULL
                ) {table}
                """,
                """
                CREATE TABLE projects (
                    id {blob} NOT NULL PRIMARY KEY,
                    public_id {blob} NOT NULL UNIQUE,
                    owner_id {blob} NOT NULL REFERENCES users (id),
                    name {text} NOT NULL,
                    salt {blob} NOT NULL,
                    storage_limit {integer},
                    bandwidth_limit {integer},
                    segment_limit {integer},
                    bucket_limit {integer},
                    rate_limit {integer},
                    burst_limit {integer},
                    is_disabled {integer} NOT NULL,
                    user_agent {blob} NOT NULL,
                    created_at {integer} NOT NULL
                ) {table}
                """,
                """
                CREATE TABLE api_keys (
                    id {blob} NOT NULL PRIMARY KEY,
                    project_id {blob} NOT NULL REFERENCES projects (id),
                    head {blob} NOT NULL UNIQUE,
                    secret {blob} NOT NULL,
                    features {integer} NOT NULL,
                    name {text} NOT NULL,
                    user_agent {blob} NOT NULL,
                    created_at {integer} NOT NULL,
                    UNIQUE (project_id, name)
                ) {table}
                """,
                """
                CREATE TABLE revocations (
                    tail {blob} NOT NULL PRIMARY KEY,
                    api_key_id {blob} NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
                    created_at {integer} NOT NULL
                ) {table}
                """,
                "CREATE INDEX revocations_api_key_id ON revocations (api_key_id)",
            ]),
        Migration(
            "2-freezes",
            [
                """
                CREATE TABLE freezes (
                    subject {blob} NOT NULL,
                    is_project {integer} NOT NULL,
                    kind {text} NOT NULL,
                    reason {text} NOT NULL,
                    since {integer} NOT NULL,
                    PRIMARY KEY (subject, kind)
                ) {clustered}
                """
            ]),
    ]
}
