package import Identity
package import StorageModel
package import WireMessages

/// Finds the way to a node: over TLS, or in process for tests.
package protocol RPCDialer: Sendable {
    /// Connects to a node and checks that it is the one its URL names.
    ///
    /// - Throws: `RPCError`, `CancellationError`.
    func connect(to node: NodeURL) async throws -> any RPCConnection
}

/// A way to one node. Nothing needs to be closed: connections are taken from and given back to their dialer.
///
/// Calls at the same time use connections of their own, as one carries one call at a time.
package protocol RPCConnection: Sendable {
    /// Who answered when the connection was made.
    var peer: PeerIdentity? { get }

    /// Makes a call and gives the caller its stream while `body` runs. When `body` throws or the task is cancelled, the
    /// peer is told to cancel.
    ///
    /// - Throws: what `body` throws, `RPCError`, `CancellationError`.
    func withStream<Request: WireMessage, Response: WireMessage, Result>(
        _ method: RPCMethod<Request, Response>,
        _ body: (RPCClientStream<Request, Response>) async throws -> Result
    ) async throws -> Result
}

extension RPCConnection {
    /// Makes a call with one request and one response.
    ///
    /// - Throws: an `RPCStatusError` that the peer answered, `RPCError`, `CancellationError`.
    package func call<Request: WireMessage, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>, _ request: Request
    ) async throws -> Response {
        try await withStream(method) { stream in
            try await stream.sendLast(request)
            guard let response = try await stream.receive() else { throw RPCError.noAnswer }
            return response
        }
    }
}
