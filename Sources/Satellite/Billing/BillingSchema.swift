import Database

/// The tables of customers, documents, deposits, cards and partners. Times are microseconds, months `BillingMonth.number`.
enum BillingSchema {
    static let migrations = [
        Migration(
            "1-billing",
            [
                """
                CREATE TABLE billing_customers (
                    user_id {blob} NOT NULL PRIMARY KEY, deposit_index {integer} UNIQUE, deposit_address {blob} UNIQUE,
                    stripe_customer {text}, payment_method {text}
                ) {clustered}
                """,
                "CREATE TABLE billing_counters (name {text} NOT NULL PRIMARY KEY, value {integer} NOT NULL) {clustered}",
                """
                CREATE TABLE invoices (
                    number {text} NOT NULL PRIMARY KEY, user_id {blob} NOT NULL, month {integer} NOT NULL,
                    corrects {text}, issued_at {integer} NOT NULL, total {integer} NOT NULL, due {integer} NOT NULL,
                    document {blob} NOT NULL, digest {blob} NOT NULL UNIQUE
                ) {clustered}
                """,
                "CREATE UNIQUE INDEX invoices_of_month ON invoices (user_id, month) WHERE corrects IS NULL",
                """
                CREATE TABLE invoice_payments (
                    position {identity}, invoice {text} NOT NULL REFERENCES invoices (number), time {integer} NOT NULL,
                    is_real {integer} NOT NULL, amount {integer} NOT NULL, paid_before {integer} NOT NULL,
                    paid_after {integer} NOT NULL, partner_run {integer}
                ) {table}
                """,
                "CREATE INDEX invoice_payments_by_invoice ON invoice_payments (invoice)",
                """
                CREATE TABLE open_invoices (
                    number {text} NOT NULL PRIMARY KEY REFERENCES invoices (number), user_id {blob} NOT NULL,
                    open {integer} NOT NULL, warned_at {integer}
                ) {clustered}
                """,
                """
                CREATE TABLE coupons (
                    code {text} NOT NULL PRIMARY KEY, amount {integer} NOT NULL, valid_until {integer} NOT NULL,
                    uses_left {integer} NOT NULL
                ) {clustered}
                """,
                """
                CREATE TABLE customer_coupons (
                    user_id {blob} NOT NULL, code {text} NOT NULL REFERENCES coupons (code), remaining {integer} NOT NULL,
                    valid_until {integer} NOT NULL, PRIMARY KEY (user_id, code)
                ) {clustered}
                """,
                """
                CREATE TABLE deposits (
                    id {identity}, chain {integer} NOT NULL, block {blob} NOT NULL, tx {blob} NOT NULL,
                    log_index {integer} NOT NULL, ordinal {integer} NOT NULL, height {integer} NOT NULL,
                    token {blob}, sender {blob} NOT NULL, receiver {blob} NOT NULL, amount {integer} NOT NULL,
                    time {integer} NOT NULL, user_id {blob} NOT NULL, state {text} NOT NULL, generation {integer} NOT NULL,
                    quote {blob}, micro_usd {integer}, credit {integer}, bonus {integer}, note {text} NOT NULL,
                    UNIQUE (chain, block, tx, log_index)
                ) {table}
                """,
                """
                CREATE UNIQUE INDEX deposits_counted_once ON deposits (chain, tx, ordinal)
                WHERE state IN ('credited', 'frozen')
                """,
                """
                CREATE TABLE card_payments (
                    id {text} NOT NULL PRIMARY KEY, user_id {blob} NOT NULL, amount {integer} NOT NULL,
                    state {text} NOT NULL, intent {text}, note {text} NOT NULL, created_at {integer} NOT NULL
                ) {clustered}
                """,
                """
                CREATE TABLE partners (
                    id {text} NOT NULL PRIMARY KEY, name {text} NOT NULL, wallet {blob} NOT NULL,
                    registered_at {integer} NOT NULL
                ) {clustered}
                """,
                """
                CREATE TABLE partner_agents (
                    product {text} NOT NULL PRIMARY KEY, partner {text} NOT NULL REFERENCES partners (id)
                ) {clustered}
                """,
                """
                CREATE TABLE partner_runs (
                    month {integer} NOT NULL PRIMARY KEY, root {blob} NOT NULL, payout_root {blob} NOT NULL,
                    total {integer} NOT NULL, wallets {integer} NOT NULL, state {text} NOT NULL
                ) {clustered}
                """,
                """
                CREATE TABLE partner_statements (
                    partner {text} NOT NULL, month {integer} NOT NULL, wallet {blob} NOT NULL, owed {integer} NOT NULL,
                    paid {integer} NOT NULL, cumulative {integer} NOT NULL, document {blob} NOT NULL,
                    PRIMARY KEY (partner, month)
                ) {clustered}
                """,
            ]),
        Migration(
            "2-pages",
            [
                "CREATE INDEX invoices_by_user ON invoices (user_id, issued_at)",
                "CREATE INDEX deposits_by_user ON deposits (user_id, id)",
                "CREATE INDEX card_payments_by_user ON card_payments (user_id, created_at)",
                "CREATE INDEX open_invoices_by_user ON open_invoices (user_id)",
                // What people recognize their card by.
                "ALTER TABLE billing_customers ADD COLUMN card_label {text}",
            ]),
    ]
}
