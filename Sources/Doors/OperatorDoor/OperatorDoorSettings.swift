/// Where a door for operators is, and who may use it.
package struct OperatorDoorSettings: Sendable, Hashable {
    /// The address to listen on. Keep it on the machine itself: the door speaks plain HTTP.
    package var host = "127.0.0.1"
    /// The port to listen on.
    package var port: Int
    /// The bearer token of every request but `GET /health`; empty refuses them all.
    package var token = ""
    /// How long a connection may be silent.
    package var idleTimeout: Duration = .seconds(60)

    /// A port, and the defaults.
    package init(port: Int) { self.port = port }
}
