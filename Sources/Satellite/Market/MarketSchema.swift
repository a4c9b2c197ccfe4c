package import Database

/// The tables of the market. Shipped migrations never change; new ones are appended.
///
/// A period's secret is stored before its hash is told to anybody; it is no secret any more once nodes are challenged.
package enum MarketSchema {
    /// Everything ever shipped, oldest first.
    package static let migrations = [Migration("1-heartbeats", [periods, nodes, byNode])]

    private static let periods = """
        CREATE TABLE heartbeat_periods (
            number {integer} NOT NULL PRIMARY KEY, state {integer} NOT NULL, secret {blob} NOT NULL,
            start_at {integer} NOT NULL, commit_until {integer} NOT NULL, end_at {integer} NOT NULL, as_of {integer},
            sample_count {integer} NOT NULL, commitments_root {blob}, challenged_at {integer}, report_root {blob},
            passed {integer} NOT NULL, failed {integer} NOT NULL, unreachable {integer} NOT NULL,
            void {integer} NOT NULL) {table}
        """

    private static let nodes = """
        CREATE TABLE heartbeat_nodes (
            period {integer} NOT NULL, node {blob} NOT NULL, is_covered {integer} NOT NULL, root {blob} NOT NULL,
            chunks {integer} NOT NULL, pieces {integer} NOT NULL, bytes {integer} NOT NULL,
            unprovable_pieces {integer} NOT NULL, unprovable_bytes {integer} NOT NULL, signature {blob},
            chain {blob}, reported_pieces {integer}, reported_bytes {integer}, verdict {integer} NOT NULL,
            sample {integer} NOT NULL, objection {integer} NOT NULL, evidence {blob}, attempts {integer} NOT NULL,
            first_attempt {integer}, last_attempt {integer}, last_error {text}, by_uploader {integer} NOT NULL,
            by_repair {integer} NOT NULL, by_record {integer} NOT NULL,
            PRIMARY KEY (period, node)) {clustered}
        """

    private static let byNode = "CREATE INDEX heartbeat_nodes_by_node ON heartbeat_nodes (node, period)"
}
