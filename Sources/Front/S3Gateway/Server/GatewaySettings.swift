/// How a gateway serves.
package struct GatewaySettings: Sendable {
    /// Where it listens.
    package var host = "127.0.0.1"
    /// 0: any that is free.
    package var port = 0
    /// What it says where it is.
    package var region = "us-east-1"
    /// Domains of the gateway: `bucket.domain` is a bucket's own host.
    package var virtualHostDomains: [String] = []
    /// Domains under which buckets are served as websites.
    package var websiteDomains: [String] = []
    /// Where messages about events may go.
    package var webhooks: [Webhook] = []
    /// Origins of consoles, as browsers say them: their pages may register grants and speak S3. Without any, grants are
    /// registered only by who runs the gateway.
    package var consoleOrigins: Set<String> = []
    /// Ids of the satellites whose grants may be registered; none: any.
    package var registrationSatellites: Set<String> = []
    /// Where clients reach the gateway, when that is not where they say they do.
    package var publicURL: String?
    /// How long a day of lifecycle rules is; shorter ones are for trying rules out.
    package var lifecycleDay: Duration = .seconds(86_400)
    /// The pause between two rounds of lifecycle rules.
    package var lifecycleInterval: Duration = .seconds(3600)
    /// PEM files of certificate chain and key; without them it speaks plain HTTP.
    package var certificateFile: String?
    package var keyFile: String?
    /// Requests served at the same time; others are told to slow down.
    package var maximumRequests = 512
    /// Bytes of all headers of a request.
    package var longestHeaders = 32 << 10
    /// Bytes of a document: a policy, a list of keys, a list of parts.
    package var longestDocument = 2 << 20
    /// Without a byte for so long a connection is closed.
    package var idleTimeout: Duration = .seconds(60)
    /// How long an open project is kept without a request.
    package var projectIdleTime: Duration = .seconds(600)
    /// Projects that are open at the same time.
    package var maximumProjects = 256

    package init() {}
}
