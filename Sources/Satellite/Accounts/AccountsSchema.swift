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
        Migration(
            "3-console",
            [
                """
                CREATE TABLE sign_ins (
                    user_id {blob} NOT NULL PRIMARY KEY REFERENCES users (id),
                    password {text},
                    code_secret {blob},
                    is_code_confirmed {integer} NOT NULL,
                    last_step {integer} NOT NULL,
                    failures {integer} NOT NULL,
                    locked_until {integer},
                    is_operator {integer} NOT NULL
                ) {table}
                """,
                """
                CREATE TABLE recovery_codes (
                    user_id {blob} NOT NULL REFERENCES users (id),
                    digest {blob} NOT NULL,
                    PRIMARY KEY (user_id, digest)
                ) {clustered}
                """,
                """
                CREATE TABLE web_sessions (
                    digest {blob} NOT NULL PRIMARY KEY,
                    user_id {blob} NOT NULL REFERENCES users (id),
                    created_at {integer} NOT NULL,
                    seen_at {integer} NOT NULL,
                    expires_at {integer} NOT NULL,
                    address {text} NOT NULL,
                    agent {text} NOT NULL
                ) {table}
                """,
                "CREATE INDEX web_sessions_user_id ON web_sessions (user_id)",
                """
                CREATE TABLE project_members (
                    project_id {blob} NOT NULL REFERENCES projects (id),
                    user_id {blob} NOT NULL REFERENCES users (id),
                    role {integer} NOT NULL,
                    created_at {integer} NOT NULL,
                    PRIMARY KEY (project_id, user_id)
                ) {clustered}
                """,
                "CREATE INDEX project_members_user_id ON project_members (user_id)",
                """
                CREATE TABLE project_invitations (
                    digest {blob} NOT NULL PRIMARY KEY,
                    project_id {blob} NOT NULL REFERENCES projects (id),
                    email {text} NOT NULL,
                    role {integer} NOT NULL,
                    invited_by {blob} NOT NULL REFERENCES users (id),
                    created_at {integer} NOT NULL,
                    expires_at {integer} NOT NULL,
                    UNIQUE (project_id, email)
                ) {table}
                """,
                """
                CREATE TABLE audit_log (
                    number {identity},
                    at {integer} NOT NULL,
                    actor {blob},
                    actor_email {text} NOT NULL,
                    action {text} NOT NULL,
                    subject {text} NOT NULL,
                    detail {text} NOT NULL,
                    address {text} NOT NULL
                ) {table}
                """,
                "CREATE INDEX audit_log_actor ON audit_log (actor, number)",
                "CREATE INDEX audit_log_subject ON audit_log (subject, number)",
                "CREATE INDEX projects_owner_id ON projects (owner_id)",
            ]),
        Migration(
            "4-mail",
            [
                "ALTER TABLE sign_ins ADD COLUMN confirmed_at {integer}",
                """
                CREATE TABLE mail_proofs (
                    digest {blob} NOT NULL PRIMARY KEY,
                    user_id {blob} NOT NULL REFERENCES users (id),
                    purpose {integer} NOT NULL,
                    created_at {integer} NOT NULL,
                    expires_at {integer} NOT NULL,
                    UNIQUE (user_id, purpose)
                ) {table}
                """,
                """
                CREATE TABLE outgoing_mail (
                    number {identity},
                    recipient {text} NOT NULL,
                    subject {text} NOT NULL,
                    body {text} NOT NULL,
                    created_at {integer} NOT NULL,
                    expires_at {integer} NOT NULL,
                    attempts {integer} NOT NULL,
                    next_attempt {integer} NOT NULL,
                    last_error {text}
                ) {table}
                """,
                "CREATE INDEX outgoing_mail_next_attempt ON outgoing_mail (next_attempt)",
            ]),
    ]
}
