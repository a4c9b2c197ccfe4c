extension SettingDefinition {
    /// On which ledger money is kept and what it is worth: what satellites and nodes are told alike.
    ///
    /// - Parameter kinds: the ledgers one can choose from, the default first.
    static func money(kinds: [String], _ summary: String) -> [SettingDefinition] {
        [
            .init("ledger.kind", .text, default: kinds[0], summary + ": \(kinds.joined(separator: ", "))"),
            .init("ledger.url", .text, default: "", "id@host:port of the satellite that keeps the ledger, when it is not our own first one"),
            .init("ledger.endpoints", .text, default: "", "JSON-RPC addresses of the chain, comma separated; several must agree"),
            .init("ledger.chain_id", .number, default: "1", "the chain's number"),
            .init("ledger.token", .text, default: "", "address of the STORJ token on the chain"),
            .init("ledger.channels", .text, default: "", "address of the contract Channels"),
            .init("ledger.payouts", .text, default: "", "address of the contract Payouts"),
            .init("ledger.agreements", .text, default: "", "address of the contract Agreements"),
            .init("ledger.proofs", .text, default: "", "address of the contract that checks BLAKE3 proofs"),
            .init("ledger.start_block", .number, default: "0", "the block in which the contracts were deployed, or earlier"),
            .init("ledger.confirmations", .number, default: "15", "blocks on top of one that is counted on"),
            .init("ledger.scan_interval", .duration, default: "15s", "between two looks at the chain"),
            .init("quotes.sources", .text, default: "", "prices of STORJ: fixed:0.25, file:PATH, http://…#path.in.json, comma separated"),
            .init("quotes.stale_after", .duration, default: "5m", "an older price is none"),
        ]
    }

    /// A satellite's share of the settings about money.
    static let satelliteMoney: [SettingDefinition] =
        money(kinds: ["embedded", "ethereum", "none"], "where money is settled") + [
            .init("ledger.block_time", .duration, default: "10s", "between two blocks of the embedded ledger"),
            .init("ledger.first_mint", .text, default: "0", "STORJ the operator has when the embedded ledger begins"),
            .init("payment.interval", .duration, default: "1m", "between two looks at what farmers are to be paid"),
            .init("payment.notice", .duration, default: "30d", "between a dearer price sheet and the day it counts"),
            .init("payment.time_scale", .number, default: "1", "what a second of storage counts for; above 1 in trials only"),
            .init("payment.storage", .text, default: "1.50", "dollars a TB-month for farmers without a price sheet"),
            .init("payment.traffic", .text, default: "2.00", "dollars a TB of traffic for farmers without a price sheet"),
            .init("payment.price_cap", .text, default: "", "dollars a TB-month above which farmers get no new pieces"),
            .init("payment.channel_threshold", .text, default: "", "STORJ a month from which a farmer has a channel of its own"),
            .init("payment.least_deposit", .text, default: "1", "STORJ a channel is opened with at least"),
            .init("payment.deposit_time", .duration, default: "30d", "the pay of how long a channel is opened with"),
            .init("payment.challenge", .duration, default: "7d", "how long farmers may claim when a channel closes"),
            .init("payment.delivery_retry", .duration, default: "10m", "pause before a statement is sent again"),
            .init("payment.withholding", .text, default: "none", "what is kept back of new nodes' pay: none, or customary (75/50/25 %)"),
            .init("payout.interval", .duration, default: "1m", "between two looks at what has arrived at farmers"),
            .init("payout.run_interval", .duration, default: "30d", "between two payments to farmers without a channel; 0s: by hand"),
            .init("payout.fee_percent", .number, default: "25", "pay waits while its fee would be more of it, percent"),
            .init("payment.margin", .text, default: "20", "the satellite's share of what customers pay, percent"),
            .init("billing.storage", .text, default: "4.00", "dollars customers pay for a TB-month"),
            .init("billing.egress", .text, default: "7.00", "dollars customers pay for a TB downloaded"),
            .init("billing.segments", .text, default: "8.80", "dollars customers pay for a million segments a month"),
            .init("billing.minimum", .text, default: "0.00", "dollars a month with any usage costs at least"),
            .init("billing.settling_time", .duration, default: "3d", "from a month's end to its invoices"),
            .init("billing.interval", .duration, default: "1h", "between two looks for bills to issue and to pay"),
            .init("billing.deposit_key", .text, default: "", "extended public key (xpub…) that deposit addresses come from"),
            .init("billing.deposit_interval", .duration, default: "1m", "between two looks for deposits"),
            .init("billing.confirmations", .number, default: "15", "blocks, its own included, after which a deposit counts"),
            .init("billing.bonus", .number, default: "10", "percent given on top of deposits in STORJ"),
            .init("billing.sanctioned", .text, default: "", "wallets whose deposits are held back, comma separated"),
            .init("billing.warn_after", .duration, default: "7d", "how long a bill may be open before a warning"),
            .init("billing.freeze_after", .duration, default: "30d", "how long a bill may be open before a freeze"),
            .init("billing.stripe_url", .text, default: "", "where cards are charged, https://api.stripe.com; empty takes none"),
            .init("billing.stripe_key", .text, default: "", secret: true, "the secret key for it"),
            .init("billing.partner_share", .number, default: "10", "percent of what customers paid that is their partner's"),
        ]

    /// A node's share of the settings about money.
    static let nodeMoney: [SettingDefinition] =
        money(kinds: ["none", "satellite", "ethereum"], "where the node is paid") + [
            .init("price.storage", .text, default: "1.50", "dollars asked for a TB-month until `storj node price set`"),
            .init("price.traffic", .text, default: "2.00", "dollars asked for a TB of traffic until `storj node price set`"),
            .init("farming.notice", .duration, default: "30d", "how long before a rise of prices holds"),
            .init("farming.pause_after", .number, default: "1", "unpaid periods after which no new pieces are taken"),
            .init("farming.drain_after", .number, default: "3", "unpaid periods after which nothing is served and all is claimed"),
            .init("farming.quote_tolerance", .number, default: "3", "percent a satellite's price of STORJ may be off our own"),
            .init("farming.exposure", .duration, default: "1d", "how long vouchers are trusted without a view of the ledger"),
            .init("farming.claim_factor", .number, default: "4", "a claim brings at least so many times its fee"),
            .init("farming.minimum_claim", .text, default: "0", "STORJ that are claimed at least"),
            .init("farming.registration_interval", .duration, default: "1h", "between two registrations with each satellite"),
            .init("farming.watch_interval", .duration, default: "10m", "between two looks at the ledger"),
            .init("farming.maximum_collateral", .text, default: "0", "STORJ locked for an agreement at most"),
            .init("farming.customers", .flag, default: "false", "serve customers without a satellite"),
        ]
}

extension SettingDefinition {
    /// What a customer without a satellite is told.
    package static let customer: [SettingDefinition] =
        money(kinds: ["remote", "ethereum"], "where the customer's money is") + [
            .init("ledger.url", .text, default: "", "ID@HOST:PORT of who keeps the ledger"),
            .init("log_level", .text, default: "error", "error, warning, info, debug or trace, on standard error"),
        ]
}
