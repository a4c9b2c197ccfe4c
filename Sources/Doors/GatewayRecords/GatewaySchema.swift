import Database

/// The tables of accounts, credentials and delegations.
enum GatewaySchema {
    static let migrations = [
        Migration(
            "1-accounts-credentials-delegations",
            [
                """
                CREATE TABLE accounts (
                    id {text} NOT NULL PRIMARY KEY,
                    email_digest {blob},
                    sealed {blob} NOT NULL,
                    changed_at {integer} NOT NULL
                ) {table}
                """,
                "CREATE UNIQUE INDEX accounts_email ON accounts (email_digest)",
                """
                CREATE TABLE credentials (
                    id {blob} NOT NULL PRIMARY KEY,
                    account {text} NOT NULL,
                    is_public {integer} NOT NULL,
                    sealed {blob} NOT NULL,
                    created_at {integer} NOT NULL,
                    expires_at {integer},
                    revoked_at {integer},
                    revocation_reason {text}
                ) {table}
                """,
                "CREATE INDEX credentials_account ON credentials (account, created_at)",
                """
                CREATE TABLE delegations (
                    owner {text} NOT NULL,
                    bucket {text} NOT NULL,
                    sealed {blob} NOT NULL,
                    created_at {integer} NOT NULL,
                    PRIMARY KEY (owner, bucket)
                ) {clustered}
                """,
            ])
    ]
}
