import Database

/// What is to be done on a chain, and the transactions made for it: written before anything is sent.
enum TransactionSchema {
    /// The room's name in the record of migrations.
    static let room = "ledger-transactions"

    /// Everything that was ever shipped.
    static let migrations = [
        Migration(
            "1-intents",
            [
                """
                CREATE TABLE chain_intents (
                    position {identity}, id {blob} NOT NULL, chain {integer} NOT NULL, sender {blob} NOT NULL,
                    receiver {blob}, data {blob} NOT NULL, taken {integer} NOT NULL, patient {integer} NOT NULL,
                    channels {blob} NOT NULL, predecessor {blob}, state {integer} NOT NULL, nonce {integer},
                    transaction_hash {blob}, height {integer}, block_hash {blob}, succeeded {integer}, reason {text}
                ) {table}
                """,
                "CREATE UNIQUE INDEX chain_intents_by_id ON chain_intents (chain, id, sender)",
                "CREATE INDEX chain_intents_open ON chain_intents (chain, sender, position) WHERE state < 3",
                """
                CREATE UNIQUE INDEX chain_intents_by_nonce ON chain_intents (chain, sender, nonce)
                WHERE nonce IS NOT NULL
                """,
                """
                CREATE TABLE chain_transactions (
                    hash {blob} NOT NULL PRIMARY KEY, intent {integer} NOT NULL, number {integer} NOT NULL,
                    raw {blob} NOT NULL, fee {integer} NOT NULL, tip {integer} NOT NULL, height {integer} NOT NULL,
                    cancels {integer} NOT NULL, accepted {integer} NOT NULL
                ) {clustered}
                """,
                "CREATE UNIQUE INDEX chain_transactions_by_intent ON chain_transactions (intent, number)",
            ])
    ]
}
