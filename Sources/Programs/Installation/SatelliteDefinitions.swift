extension SettingDefinition {
    /// What a satellite can be told.
    package static let satellite: [SettingDefinition] = [
        .init("address", .text, default: "127.0.0.1:7777", "where to listen for clients and nodes, host:port"),
        .init("external_address", .text, default: "", "the address in grants and trust lists, when it differs"),
        .init("admin.address", .text, default: "127.0.0.1:7780", "where the administration API listens"),
        .init("admin.token", .text, default: "", secret: true, "bearer token of the administration API"),
        .init("redundancy", .text, default: "29/35/80/110", "pieces required/repair/optimal/total"),
        .init("node.online_window", .duration, default: "4h", "a node is online this long after its last check-in"),
        .init("node.minimum_free_disk", .bytes, default: "5GB", "a node with less free space gets no pieces"),
        .init("node.distinct_subnets", .flag, default: "true", "at most one piece of a segment per subnet"),
        .init("node.allow_private_addresses", .flag, default: "false", "accept nodes on private and loopback addresses"),
        .init("node.minimum_difficulty", .number, default: "30", "trailing zero bits of a new node's id"),
        .init("node.check_in_interval", .duration, default: "10m", "the pause after which a node may check in again"),
        .init("node.liveness_interval", .duration, default: "0s", "ping online nodes this often; 0s relies on check-ins"),
        .init("upkeep.loop_interval", .duration, default: "2h", "between two passes over all segments; 0s: only when told"),
        .init("upkeep.loop_parallelism", .number, default: "2", "parts of the database looked at side by side"),
        .init("garbage.interval", .duration, default: "1d", "between two collections of garbage; 0s: only when told"),
        .init("audit.interval", .duration, default: "10m", "between two looks at an empty queue of audits; 0s: only when told"),
        .init("audit.segments_per_node", .number, default: "3", "segments audited of every node for every pass"),
        .init("audit.concurrency", .number, default: "2", "segments audited at the same time"),
        .init("audit.disguised_percent", .number, default: "20", "audits that look like anybody's download, percent"),
        .init("audit.bandwidth", .bytes, default: "0B", "bytes a second that audits download; 0 is unlimited"),
        .init("heartbeats.period", .duration, default: "1d", "from one proof of possession to the next; 0s: only when told"),
        .init("heartbeats.commit_window", .duration, default: "3h", "how long nodes may take to sign what they hold"),
        .init("heartbeats.retry_interval", .duration, default: "10m", "pause before a silent node is asked again"),
        .init("heartbeats.samples", .number, default: "80", "chunks a node must show, 1…4096"),
        .init("heartbeats.evidence_days", .number, default: "90", "days for which evidence is kept"),
        .init("rate_limit", .number, default: "1000", "requests a second, project and kind of request; 0 is unlimited"),
        .init("threads", .number, default: "2", "network threads"),
        .init("log_level", .text, default: "info", "trace, debug, info, notice, warning, error or critical"),
    ]

    /// What a storage node can be told.
    package static let node: [SettingDefinition] = [
        .init("address", .text, default: "0.0.0.0:28967", "where to listen, host:port"),
        .init("external_address", .text, default: "", "the address satellites and clients reach, when it differs"),
        .init("satellites", .text, default: "", "trusted satellites, id@host:port, separated by commas"),
        .init("storage.allocated", .bytes, default: "1TB", "space for pieces, trash included"),
        .init("storage.minimum", .bytes, default: "500GB", "refuse to start with less allocated space"),
        .init("operator.wallet", .text, default: "", "the Ethereum address that is paid"),
        .init("operator.email", .text, default: "", "where satellites write to when something is wrong"),
        .init("check_in_interval", .duration, default: "1h", "time between check-ins"),
        .init("settlement_interval", .duration, default: "1h", "time between settlements of orders"),
        .init("maximum_uploads", .number, default: "0", "uploads at the same time; 0 is unlimited"),
        .init("threads", .number, default: "1", "network threads"),
        .init("log_level", .text, default: "info", "trace, debug, info, notice, warning, error or critical"),
    ]
}
