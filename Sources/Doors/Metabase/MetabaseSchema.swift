package import Database

/// The tables of the metabase. Shipped migrations never change; new ones are appended.
///
/// - `objects` is clustered on (bucket, key, inverted version): an ascending scan is the order of listings, newest version
///   first. Nothing else is indexed but expiry, so that a commit touches few pages.
/// - `uploads` holds what is not committed yet. It is small, and clustered the way it is listed; `tail` is the stream id
///   with its second half first, so that a public version id resumes exactly.
/// - `segments` is an ordinary table: its rows are fat, and an append-only table with a narrow index beats a clustered one.
///
/// - Source: protocol document 2 §4.3 and §4.5.
package enum MetabaseSchema {
    /// Everything ever shipped, oldest first.
    package static let migrations = [
        Migration(
            "1-buckets-objects-uploads-segments",
            [buckets, activeBuckets, objects, expiringObjects, uploads, segments, nodeAliases])
    ]

    private static let buckets = """
        CREATE TABLE buckets (
            id {identity},
            project {blob} NOT NULL, name {blob} NOT NULL, created_at {integer} NOT NULL, placement {integer} NOT NULL,
            versioning {integer} NOT NULL, lock_enabled {integer} NOT NULL, retention_mode {integer} NOT NULL,
            retention_days {integer} NOT NULL, retention_years {integer} NOT NULL, user_agent {blob} NOT NULL,
            tags {blob} NOT NULL, notifications {blob}, purging {integer} NOT NULL) {table}
        """

    private static let activeBuckets = "CREATE UNIQUE INDEX active_buckets ON buckets (project, name) WHERE purging = 0"

    private static let objects = """
        CREATE TABLE objects (
            bucket {integer} NOT NULL, key {blob} NOT NULL, ver_desc {integer} NOT NULL,
            stream {blob} NOT NULL, status {integer} NOT NULL, created_at {integer} NOT NULL, expires_at {integer},
            segment_count {integer} NOT NULL, plain_size {integer} NOT NULL, encrypted_size {integer} NOT NULL,
            fixed_segment_size {integer} NOT NULL, cipher {integer} NOT NULL, block_size {integer} NOT NULL,
            lock_mode {integer} NOT NULL, retain_until {integer} NOT NULL, legal_hold {integer} NOT NULL,
            metadata {blob} NOT NULL, metadata_nonce {blob} NOT NULL, metadata_key {blob} NOT NULL, etag {blob} NOT NULL,
            checksum {blob} NOT NULL, checksum_algorithm {integer} NOT NULL, checksum_composite {integer} NOT NULL,
            PRIMARY KEY (bucket, key, ver_desc)) {clustered}
        """

    private static let expiringObjects =
        "CREATE INDEX expiring_objects ON objects (expires_at) WHERE expires_at IS NOT NULL"

    private static let uploads = """
        CREATE TABLE uploads (
            bucket {integer} NOT NULL, key {blob} NOT NULL, created_at {integer} NOT NULL, tail {blob} NOT NULL,
            expires_at {integer}, deadline {integer} NOT NULL, cipher {integer} NOT NULL, block_size {integer} NOT NULL,
            lock_mode {integer} NOT NULL, retain_until {integer} NOT NULL, legal_hold {integer} NOT NULL,
            multipart {integer} NOT NULL, versioned {integer} NOT NULL, placement {integer} NOT NULL,
            metadata {blob} NOT NULL, metadata_nonce {blob} NOT NULL, metadata_key {blob} NOT NULL, etag {blob} NOT NULL,
            checksum {blob} NOT NULL, checksum_algorithm {integer} NOT NULL, checksum_composite {integer} NOT NULL,
            PRIMARY KEY (bucket, key, created_at, tail)) {clustered}
        """

    private static let segments = """
        CREATE TABLE segments (
            stream {blob} NOT NULL, position {integer} NOT NULL, created_at {integer} NOT NULL, repaired_at {integer},
            expires_at {integer}, plain_offset {integer} NOT NULL, plain_size {integer} NOT NULL,
            encrypted_size {integer} NOT NULL, encrypted_key {blob} NOT NULL, key_nonce {blob} NOT NULL,
            etag {blob} NOT NULL, checksum {blob} NOT NULL, placement {integer} NOT NULL,
            inline_data {blob}, root_piece {blob}, k {integer} NOT NULL, m {integer} NOT NULL, o {integer} NOT NULL,
            n {integer} NOT NULL, share_size {integer} NOT NULL, pieces {blob}, hash_algorithm {integer} NOT NULL,
            piece_hashes {blob},
            PRIMARY KEY (stream, position)) {table}
        """

    private static let nodeAliases = """
        CREATE TABLE node_aliases (alias {integer} NOT NULL PRIMARY KEY, node {blob} NOT NULL UNIQUE) {table}
        """
}
