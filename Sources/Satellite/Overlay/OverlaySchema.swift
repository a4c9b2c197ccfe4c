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
            ])
    ]
}
