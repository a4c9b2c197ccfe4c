extension SettingDefinition {
    /// What a gateway can be told.
    package static let gateway: [SettingDefinition] = [
        .init("address", .text, default: "127.0.0.1:7070", "where to listen for S3, host:port"),
        .init("links.address", .text, default: "", "where to serve shared links, host:port; empty: not at all"),
        .init(
            "links.satellites", .text, default: "",
            "ids of the satellites that links may name, separated by commas; empty: any"),
        .init(
            "console_origins", .text, default: "",
            "origins of consoles, separated by commas, whose pages may register grants and speak S3; empty: none"),
        .init(
            "registration.satellites", .text, default: "",
            "ids of the satellites whose grants such pages may register, separated by commas; empty: any"),
        .init("public_url", .text, default: "", "where clients reach the gateway; empty: where they say they do"),
        .init("region", .text, default: "us-east-1", "the region that the gateway says it is in"),
        .init("domains", .text, default: "", "domains, separated by commas, in front of which a bucket's name may stand"),
        .init("website_domains", .text, default: "", "domains under which buckets are served as websites"),
        .init("tls.certificate", .text, default: "", "PEM file with the chain of certificates; empty: plain HTTP"),
        .init("tls.key", .text, default: "", "PEM file with the certificate's key"),
        .init(
            "webhooks", .text, default: "", secret: true,
            "receivers of bucket events, name=URL separated by commas; https://TOKEN@host/ sends the token along"),
        .init("lifecycle.interval", .duration, default: "1h", "between two rounds of lifecycle rules"),
        .init("lifecycle.day", .duration, default: "24h", "how long a day of lifecycle rules is; shorter to try them out"),
        .init("maximum_requests", .number, default: "512", "requests served at the same time; others are told to slow down"),
        .init("longest_headers", .bytes, default: "32KiB", "bytes of all headers of a request"),
        .init("longest_document", .bytes, default: "2MiB", "bytes of a document such as a policy or a list of keys"),
        .init("upload_memory", .bytes, default: "64MiB", "bytes that all uploads of a project hold of encrypted segments"),
        .init("maximum_projects", .number, default: "256", "projects that are open at the same time"),
        .init("project_idle_time", .duration, default: "10m", "how long a project is kept open without a request"),
        .init("idle_timeout", .duration, default: "60s", "a connection on which a client moves nothing for so long is closed"),
        .init("log_level", .text, default: "info", "trace, debug, info, notice, warning, error or critical"),
    ]
}
