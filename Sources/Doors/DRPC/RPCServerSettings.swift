/// What a server listens on and the most it lets its peers take.
package struct RPCServerSettings: Sendable {
    /// The interface to listen on.
    package var host = "127.0.0.1"
    /// The port, 0 for any free one.
    package var port = 0
    /// From accepting to the end of the TLS handshake, the eight bytes before it included.
    package var handshakeTimeout: Duration = .seconds(10)
    /// Without a byte in either direction. Clients keep idle connections for 2 minutes and are unhappy when theirs
    /// is closed before that, so this is far above.
    package var idleTimeout: Duration = .seconds(600)
    /// How long calls may still run once a graceful shutdown began.
    package var shutdownGrace: Duration = .seconds(5)
    /// Connections at a time, all peers together; about 150 KB each when they have moved data.
    package var maximumConnections = 3000
    /// Connections at a time from one address. Clients open several to a server, and twins of each; a hundred nodes behind
    /// one router, or of a network for trying, open 600 when they all start.
    package var maximumConnectionsPerHost = 1500
    /// The largest message read, bytes: what every peer of the network keeps to.
    package var maximumMessageSize = 4 << 20
    /// Bytes of one call that wait to be received or sent before the connection is paused, two messages of a piece.
    package var streamBufferSize = 128 << 10
    /// Bytes of unfinished and waiting messages, all connections together; who goes beyond loses its connection.
    package var maximumBufferedBytes = 64 << 20
    /// Whether handlers run on the event loop of their connection, which saves two thread switches a message. A handler
    /// that computes for long or blocks belongs elsewhere.
    package var runsHandlersOnEventLoops = true

    /// The defaults.
    package init() {}
}
