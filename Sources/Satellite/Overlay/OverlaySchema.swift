import Database

/// The tables of nodes, their identities and tags, and of pieces they report lost.
enum OverlaySchema {
    static let migrations = [
        Migration(
            "1-nodes",
            [
                """
                CREATE TABLE nodes (
                    id {blob} NOT NULL PRIMARY KEY,
                    address {text} NOT NULL,
                    last_ip_port {text} NOT NULL,
                    last_net {text} NOT NULL,
                    country_code {text} NOT NULL,
                    email {text} NOT NULL,
                    wallet {text} NOT NULL,
                    wallet_features {text} NOT NULL,
                    free_disk {integer} NOT NULL,
                    piece_count {integer} NOT NULL,
                    version_major {integer} NOT NULL,
                    version_minor {integer} NOT NULL,
                    version_patch {integer} NOT NULL,
                    version_commit {text} NOT NULL,
                    version_built_at {integer},
                    is_release {integer} NOT NULL,
                    noise_protocol {integer},
                    noise_public_key {blob},
                    debounce_limit {integer} NOT NULL,
                    features {integer} NOT NULL,
                    created_at {integer} NOT NULL,
                    last_contact_success {integer},
                    last_contact_failure {integer},
                    vetted_at {integer},
                    disqualified_at {integer},
                    disqualification_reason {integer},
                    unknown_audit_suspended_at {integer},
                    offline_suspended_at {integer},
                    under_review_at {integer},
                    exit_initiated_at {integer},
                    exit_finished_at {integer},
                    exit_succeeded {integer} NOT NULL,
                    is_contained {integer} NOT NULL
                ) {clustered}
                """,
                """
                CREATE TABLE node_identities (
                    node_id {blob} NOT NULL PRIMARY KEY REFERENCES nodes (id),
                    chain {blob} NOT NULL,
                    updated_at {integer} NOT NULL
                ) {clustered}
                """,
                """
                CREATE TABLE node_tags (
                    node_id {blob} NOT NULL REFERENCES nodes (id),
                    name {text} NOT NULL,
                    signer_id {blob} NOT NULL,
                    value {blob} NOT NULL,
                    signed_at {integer} NOT NULL,
                    PRIMARY KEY (node_id, name, signer_id)
                ) {clustered}
                """,
                """
                CREATE TABLE reported_lost_pieces (
                    node_id {blob} NOT NULL REFERENCES nodes (id),
                    piece_id {blob} NOT NULL,
                    reason {integer} NOT NULL,
                    reported_at {integer} NOT NULL,
                    PRIMARY KEY (node_id, piece_id)
                ) {clustered}
                """,
            ]),
        Migration(
            "2-standing",
            [
                """
                CREATE TABLE reputations (
                    node_id {blob} NOT NULL PRIMARY KEY REFERENCES nodes (id),
                    audit_alpha {real} NOT NULL,
                    audit_beta {real} NOT NULL,
                    unknown_alpha {real} NOT NULL,
                    unknown_beta {real} NOT NULL,
                    total_audits {integer} NOT NULL,
                    successes {integer} NOT NULL,
                    history {blob} NOT NULL,
                    updated_at {integer} NOT NULL
                ) {clustered}
                """,
                """
                CREATE TABLE node_events (
                    id {identity},
                    node_id {blob} NOT NULL REFERENCES nodes (id),
                    email {text} NOT NULL,
                    kind {integer} NOT NULL,
                    created_at {integer} NOT NULL,
                    attempted_at {integer},
                    sent_at {integer},
                    attempts {integer} NOT NULL
                ) {table}
                """,
                "CREATE INDEX node_events_by_node ON node_events (node_id, kind, created_at)",
                "CREATE INDEX node_events_unsent ON node_events (id) WHERE sent_at IS NULL",
                "ALTER TABLE nodes ADD COLUMN losses_limited_at {integer}",
                "ALTER TABLE nodes ADD COLUMN exit_failure {integer}",
                "ALTER TABLE reported_lost_pieces ADD COLUMN settled_at {integer}",
                "CREATE INDEX reported_lost_pieces_by_time ON reported_lost_pieces (node_id, reported_at)",
                "CREATE INDEX reported_lost_pieces_open ON reported_lost_pieces (node_id) WHERE settled_at IS NULL",
                """
                CREATE TABLE satellite_watch (
                    id {integer} NOT NULL PRIMARY KEY,
                    watching_since {integer} NOT NULL,
                    seen_at {integer} NOT NULL
                ) {clustered}
                """,
            ]),
    ]
}
