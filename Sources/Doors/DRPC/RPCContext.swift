package import Identity

/// What a handler may know about a call besides its messages.
package struct RPCContext: Sendable {
    /// Who calls: verified on TLS connections. Uplinks have a fresh identity each run; nil only in process.
    package let peer: PeerIdentity?
    /// The caller's `host:port`.
    package let remoteAddress: String
    /// The caller's IP address.
    package let remoteHost: String
    /// The method, `/package.Service/Method`.
    package let path: String
    /// What the caller's client says about the call; empty with today's clients. Not to be trusted.
    package let metadata: [String: String]

    /// A context, also for tests that call handlers directly.
    package init(
        peer: PeerIdentity?, remoteAddress: String = "127.0.0.1:0", remoteHost: String = "127.0.0.1",
        path: String = "", metadata: [String: String] = [:]
    ) {
        self.peer = peer
        self.remoteAddress = remoteAddress
        self.remoteHost = remoteHost
        self.path = path
        self.metadata = metadata
    }
}
