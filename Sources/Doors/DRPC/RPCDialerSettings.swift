/// How a dialer connects and what it keeps.
package struct RPCDialerSettings: Sendable {
    /// From the first packet of TCP to the end of the TLS handshake.
    package var dialTimeout: Duration = .seconds(10)
    /// Idle connections kept for one node.
    package var maximumIdlePerNode = 5
    /// Idle connections kept in all.
    package var maximumIdle = 100
    /// How long an idle connection is kept. Servers keep theirs longer, so that none closes under a call.
    package var idleTimeout: Duration = .seconds(120)
    /// The largest message read, bytes.
    package var maximumMessageSize = 4 << 20
    /// Bytes of one call that wait to be sent or received before one side pauses.
    package var streamBufferSize = 128 << 10
    /// Bytes of unfinished and waiting messages, all connections together.
    package var maximumBufferedBytes = 256 << 20

    /// The defaults.
    package init() {}
}
