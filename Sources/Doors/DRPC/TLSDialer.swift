package import Identity
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
package import StorageModel
internal import Synchronization
internal import WireMessages

/// Dials nodes over TLS, proves our identity, checks theirs, and keeps connections for the next call.
package final class TLSDialer: RPCDialer, Sendable {
    private let context: NIOSSLContext
    private let settings: RPCDialerSettings
    private let eventLoops: RPCEventLoops
    private let pool: ConnectionPool
    private let budget: BufferBudget

    /// A dialer for `identity`.
    ///
    /// - Throws: when the TLS library refuses the identity.
    package init(identity: NodeIdentity, settings: RPCDialerSettings, eventLoops: RPCEventLoops) throws {
        context = try TLSContexts.client(identity)
        self.settings = settings
        self.eventLoops = eventLoops
        pool = ConnectionPool(settings: settings)
        budget = BufferBudget(limit: settings.maximumBufferedBytes)
    }

    /// How many idle connections are kept.
    package var idleConnectionCount: Int { pool.count }

    package func connect(to node: NodeURL) async throws -> any RPCConnection {
        let member = try await take(node)
        return NodeConnection(dialer: self, node: node, member: member)
    }

    /// Closes idle connections and refuses new ones.
    package func close() async {
        await pool.close()
    }

    /// An idle connection, or a new one.
    func take(_ node: NodeURL) async throws -> ConnectionPool.Member {
        if pool.isClosed { throw RPCError.dialerClosed }
        return if let member = pool.take(node.id) { member } else { try await dial(node) }
    }

    /// Gives a connection back.
    func put(_ member: ConnectionPool.Member, for node: NodeURL) {
        pool.put(member, for: node.id)
    }

    private func dial(_ node: NodeURL) async throws -> ConnectionPool.Member {
        guard !node.id.isZero else { throw RPCError.nodeIDMissing }
        guard let (host, port) = node.hostAndPort else { throw RPCError.malformedAddress(node.address) }
        try Task.checkCancellation()
        let eventLoop = eventLoops.group.next()
        let output = ConnectionOutput(eventLoop: eventLoop, limit: settings.streamBufferSize)
        let connection = ClientConnection(
            output: output, budget: budget, streamBufferSize: settings.streamBufferSize)
        let handshake = eventLoop.makePromise(of: Void.self)
        let pending = PendingChannel()
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(settings.dialTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 64 << 10)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try pending.begin(channel)
                    try self.setUp(channel, node, connection, output, handshake)
                }
            }
        let channel: any Channel
        do {
            // A host that drops packets would hold a cancelled task for as long as `dialTimeout`.
            channel = try await withTaskCancellationHandler {
                try await bootstrap.connect(host: host, port: port).get()
            } onCancel: {
                pending.cancel()
            }
        } catch {
            // The promise of a channel that never was must be completed all the same.
            handshake.fail(error)
            try Task.checkCancellation()
            if case ChannelError.connectTimeout = error { throw RPCError.dialTimedOut(address: node.address) }
            throw RPCError.dialFailed(address: node.address, reason: "\(error)")
        }
        try await finishHandshake(handshake, channel, node)
        return ConnectionPool.Member(connection: connection, channel: channel)
    }

    private func setUp(
        _ channel: any Channel, _ node: NodeURL, _ connection: ClientConnection, _ output: ConnectionOutput,
        _ handshake: EventLoopPromise<Void>
    ) throws {
        let peer = PeerVerification()
        var configuration = NIOSSLClientHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = TLSContexts.outputCapacity
        let tls = try NIOSSLClientHandler(
            context: context, serverHostname: nil,
            customVerificationCallback: { certificates, promise in
                peer.verify(certificates, promise) { peer throws(IdentityError) in try peer.verify(is: node.id) }
            }, configuration: configuration)
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(settings.dialTimeout)) {
            handshake.fail(RPCError.dialTimedOut(address: node.address))
            channel.close(promise: nil)
        }
        let handler = ConnectionHandler(
            sink: ClientHandshake(connection: connection, peer: peer, promise: handshake), output: output,
            budget: budget, maximumMessageSize: settings.maximumMessageSize, idleTimeout: nil,
            handshakeDeadline: deadline)
        try channel.pipeline.syncOperations.addHandlers([ClientHeaderHandler(), tls, handler])
    }

    private func finishHandshake(
        _ handshake: EventLoopPromise<Void>, _ channel: any Channel, _ node: NodeURL
    ) async throws {
        try await withTaskCancellationHandler {
            do {
                try await handshake.futureResult.get()
            } catch RPCError.connectionLost {
                try Task.checkCancellation()
                throw RPCError.dialFailed(address: node.address, reason: "closed during the handshake")
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

/// A node as callers of a `TLSDialer` see it.
private final class NodeConnection: RPCConnection {
    let peer: PeerIdentity?
    private let dialer: TLSDialer
    private let node: NodeURL
    /// The connection that was made or found, for the first call.
    private let first: Mutex<ConnectionPool.Member?>

    init(dialer: TLSDialer, node: NodeURL, member: ConnectionPool.Member) {
        self.dialer = dialer
        self.node = node
        peer = member.connection.peer
        first = Mutex(member)
    }

    deinit {
        if let member = first.withLock({ $0 }) { dialer.put(member, for: node) }
    }

    func withStream<Request: WireMessage, Response: WireMessage, Result>(
        _ method: RPCMethod<Request, Response>,
        _ body: (RPCClientStream<Request, Response>) async throws -> Result
    ) async throws -> Result {
        let member =
            if let member = first.withLock({ $0.take() }), member.isAlive { member } else { try await dialer.take(node) }
        defer { dialer.put(member, for: node) }
        return try await member.connection.withStream(method, body)
    }
}
