package import Database

/// The tables of the market. Shipped migrations never change; new ones are appended.
///
/// A period's secret is stored before its hash is told to anybody; it is no secret any more once nodes are challenged.
package enum MarketSchema {
    /// Everything ever shipped, oldest first.
    package static let migrations = [
        Migration("1-heartbeats", [periods, nodes, byNode]),
        Migration(
            "2-payments",
            [farmers, sheets, channels, channelsByNode, statements, statementsWaiting, statementsByNode, paidHours, payments,
                rootAmounts]),
        Migration("3-payouts", [payoutRuns, payoutBatches, receipts, receiptsByFarmer, receiptCursor, statementsByFarmer]),
        Migration("4-settlement-at-a-glance", [statementCounts, countStatements, statementsInTrouble]),
    ]

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

    /// Whom nodes want paid, and where their statements stand.
    private static let farmers = """
        CREATE TABLE market_farmers (
            node {blob} NOT NULL PRIMARY KEY, wallet {blob} NOT NULL, signer {blob}, binding {blob},
            binding_sequence {integer} NOT NULL, channel {blob}, last_statement {blob}, last_period {integer} NOT NULL,
            last_until {integer} NOT NULL, root_cumulative {integer} NOT NULL, held {integer} NOT NULL,
            disposed {integer} NOT NULL) {clustered}
        """

    /// Price sheets as they came, and from when each counts.
    private static let sheets = """
        CREATE TABLE market_price_sheets (
            node {blob} NOT NULL, sequence {integer} NOT NULL, sheet {blob} NOT NULL, received_at {integer} NOT NULL,
            counts_from {integer} NOT NULL, PRIMARY KEY (node, sequence)) {clustered}
        """

    private static let channels = """
        CREATE TABLE market_channels (
            id {blob} NOT NULL PRIMARY KEY, node {blob} NOT NULL, number {integer} NOT NULL, channel {blob} NOT NULL,
            state {integer} NOT NULL, deposit {integer} NOT NULL, funded {integer} NOT NULL,
            claimed {integer} NOT NULL, promised {integer} NOT NULL, voucher {blob}, operation {blob},
            operation_kind {integer} NOT NULL, operation_amount {integer} NOT NULL, closes_at {integer},
            checked_at {integer}, last_error {text}) {clustered}
        """

    private static let channelsByNode = "CREATE UNIQUE INDEX market_channels_by_node ON market_channels (node, number)"

    private static let statements = """
        CREATE TABLE market_statements (
            period {integer} NOT NULL, node {blob} NOT NULL, farmer {blob} NOT NULL, channel {blob},
            amount {integer} NOT NULL, cumulative {integer} NOT NULL, until_at {integer} NOT NULL,
            statement {blob} NOT NULL, voucher {blob}, state {integer} NOT NULL, attempts {integer} NOT NULL,
            next_attempt {integer} NOT NULL, refusal {text}, theirs {blob}, PRIMARY KEY (period, node)) {clustered}
        """

    private static let statementsWaiting =
        "CREATE INDEX market_statements_waiting ON market_statements (node, period) WHERE state IN (0, 2)"
    private static let statementsByNode = "CREATE INDEX market_statements_by_node ON market_statements (node, until_at)"

    /// Hours of settled orders that stand in a statement.
    private static let paidHours = """
        CREATE TABLE market_paid_hours (
            node {blob} NOT NULL, hour {integer} NOT NULL, period {integer} NOT NULL, PRIMARY KEY (node, hour)) {clustered}
        """

    /// What became of a period after its heartbeats.
    private static let payments = """
        CREATE TABLE market_payments (
            period {integer} NOT NULL PRIMARY KEY, state {integer} NOT NULL, quote {blob}, payout_root {blob},
            payout_file {blob}, fund_operation {blob}, fund_amount {integer} NOT NULL, anchor_operation {blob},
            anchor_state {integer} NOT NULL, last_error {text}) {table}
        """

    /// What wallets are owed by roots since the beginning.
    private static let rootAmounts = """
        CREATE TABLE market_root_amounts (wallet {blob} NOT NULL PRIMARY KEY, cumulative {integer} NOT NULL) {clustered}
        """

    /// Rounds of payments to farmers who are paid by roots.
    private static let payoutRuns = """
        CREATE TABLE market_payout_runs (
            number {integer} NOT NULL PRIMARY KEY, started_at {integer} NOT NULL, finished_at {integer},
            carried_count {integer} NOT NULL, carried {integer} NOT NULL) {table}
        """

    private static let payoutBatches = """
        CREATE TABLE market_payout_batches (
            run {integer} NOT NULL, number {integer} NOT NULL, items {blob} NOT NULL, operation {blob} NOT NULL,
            state {integer} NOT NULL, transaction_hash {blob}, last_error {text}, PRIMARY KEY (run, number)) {clustered}
        """

    /// What the ledger says arrived at farmers.
    private static let receipts = """
        CREATE TABLE market_receipts (
            transaction_hash {blob} NOT NULL, event {integer} NOT NULL, block {blob} NOT NULL, height {integer} NOT NULL,
            time_at {integer} NOT NULL, channel {blob}, farmer {blob} NOT NULL, amount {integer} NOT NULL,
            cumulative {integer} NOT NULL, is_final {integer} NOT NULL,
            PRIMARY KEY (transaction_hash, event, block)) {clustered}
        """

    private static let receiptsByFarmer = "CREATE INDEX market_receipts_by_farmer ON market_receipts (farmer, height)"

    private static let receiptCursor =
        "CREATE TABLE market_receipt_cursor (id {integer} NOT NULL PRIMARY KEY, position {integer} NOT NULL) {table}"

    private static let statementsByFarmer =
        "CREATE INDEX market_statements_by_farmer ON market_statements (farmer, until_at)"

    /// How many statements are in each state: years of them are not counted for a page.
    private static let statementCounts =
        "CREATE TABLE market_statement_counts (state {integer} NOT NULL PRIMARY KEY, count {integer} NOT NULL) {table}"

    private static let countStatements =
        "INSERT INTO market_statement_counts (state, count) SELECT state, count(*) FROM market_statements GROUP BY state"

    private static let statementsInTrouble = """
        CREATE INDEX market_statements_in_trouble ON market_statements (period DESC, node)
        WHERE state IN (0, 2) AND refusal IS NOT NULL
        """
}
