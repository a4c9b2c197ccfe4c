extension SettingDefinition {
    /// On which ledger money is kept and what it is worth: what satellites and nodes are told alike.
    ///
    /// - Parameter kinds: the ledgers one can choose from, the default first.
    static func money(kinds: [String], _ summary: String) -> [SettingDefinition] {
        [
            .init("ledger.kind", .text, default: kinds[0], summary + ": \(kinds.joined(separator: ", "))"),
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
            .init("ledger.block_time", .duration, default: "10s", "between two blocks of the embedded ledger")
        ]

    /// A node's share of the settings about money.
    static let nodeMoney: [SettingDefinition] =
        money(kinds: ["none", "satellite", "ethereum"], "where the node is paid")
}

extension SettingDefinition {
    /// What a customer without a satellite is told.
    package static let customer: [SettingDefinition] =
        money(kinds: ["remote", "ethereum"], "where the customer's money is") + [
            .init("ledger.url", .text, default: "", "ID@HOST:PORT of who keeps the ledger"),
            .init("log_level", .text, default: "error", "error, warning, info, debug or trace, on standard error"),
        ]
}
