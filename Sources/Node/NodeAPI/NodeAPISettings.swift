/// Where a node takes the questions of its farmer, and who may ask.
package struct NodeAPISettings: Sendable, Hashable {
    /// The address to listen on. Keep it on the machine itself: the API speaks plain HTTP.
    package var host = "127.0.0.1"
    /// The port to listen on.
    package var port = 7790
    /// The bearer token of every request but `GET /health`; empty refuses them all.
    package var token = ""
    /// How long a connection may be silent.
    package var idleTimeout: Duration = .seconds(60)

    /// The defaults.
    package init() {}
}
